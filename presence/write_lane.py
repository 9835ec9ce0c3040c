"""The one writer of the database: commands from everywhere, committed in groups by one thread.

A caller waits for its command's result, which comes only after the commit. Within a group each
command has its own savepoint: one that fails undoes itself and nothing else. One that another process
stood in the way of, while this one stood in its, is run again.

Where as many commands wait as may, whoever comes from outside is refused at the first thing that she wants
written, with `Busy`. What was begun is carried to its end: a request's later commands, and those of the house
itself (answers, holds, bookkeeping), are never refused; how many there can be is bounded by its threads.
"""

import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeVar

import psycopg
from sqlalchemy import Connection, Engine

from presence.errors import Busy

T = TypeVar("T")

GROUP_MAX = 64
WAITING_MAX = 32
"""How many commands may be under way before requests are refused. Requests are worked on by forty threads, so that
some are left for whoever only reads."""
TRIES_MAX = 20
"""How often a command is run that ran into a deadlock: with another process, over rows in another order."""


@dataclass(slots=True)
class _Visit:
    """A request from outside; once one of its commands was taken in, all of them are."""

    is_let_in: bool = False


_visit: ContextVar[_Visit | None] = ContextVar("visit", default=None)


@contextmanager
def visiting() -> Iterator[None]:
    """Say that what is wanted inside comes from outside, and may be refused."""
    before = _visit.set(_Visit())
    try:
        yield
    finally:
        _visit.reset(before)


@dataclass(slots=True)
class _Entry:
    command: Callable[[Connection], Any]
    future: "Future[Any]"
    tries: int = 0


class WriteLane:
    """Thread-safe. Close it before the database."""

    def __init__(self, engine: Engine, *, waiting_max: int = WAITING_MAX) -> None:
        self._engine = engine
        self._waiting_max = waiting_max
        self._under_way = 0
        self._counting = threading.Lock()
        self._entries: queue.SimpleQueue[_Entry | None] = queue.SimpleQueue()
        self._again: list[_Entry] = []
        self.committed: Callable[[int, float], object] = lambda _commands, _seconds: None
        """Called after each group that was committed, with how many commands it held and how long it took."""
        self._thread = threading.Thread(target=self._work, name="write-lane", daemon=True)
        self._thread.start()

    @property
    def under_way(self) -> int:
        """How many commands were taken in and are not committed yet."""
        return self._under_way

    def submit(self, command: Callable[[Connection], T], *, ends: bool = False) -> "Future[T]":
        """Queue a command; the future is done once it is committed. Raises `Busy`, unless it `ends` something."""
        visit = _visit.get()
        if not ends and visit is not None and not visit.is_let_in:
            if self._under_way >= self._waiting_max:
                raise Busy
            visit.is_let_in = True
        return self._queued(command)

    def run(self, command: Callable[[Connection], T], *, ends: bool = False) -> T:
        """Queue a command and wait for its commit. Raises `Busy`, unless it `ends` something."""
        if threading.current_thread() is self._thread:
            raise RuntimeError("a command on the write lane cannot wait for another one")
        return self.submit(command, ends=ends).result()

    def offer(self, command: Callable[[Connection], object]) -> bool:
        """Queue a command that nobody waits for and that may be lost; False where there is no room for it."""
        if self._under_way >= self._waiting_max:
            return False
        self._queued(command)
        return True

    @property
    def depth(self) -> int:
        """How many commands wait, about."""
        return self._entries.qsize()

    def close(self) -> None:
        """Commit what is queued and end the thread."""
        self._entries.put(None)
        self._thread.join()

    def _queued(self, command: Callable[[Connection], T]) -> "Future[T]":
        future: Future[T] = Future()
        with self._counting:
            self._under_way += 1
        future.add_done_callback(self._was_done)
        self._entries.put(_Entry(command, future))
        return future

    def _was_done(self, _future: "Future[Any]") -> None:
        with self._counting:
            self._under_way -= 1

    def _work(self) -> None:
        while (group := self._group()) is not None:
            began = time.perf_counter()
            try:
                done = self._commit(group)
            except Exception as error:  # noqa: BLE001  # nothing of the group is committed, whatever it was
                self._again.clear()
                why = Busy("Another program keeps the database for itself.") if _is_locked(error) else error
                for entry in group:
                    if not entry.future.done():
                        entry.future.set_exception(why)
            else:
                for entry, result in done:
                    entry.future.set_result(result)
                self.committed(len(group), time.perf_counter() - began)

    def _group(self) -> list[_Entry] | None:
        group, self._again = self._again, []
        while len(group) < GROUP_MAX:
            try:
                entry = self._entries.get(block=not group)
            except queue.Empty:
                break
            if entry is None:
                if not group:
                    return None
                self._entries.put(None)
                break
            group.append(entry)
        return group

    def _commit(self, group: list[_Entry]) -> list[tuple[_Entry, Any]]:
        done = []
        with self._engine.connect().execution_options(writes=True) as connection, connection.begin():
            # On the driver's own connection: SQLAlchemy's savepoints take as long as a small command.
            execute: Any = connection.connection.driver_connection.execute  # type: ignore[union-attr]
            for entry in group:
                execute("SAVEPOINT command")
                try:
                    result = entry.command(connection)
                except Exception as error:  # noqa: BLE001  # whatever went wrong belongs to the caller
                    # Where the database has given up the whole transaction, this fails, and so does the group.
                    execute("ROLLBACK TO SAVEPOINT command")
                    self._failed(entry, error)
                else:
                    done.append((entry, result))
                execute("RELEASE SAVEPOINT command")
        return done

    def _failed(self, entry: _Entry, error: Exception) -> None:
        entry.tries += 1
        if entry.tries < TRIES_MAX and isinstance(getattr(error, "orig", error), psycopg.errors.DeadlockDetected):
            self._again.append(entry)
        else:
            entry.future.set_exception(error)


def _is_locked(error: Exception) -> bool:
    """Whether another process wrote to the file for longer than one waits for that; nothing was begun then."""
    cause = getattr(error, "orig", error)
    return isinstance(cause, sqlite3.OperationalError) and cause.sqlite_errorcode == sqlite3.SQLITE_BUSY
