"""Backups while people ask and pay, and the artist lets people in and takes it back: each is whole, of one moment."""

import itertools
import json
import re
import threading
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.test_backup import SEALED, Crowd, furnish, hers, rows
from tests.journeys.test_paid_questions import PHRASE, ROOMY, nothing_is_wrong, signed_in
from tests.presence.processes.waiting import until
from tests.presence.web.paying import ANN, CENT
from tests.processes import Serving, command, serving, told
from tests.stores import database_of, place_of
from tests.trusting import key

pytestmark = pytest.mark.slow

BACKUPS = 2
MORE = {**ROOMY, "PRESENCE_BILLING__PUBLISH_SECONDS": "0.2"}
STAYS = (
    "ledger_transactions",
    "ledger_entries",
    "ledger_chain",
    "price_lists",
    "receipts",
    "receipt_leaves",
    "checkpoints",
    "citations",
    "trust_log",
)
LOOKED_AT = 12
"""How many answers are opened with their pages; of all of them, the rows are compared."""
OF_NOW = {"me", "wallet", "log"}
GIVEN = 9_000 * CENT
"""What Ann was given."""


class Artist:
    """Lets one after the other in, and takes every third back, by her own command."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.inside: list[frozenset[str]] = [frozenset({ANN.did})]
        """Who was in after each deed, one after the other."""
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._let_in)

    def __enter__(self) -> "Artist":
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._thread.join()

    def _let_in(self) -> None:
        for number in itertools.count(1):
            if self._over.is_set():
                return
            who = key(f"friend {number}").did
            (granted,) = self._done("grant", who, "--tier", "follower", "--json")
            self.inside.append(self.inside[-1] | {who})
            if number % 3 == 0:
                self._done("revoke", granted["id"])
                self.inside.append(self.inside[-1] - {who})

    def _done(self, *arguments: str) -> list[dict[str, Any]]:
        done = command(self.home, "tier", *arguments, **PHRASE)
        assert done.returncode == 0, done.stderr
        return told(done)


def listed(home: Path) -> frozenset[str]:
    """Who is in, as the artist is told."""
    people = told(command(home, "tier", "list", "--json"))
    return frozenset(one["did"] for one in people if one["tier"] != "public")


def torn(home: Path) -> list[tuple[Any, ...]]:
    """Find what lacks something that it rests on: receipts, citations and links without their answer or its ledger."""
    lacking = (
        "SELECT question_id FROM citations WHERE question_id NOT IN (SELECT id FROM questions)",
        "SELECT id FROM questions WHERE outcome = 'answered' AND id NOT IN (SELECT question_id FROM citations)",
        "SELECT document_id FROM citations WHERE document_id NOT IN (SELECT id FROM documents)",
        "SELECT source_id FROM citations WHERE kind = 'passage' AND source_id NOT IN (SELECT id FROM passages)",
        "SELECT receipt FROM receipt_leaves WHERE receipt NOT IN (SELECT seq FROM receipts)",
        "SELECT transaction_id FROM ledger_entries GROUP BY transaction_id HAVING sum(micros) <> 0",
        "SELECT id FROM ledger_transactions WHERE id NOT IN (SELECT transaction_id FROM ledger_entries)",
    )
    database = database_of(home)
    with database.records() as records:
        found = [tuple(row) for query in lacking for row in records.exec_driver_sql(query)]
    database.close()
    return found


def ids(home: Path, query: str) -> set[str]:
    """Give the first column of what a database knows."""
    database = database_of(home)
    with database.records() as records:
        found = set(records.exec_driver_sql(query).scalars())
    database.close()
    return found


def as_ever(said: str) -> Any:
    """Leave out what the public log says of a receipt, and what is in the wallet: both are as they are now."""
    said = re.sub(r"\$[\d.]+ in my wallet", "in my wallet", said)
    return json.loads(said, object_hook=lambda told: {name: value for name, value in told.items() if name != "log"})


def nothing_is_set_aside(server: Serving) -> bool:
    """Whether no answer holds any of Ann's money."""
    with closing(signed_in(server, ANN)) as client:
        return bool(client.get("/api/wallet").json()["set_aside_micros"] == 0)


def refused(file: Path, folder: Path) -> None:
    """Change one bit here and there, and cut it: nothing is put back."""
    whole = file.read_bytes()
    for number, place in enumerate((0, 50, len(whole) // 3, len(whole) // 2, len(whole) - 1, None)):
        changed = bytearray(whole)
        if place is None:
            del changed[-1000:]
        else:
            changed[place] ^= 1
        tampered = folder / f"tampered-{number}.backup"
        tampered.write_bytes(changed)
        done = command(folder / f"never-{number}", "restore", str(tampered), **SEALED)
        assert (done.returncode, "Traceback" in done.stderr) == (1, False), done.stderr
        assert not (folder / f"never-{number}").exists()


def test_each_moment_comes_back_whole(tmp_path: Path) -> None:
    home = tmp_path / "old" / "home"
    assert command(home, "init", "--name", "Ada Marsh", **PHRASE).returncode == 0
    backups: list[tuple[Path, set[str], slice]] = []
    with serving(home, **MORE) as old:
        furnish(home, tmp_path)
        with Crowd(old) as crowd, Artist(home) as artist:
            for number in range(BACKUPS):
                crowd.wait_for(len(crowd.asked) + 4)
                file, asked, deeds = tmp_path / f"{number}.backup", set(crowd.asked), len(artist.inside)
                done = command(home, "backup", str(file), **SEALED)
                assert done.returncode == 0, done.stderr
                # One more may have been done than was told: its command had not returned.
                backups.append((file, asked, slice(deeds - 1, len(artist.inside) + 1)))
            crowd.wait_for(len(crowd.asked) + 2)
        looked_at = crowd.asked[:: max(1, len(crowd.asked) // LOOKED_AT)]
        before = hers(old, looked_at)
        for number, (file, asked, deeds_then) in enumerate(backups):
            new = tmp_path / f"new-{number}" / "home"
            done = command(new, "restore", str(file), **SEALED)
            assert done.returncode == 0, done.stderr
            for table in STAYS:
                assert rows(new, table) <= rows(home, table), table
            assert torn(new) == []
            assert nothing_is_wrong(place_of(new))
            assert asked <= ids(new, "SELECT id FROM questions WHERE outcome = 'answered'")
            paid = len(ids(new, f"SELECT id FROM receipts WHERE owner = '{ANN.did}'"))
            with serving(new, **MORE) as there:
                assert command(new, "keys", "sign-head", **PHRASE).returncode == 0
                assert listed(new) in artist.inside[deeds_then]
                # What was being answered then ends free: at once in a home, and on servers when its writer is missed.
                until(partial(nothing_is_set_aside, there))
                after = hers(there, looked_at)
                known = {name: json.loads(said) for name, said in after.items() if name in looked_at}
                broken_off = {name for name, answer in known.items() if answer["outcome"] != "answered"}
                assert [name for name in broken_off if name in asked or known[name]["receipt"]] == []
                same = {name for name in after if not any(one in name for one in (*broken_off, *OF_NOW))}
                assert {name for name in same if as_ever(after[name]) != as_ever(before[name])} == set()
                with closing(signed_in(there, ANN)) as client:
                    assert client.get("/api/wallet").json()["available_micros"] == GIVEN - paid * 2 * CENT
    refused(backups[-1][0], tmp_path)
