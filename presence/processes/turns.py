"""Locks that all processes on one database share, used as `threading.Lock` is."""

import threading
import time
from types import TracebackType

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from presence.database import Database

TURNS = 71846214
IMPORTING, INDEXING, MOVING, SERVING = 1, 2, 3, 4
LOOK_SECONDS = 0.2


class Turn:
    """One thing that is done by one thread of one process at a time. On SQLite it is a lock of this process.

    On PostgreSQL it is a lock of a connection, so that the database gives the turn on when its process is gone.
    """

    def __init__(self, database: Database, number: int) -> None:
        self._database, self._number = database, number
        self._here = threading.Lock()
        self._line: Connection | None = None

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:  # noqa: FBT001, FBT002  # as a lock's is
        """Wait for the turn as a lock does; whether it came."""
        until = time.monotonic() + timeout if timeout >= 0 else None
        if not self._here.acquire(blocking, timeout):
            return False
        try:
            taken = self._database.process is None or self._taken(blocking=blocking, until=until)
        except BaseException:
            self._here.release()
            raise
        if not taken:
            self._here.release()
        return taken

    def release(self) -> None:
        """Give the turn on."""
        line, self._line = self._line, None
        try:
            if line is not None:
                _let_go(line, self._number)
        finally:
            self._here.release()

    def locked(self) -> bool:
        """Whether somebody of this process has the turn."""
        return self._here.locked()

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def _taken(self, *, blocking: bool, until: float | None) -> bool:
        line = self._database.owner.connect().execution_options(isolation_level="AUTOCOMMIT")
        try:
            while not line.exec_driver_sql("SELECT pg_try_advisory_lock(%s, %s)", (TURNS, self._number)).scalar_one():
                if not blocking or (until is not None and time.monotonic() >= until):
                    line.close()
                    return False
                time.sleep(LOOK_SECONDS)
        except BaseException:
            line.invalidate()
            line.close()
            raise
        self._line = line
        return True


def _let_go(line: Connection, number: int) -> None:
    try:
        line.exec_driver_sql("SELECT pg_advisory_unlock(%s, %s)", (TURNS, number))
    except SQLAlchemyError:
        line.invalidate()  # with the line, the lock went
    finally:
        line.close()
