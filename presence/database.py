"""Opens the database: the owner's connections, and readers on which only a tier's views exist."""

import re
import secrets
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import QueuePool

from knowledge.contracts import TIERS
from knowledge.views import enter_postgresql_tier, open_sqlite_views

BUSY_TIMEOUT_MS = 5_000
_EXPLAINS = re.compile(r"(?:\s|;|--[^\n]*\n|/\*.*?\*/)*explain\b", re.IGNORECASE | re.DOTALL)
PROCESSES = 2**31 - 2
PATIENCE = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
"""How long is waited for a database whose machine is gone; one that only takes its time is waited for."""
READERS_KEPT = 12
"""As many answers as are written at once, and some pages: a new reader's views take longer than what it reads."""
READERS_MAX = 24


class Database:
    """One per process. `owner` sees everything and is for the write lane; `records` reads the house's own tables."""

    def __init__(self, owner: Engine, readers: "dict[int, Engine] | None", name: str) -> None:
        self.owner = owner
        self.process: int | None = owner.get_execution_options().get("process")
        """A number that no other process on this PostgreSQL has; None on SQLite, where there is one."""
        self._readers = readers
        self._name = name
        self._here = threading.local()
        self._kept: dict[Engine, list[Connection]] = {}
        """On SQLite, connections that nobody uses now: to have one made ready takes longer than most reading does."""

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.owner.dialect.name

    @contextmanager
    def at_one_moment(self, tier: int) -> Iterator[None]:
        """Let each `reader` of this tier that this thread opens inside see the same snapshot; write nothing there."""
        with self._opened(tier) as reader:
            before, self._here.reader = getattr(self._here, "reader", None), (tier, reader)
            try:
                yield
            finally:
                self._here.reader = before

    @contextmanager
    def reader(self, tier: int) -> Iterator[Connection]:
        """Open one snapshot of what a tier may read; nothing else can be reached from it."""
        of_tier, shared = getattr(self._here, "reader", None) or (None, None)
        if shared is not None and of_tier == tier:
            yield shared
            return
        with self._opened(tier) as reader:
            yield reader

    @contextmanager
    def _opened(self, tier: int) -> Iterator[Connection]:
        if self._readers is not None:
            with self._lent(self._readers[tier]) as connection, connection.begin():
                yield connection
            return
        with self.owner.connect() as connection, connection.begin() as transaction:
            enter_postgresql_tier(connection, self._name, tier)
            yield connection
            transaction.rollback()

    @contextmanager
    def records(self) -> Iterator[Connection]:
        """Read the house's own tables: questions, events, sessions."""
        with self._lent(self.owner) as connection:
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """Read the house's own tables as they are at the first statement, whatever is written meanwhile."""
        with self._lent(self.owner) as connection:
            if self._readers is None:
                connection.execution_options(isolation_level="REPEATABLE READ")
                with connection.begin():
                    yield connection
                return
            # Begun here: plain statements on the driver's own connection would begin nothing on SQLite.
            driver = _driver_of(connection)
            driver.execute("BEGIN")
            try:
                yield connection
            finally:
                if not connection.in_transaction():  # what SQLAlchemy began within it, it also ends
                    driver.execute("ROLLBACK")

    @contextmanager
    def _lent(self, engine: Engine) -> Iterator[Connection]:
        """Lend a connection of SQLite that was used before, if there is one; it comes back without a transaction."""
        if self._readers is None:
            with engine.connect() as connection:
                yield connection
            return
        kept = self._kept.setdefault(engine, [])
        try:
            connection = kept.pop()  # what was read last is still in its cache
        except IndexError:
            connection = engine.connect()
        try:
            yield connection
            if connection.in_transaction():
                connection.rollback()
        except BaseException:
            connection.close()
            raise
        if len(kept) < READERS_KEPT:
            kept.append(connection)
        else:
            connection.close()

    def close(self) -> None:
        """Close every connection."""
        for connection in (connection for kept in self._kept.values() for connection in kept):
            connection.close()
        self._kept.clear()
        self.owner.dispose()
        for engine in (self._readers or {}).values():
            engine.dispose()


def open_database(url: str | None, file: Path) -> Database:
    """Open PostgreSQL by URL, or else the SQLite file."""
    if url is not None:
        address = make_url(url)
        if address.get_backend_name() == "postgresql":
            return _postgresql(address.set(drivername="postgresql+psycopg"))
        file = Path(address.database or "")
    return _sqlite(file)


def _postgresql(address: URL) -> Database:
    engine = create_engine(
        address,
        pool_size=READERS_KEPT,
        max_overflow=READERS_MAX,
        pool_use_lifo=True,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args=PATIENCE,
        execution_options={"process": 1 + secrets.randbelow(PROCESSES)},
    )
    return Database(engine, None, address.database or "")


def _sqlite(file: Path) -> Database:
    owner = _sqlite_engine(lambda: _connect(f"file:{file}?mode=rwc"))
    event.listen(owner, "connect", _prepare_owner)
    event.listen(owner, "begin", _begin_owner)
    readers = {tier: _sqlite_engine(lambda: _connect(f"file:{file}?mode=ro")) for tier in TIERS}
    for tier, engine in readers.items():
        event.listen(engine, "connect", _limited_to(tier))
        event.listen(engine, "begin", _begin)
        event.listen(engine, "before_cursor_execute", _no_plans)
    return Database(owner, readers, file.name)


def _sqlite_engine(creator: Callable[[], sqlite3.Connection]) -> Engine:
    return create_engine(
        "sqlite://",
        creator=creator,
        poolclass=QueuePool,
        pool_size=READERS_KEPT,
        max_overflow=-1,  # as many as there are threads: what comes back is lent on before a pool that waits sees it
        pool_use_lifo=True,  # what was read last is still in its cache
        hide_parameters=True,  # an error would repeat them, and they hold what was asked
    )


def _connect(uri: str) -> sqlite3.Connection:
    # Transactions are begun by SQLAlchemy's events, not guessed by the driver.
    return sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)


def _prepare_owner(connection: sqlite3.Connection, _record: object) -> None:
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "recursive_triggers = ON",  # so that a REPLACE, too, asks the triggers that refuse to delete
        # A command's savepoint keeps the pages that it changes; past 64 KiB they would go through a file.
        "temp_store = MEMORY",
        "cache_size = -16000",  # KiB: the leaves of every index that money adds to
        f"busy_timeout = {BUSY_TIMEOUT_MS}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _limited_to(tier: int) -> Callable[[sqlite3.Connection, object], None]:
    def limit(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        open_sqlite_views(connection, tier)

    return limit


def _begin_owner(connection: Connection) -> None:
    # Readers of the house's own tables pass here too; only the lane writes, and it asks for the lock at once.
    if connection.get_execution_options().get("writes"):
        _driver_of(connection).execute("BEGIN IMMEDIATE")
    else:
        _begin(connection)


def _begin(connection: Connection) -> None:
    driver = _driver_of(connection)
    if not driver.in_transaction:  # within a snapshot it was begun already
        driver.execute("BEGIN")


def _driver_of(connection: Connection) -> Any:
    """Give what runs a statement without SQLAlchemy's preparations, which take longer than to begin does."""
    return connection.connection.driver_connection


def _no_plans(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
    """A query plan would name the doors behind the views, and whoever knows a door can pass it."""
    if _EXPLAINS.match(statement):
        raise DatabaseError(statement, None, sqlite3.DatabaseError("not authorized"))
