"""Whether a database is sound: its own pages, the books, and the log of trust, each read whole."""

from sqlalchemy import Connection, text

from billing.audit import audit
from billing.contracts import Snapshots
from presence.paying.signatures import is_signed_by
from trustgraph.entries import FIRST_PREV
from trustgraph.errors import LogInDoubt
from trustgraph.known import extend
from trustgraph.spine import Spine
from trustgraph.sql_store import SqlStore

FAULTS_MAX = 5


def faults(connection: Connection, dialect: str) -> tuple[str, ...]:
    """Say what is damaged in the database itself."""
    if dialect != "sqlite":
        return ()  # a server reads its pages with their checksums
    found = [str(row[0]) for row in connection.execute(text(f"PRAGMA integrity_check({FAULTS_MAX})"))]
    torn = connection.execute(text("PRAGMA foreign_key_check")).all()
    said = [fault for fault in found if fault != "ok"] + [f"torn off: {row[0]}" for row in torn[:FAULTS_MAX]]
    return tuple(f"The database is damaged: {one}." for one in said)


def wrong_in(snapshots: Snapshots) -> tuple[str, ...]:
    """Say what does not hold of the money and of the log of trust."""
    return (*audit(snapshots, is_signed_by).wrong[:FAULTS_MAX], *_trust(snapshots))


def _trust(snapshots: Snapshots) -> tuple[str, ...]:
    with snapshots() as connection:
        store, spine = SqlStore(connection), Spine()
        try:
            extend(spine, store)
        except LogInDoubt:
            return ("The log of trust does not hold together.",)
        if (spine.seq, spine.head) != (store.head() or (0, FIRST_PREV)):
            return ("The log of trust has another end than it says.",)
    return ()
