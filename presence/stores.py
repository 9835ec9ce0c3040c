"""What it means when a store fails under a request: it is away, somebody else has it, or the disk is full.

Each of these passes by itself, costs nobody anything, and is said in a sentence; only PostgreSQL's word that a text
holds NUL, which SQLite keeps, is about what was sent. Whatever else fails is a bug.
"""

import errno
import sqlite3

import psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from presence.errors import Busy, DatabaseAway, DiskRefuses, NotText, PresenceError

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)
ELSEWHERE = "Another program keeps the database for itself."
FAILURES = (DBAPIError, NoConnectionFree, sqlite3.Error, psycopg.Error, OSError)
"""What stores raise; `refusal_of` says which of it passes."""
_SQLITE: dict[int, type[PresenceError]] = {
    sqlite3.SQLITE_FULL: DiskRefuses,
    sqlite3.SQLITE_IOERR: DiskRefuses,
    sqlite3.SQLITE_READONLY: DiskRefuses,
    sqlite3.SQLITE_CANTOPEN: DatabaseAway,
}
# By the beginning of their codes: the line, those who stop or start, disk, connections; what stands in the way of what.
_POSTGRESQL: dict[str, type[PresenceError]] = {
    "53100": DiskRefuses,
    "58030": DiskRefuses,
    "08": DatabaseAway,
    "25006": DatabaseAway,
    "53": DatabaseAway,
    "57P": DatabaseAway,
    "40": Busy,
    "55P03": Busy,
}


def refusal_of(error: BaseException) -> PresenceError | None:
    """Give what is told of a failure that passes by itself; None for any other."""
    cause = getattr(error, "orig", None) or error
    if isinstance(error, NoConnectionFree):
        return Busy()
    if isinstance(cause, OSError):
        return DiskRefuses() if cause.errno in FULL else None
    if isinstance(cause, sqlite3.Error):
        return _of_sqlite(cause)
    return _of_postgresql(cause) if isinstance(cause, psycopg.Error) else None


def _of_sqlite(error: sqlite3.Error) -> PresenceError | None:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # above it stands in which way
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return Busy(ELSEWHERE)
    return _SQLITE[code]() if code in _SQLITE else None


def _of_postgresql(error: psycopg.Error) -> PresenceError | None:
    if isinstance(error, psycopg.DataError) and "NUL" in str(error):  # said by the driver, without a code
        return NotText()
    if error.sqlstate is None:  # it never came to an answer
        return DatabaseAway() if isinstance(error, (psycopg.OperationalError, psycopg.InterfaceError)) else None
    found = next((kind for begins, kind in _POSTGRESQL.items() if error.sqlstate.startswith(begins)), None)
    return found() if found is not None else None
