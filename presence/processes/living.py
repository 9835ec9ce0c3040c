"""Who lives: each process on one PostgreSQL holds a lock of its own as long as it is there, and one of them leads.

The locks belong to a connection that does nothing else. The database lets them go with it, whether its process
closed, crashed, or lost its power or its line; so nobody has to guess from a clock who is alive. What the leader does
alone is safe by itself, too (claims, and locks of its own commands): a leader that has lost its line and does not know
it yet, for seconds, does nothing twice.
"""

import threading
import time
from collections.abc import Callable
from typing import Any

import psycopg
import structlog

from presence.database import PATIENCE, Database
from presence.errors import DatabaseAway, OtherKeys
from presence.processes.turns import SERVING, Turn

LIVES, LEADS, KEYS = 71846211, 71846212, 71846213
"""Classes of advisory locks, each with a number: of the process, 0, and of the node's secret."""
LOOK_SECONDS = 1.0
SILENT_SECONDS = 8
"""How long a machine may be silent before its line is taken for dead; the database does so a little earlier."""
CONNECT_SECONDS = PATIENCE["connect_timeout"]
"""How long a line may take to come; one that takes longer brings nothing else of this process, either."""
BACK_SECONDS = LOOK_SECONDS + SILENT_SECONDS + 2 * (LOOK_SECONDS + CONNECT_SECONDS)
"""How long a process that lives may be missed: until it finds its line dead, and comes back with its second try."""
COUNTED_SECONDS_MAX = 5.0
"""How much of being missed one look may count: whoever stood still, or was cut off herself, saw nothing meanwhile."""
CHANNEL = "presence_stop"
_ASIDE = {
    "connect_timeout": CONNECT_SECONDS,
    "keepalives_idle": 3,
    "keepalives_interval": 2,
    "keepalives_count": 2,
    "tcp_user_timeout": SILENT_SECONDS * 1000,
}
_SERVERS = {"tcp_keepalives_idle": 3, "tcp_keepalives_interval": 2, "tcp_keepalives_count": 2}
_HELD = """SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND granted
 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"""
log = structlog.get_logger()


class Living:
    """One per process. Thread-safe. On SQLite it lives alone and leads."""

    def __init__(self, database: Database, now: Callable[[], float] = time.monotonic) -> None:
        self._database, self._now = database, now
        self.is_alone = database.process is None
        self.stop: Callable[[str], object] = lambda _ident: None
        """Called with each answer that somebody wants no more of, as another process was told."""
        self._line: psycopg.Connection[Any] | None = None
        self._leads = self._may_lead = False
        self._keys: int | None = None
        self._keys_held = threading.Event()
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None
        self._missed: dict[int, float] = {}
        self._missed_at = 0.0
        self._missed_on: psycopg.Connection[Any] | None = None

    def open(self) -> None:
        """Be there from now on."""
        if not self.is_alone:
            self._look()
            self._thread = threading.Thread(target=self._work, name="living", daemon=True)
            self._thread.start()

    def serve(self, keys: Callable[[], int]) -> None:
        """Take part in leading from now on. Raises `OtherKeys` where who serves has another node's secret.

        `keys` gives a number made from the node's secret. Of several that begin at once, one looks and is seen
        before the next one looks.
        """
        if self.is_alone:
            return
        mine = keys()
        with Turn(self._database, SERVING):
            if self._held(KEYS) - {mine}:
                raise OtherKeys
            self._keys = mine
            if not self._keys_held.wait(BACK_SECONDS):
                raise DatabaseAway
        self._may_lead = True

    @property
    def leads(self) -> bool:
        """Whether this process does what one does alone; one that does not serve does what it was called for."""
        return not self._may_lead or self._leads

    def others(self) -> bool:
        """Whether there are other processes now."""
        return bool(self._here() - {self._database.process})

    def gone(self, processes: set[int], *, after_seconds: float) -> set[int]:
        """Give which of these processes are not there, and were not for so long, as far as it was seen here.

        What was not seen does not count: neither the time between two looks that are far apart, nor anything before
        the line of this process was lost, for then the others' may have been, too.
        """
        line = self._line
        if line is None:
            return set()
        missing, now = processes - self._here(), self._now()
        if line is not self._missed_on:
            self._missed, self._missed_on = {}, line
        seen, self._missed_at = min(now - self._missed_at, COUNTED_SECONDS_MAX), now
        self._missed = {one: self._missed[one] + seen if one in self._missed else 0.0 for one in missing}
        return {one for one in missing if self._missed[one] >= after_seconds}

    def tell_stop(self, ident: str) -> None:
        """Tell the other processes that somebody wants no more of an answer."""
        if not self.is_alone:
            with self._database.owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("SELECT pg_notify(%s, %s)", (CHANNEL, ident))

    def close(self) -> None:
        """Be there no more."""
        self._closed.set()
        if self._thread is not None:
            self._thread.join()
        self._lost()

    def _stop(self, ident: str) -> None:
        try:
            self.stop(ident)
        except Exception:
            log.exception("answer not stopped", question=ident)

    def _here(self) -> set[int]:
        return set() if self.is_alone else self._held(LIVES)

    def _held(self, what: int) -> set[int]:
        with self._database.owner.connect() as connection:
            return {int(row[0]) for row in connection.exec_driver_sql(_HELD, (what,))}

    def _work(self) -> None:
        while not self._closed.is_set():
            try:
                self._look()
                if self._line is not None:
                    for told in self._line.notifies(timeout=LOOK_SECONDS):
                        self._stop(told.payload)
            except Exception as error:  # noqa: BLE001  # it must go on when the database comes back
                if not self._closed.is_set():
                    log.warning("line_lost", why=type(error).__name__)
                self._lost()
                self._closed.wait(LOOK_SECONDS)

    def _look(self) -> None:
        """Hold what this process has to hold."""
        if self._line is None:
            self._line = self._connected()
        elif not self._leads:
            self._line.execute("SELECT 1")  # a line that is dead is not told otherwise
        if self._keys is not None and not self._keys_held.is_set():
            self._line.execute("SELECT pg_advisory_lock_shared(%s, %s)", (KEYS, self._keys))
            self._keys_held.set()
            held = {int(row[0]) for row in self._line.execute(_HELD, (KEYS,))}
            if held - {self._keys}:  # somebody came while nobody was there, as in a restart of the database
                log.error("other_keys", do=str(OtherKeys()))
        if self._may_lead:
            self._leads = self._leads_on(self._line)

    def _leads_on(self, line: "psycopg.Connection[Any]") -> bool:
        if self._leads:
            line.execute("SELECT 1")
            return True
        row = line.execute("SELECT pg_try_advisory_lock(%s, 0)", (LEADS,)).fetchone()
        if row is not None and row[0]:
            log.info("leads", process=self._database.process)
        return bool(row and row[0])

    def _connected(self) -> "psycopg.Connection[Any]":
        engine = self._database.owner
        places, named = engine.dialect.create_connect_args(engine.url)
        line = psycopg.connect(*places, **{"application_name": "presence", **named, **_ASIDE}, autocommit=True)
        try:  # first of all what tells the others that this process is there: each statement may take its time
            row = line.execute("SELECT pg_try_advisory_lock(%s, %s)", (LIVES, self._database.process)).fetchone()
            if row is None or not row[0]:  # the database has not noticed yet that the line before it is dead
                raise psycopg.OperationalError("the earlier line still holds the place")
            for name, value in _SERVERS.items():
                line.execute("SELECT set_config(%s, %s, false)", (name, str(value)))
            line.execute(f"LISTEN {CHANNEL}".encode())
        except BaseException:
            line.close()
            raise
        return line

    def _lost(self) -> None:
        self._leads = False
        self._keys_held.clear()
        line, self._line = self._line, None
        if line is not None:
            line.close()
