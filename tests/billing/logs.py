"""A public log of receipts over a till, in a folder."""

from pathlib import Path

from billing.publishing import PublicLog
from presence.paying.signatures import is_signed_by_key
from tests.billing.conftest import Till
from trustgraph.did import key_of

ORIGIN = "presence.example/receipts"


def public_log(till: Till, folder: Path, origin: str = ORIGIN) -> PublicLog:
    public_key = key_of(till.key.did)
    return PublicLog(
        folder, till.database.snapshot, till.lane, till.key, public_key, is_signed_by_key, lambda: origin, till.clock
    )


def files_of(folder: Path) -> dict[str, bytes]:
    """Give every file under a folder, by its path."""
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
