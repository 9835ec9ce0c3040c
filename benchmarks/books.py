"""The books of a node that is closed: what is wrong in them, what is open, and what was charged."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import text

from presence.database import open_database
from presence.home import Home
from tests.processes import command, told

TRUSTED = ("ledger", "receipts", "trust", "database", "indexes")
"""What the doctor may find nothing wrong with."""
_OPEN_HOLDS = text("SELECT count(*) FROM holds WHERE state = 'pending'")
_UNSETTLED = text("SELECT count(*) FROM questions WHERE outcome IS NULL")
_CHARGED = text("SELECT count(*), coalesce(sum(captured), 0) FROM holds WHERE captured > 0")
_RECEIPTS = text("SELECT body FROM receipts")


def books_of(home: Path, settings: Mapping[str, str]) -> dict[str, Any]:
    """Look at them as an operator would, and count."""
    verified = command(home, "ledger", "verify", "--json", **settings)
    looked = told(command(home, "doctor", "--json", **settings))
    wrong = [one["sentence"] for one in looked if one["event"] == "finding" and one["check"] in TRUSTED]
    database = open_database(settings.get("PRESENCE_DATABASE_URL"), Home(home).database)
    try:
        with database.records() as records:
            open_holds = records.execute(_OPEN_HOLDS).scalar_one()
            unsettled = records.execute(_UNSETTLED).scalar_one()
            charged, micros = records.execute(_CHARGED).one()
            receipts = [json.loads(body)["micros"] for body in records.execute(_RECEIPTS).scalars()]
    finally:
        database.close()
    return {
        "ledger_verify": verified.returncode,
        "doctor_finds": wrong,
        "open_holds": open_holds,
        "unsettled_answers": unsettled,
        "charged": charged,
        "charged_micros": int(micros),
        "receipts": len(receipts),
        "receipts_micros": sum(receipts),
    }
