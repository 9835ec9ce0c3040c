"""The one writer of the database: commands from everywhere, committed in groups, one group at a time.

A caller waits for its command's result, which comes only after the commit. Who comes while nothing else is under way,
and no crowd was there just now, commits on her own thread: to hand a command over and its result back takes longer
than most commands do. What comes meanwhile waits in line, and the lane's thread commits it in groups. Within a group
each command has its own savepoint: one that fails undoes itself and nothing else. One that another process stood in
the way of, while this one stood in its, is run again.

Where as many commands wait as may and nothing moves, whoever comes from outside is refused at the first thing that
she wants written, with `Busy`. What was begun is carried to its end: a request's later commands, and those of the house
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
from sqlalchemy import Connection, Engine, RootTransaction

from presence.errors import Busy

T = TypeVar("T")

GROUP_MAX = 64
GATHER_SECONDS = 0.0005
"""How long the lane waits once where callers of the last two groups are missing: whoever was answered just now mostly
wants the next thing at once, and each commit that is saved spares the disk its pages. Who is alone never waits."""
MISSING = 0.25
"""Which part of those callers may be missing without being waited for."""
REST_SECONDS = 1.0
"""How long the connection may rest before the pool looks whether it is still there."""
WAITING_MAX = 32
"""How many commands may be under way before requests are refused, where nothing moves. Requests are worked on by forty
threads, so that some are left for whoever only reads."""
STANDING_SECONDS = 2.0
"""How long one commit takes before it is said that nothing moves: a crowd alone is no reason to refuse anybody."""
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


class _Entry:
    """A command and whoever waits for it, by a lock: a future costs her more than a statement or two."""

    __slots__ = ("_ended", "_error", "_result", "caller", "command", "is_ended", "tries")

    def __init__(self, command: Callable[[Connection], Any]) -> None:
        self.command = command
        self.caller = threading.get_ident()
        self.is_ended = False
        self.tries = 0
        self._result: Any = None
        self._error: Exception | None = None
        self._ended = threading.Lock()
        self._ended.acquire()

    def end(self, result: Any, error: Exception | None = None) -> None:
        """Say how it ended, once."""
        self._result, self._error, self.is_ended = result, error, True
        self._ended.release()

    def wait(self) -> Any:
        """Give the result once it has ended, or raise what went wrong."""
        self._ended.acquire()
        if self._error is None:
            return self._result
        try:
            raise self._error
        finally:
            self._error = None  # its traceback leads here: each would keep the other


class _Promised(_Entry):
    """A command of which somebody holds a future."""

    __slots__ = ("future",)

    def __init__(self, command: Callable[[Connection], Any]) -> None:
        super().__init__(command)
        self.future: Future[Any] = Future()

    def end(self, result: Any, error: Exception | None = None) -> None:
        """Say how it ended, once."""
        self.is_ended = True
        if error is None:
            self.future.set_result(result)
        else:
            self.future.set_exception(error)


class WriteLane:
    """Thread-safe. Close it before the database."""

    def __init__(
        self,
        engine: Engine,
        *,
        waiting_max: int = WAITING_MAX,
        rest_seconds: float = REST_SECONDS,
        standing_seconds: float = STANDING_SECONDS,
    ) -> None:
        self._engine = engine
        self._waiting_max = waiting_max
        self._standing_seconds = standing_seconds
        self._began: float | None = None
        self._taken_in = 0
        self._ended = 0
        self._callers: tuple[set[int], set[int]] = (set(), set())
        self._connection: Connection | None = None
        self._used_at = 0.0
        self._rest_seconds = rest_seconds
        self._counting = threading.Lock()
        self._turn = threading.Lock()
        """Whoever has it commits, and alone touches what belongs to committing."""
        self._committing: int | None = None
        """The thread that has it, while its commands run."""
        self._is_crowd = False
        """Whether the last group of the lane's thread held several: then whoever comes waits in line, as groups are
        lighter than as many commits."""
        self._is_closed = False
        self._entries: queue.SimpleQueue[_Entry | None] = queue.SimpleQueue()
        self._again: list[_Entry] = []
        self.committed: Callable[[int, float], object] = lambda _commands, _seconds: None
        """Called after each group that was committed, with how many commands it held and how long it took."""
        self._thread = threading.Thread(target=self._work, name="write-lane", daemon=True)
        self._thread.start()

    @property
    def under_way(self) -> int:
        """How many commands were taken in and are not committed yet."""
        return self._taken_in - self._ended

    def submit(self, command: Callable[[Connection], T], *, ends: bool = False) -> "Future[T]":
        """Queue a command; the future is done once it is committed. Raises `Busy`, unless it `ends` something."""
        self._let_in(ends=ends)
        entry = _Promised(command)
        self._queue(entry)
        return entry.future

    def run(self, command: Callable[[Connection], T], *, ends: bool = False) -> T:
        """Have a command carried out and wait for its commit. Raises `Busy`, unless it `ends` something."""
        if threading.get_ident() == self._committing:
            raise RuntimeError("a command on the write lane cannot wait for another one")
        self._let_in(ends=ends)
        entry = _Entry(command)
        with self._counting:
            is_alone = self._taken_in == self._ended and not self._is_crowd
            self._taken_in += 1
        if not (is_alone and self._carried_out_here(entry)):
            self._entries.put(entry)
        result: T = entry.wait()
        return result

    def offer(self, command: Callable[[Connection], object]) -> bool:
        """Queue a command that nobody waits for and that may be lost; False where there is no room for it."""
        if self.under_way >= self._waiting_max:
            return False
        self._queue(_Promised(command))
        return True

    @property
    def depth(self) -> int:
        """How many commands wait, about."""
        return self._entries.qsize()

    def close(self) -> None:
        """Commit what is queued and end the thread."""
        self._is_closed = True
        self._entries.put(None)
        self._thread.join()

    def _let_in(self, *, ends: bool) -> None:
        visit = _visit.get()
        if not ends and visit is not None and not visit.is_let_in:
            if self.under_way >= self._waiting_max and self._stands():
                raise Busy
            visit.is_let_in = True

    def _stands(self) -> bool:
        """Whether what is being committed takes too long."""
        began = self._began
        return began is not None and time.perf_counter() - began >= self._standing_seconds

    def _queue(self, entry: _Entry) -> None:
        with self._counting:
            self._taken_in += 1
        self._entries.put(entry)

    def _carried_out_here(self, entry: _Entry) -> bool:
        """Carry a command out on the thread of who wants it, unless somebody else has the turn."""
        if not self._turn.acquire(blocking=False):
            return False
        try:
            if self._is_closed:
                return False
            group = [entry]
            while group:
                self._carry_out(group)
                group, self._again = self._again, []
        except BaseException:  # she is broken off, as by Ctrl-C: what she began is undone
            self._again.clear()
            self._put_back()
            if not entry.is_ended:
                self._end(entry, None)
            raise
        finally:
            self._turn.release()
        return True

    def _work(self) -> None:
        while (first := self._entries.get()) is not None:
            with self._turn:
                self._again.append(first)
                while group := self._group():
                    self._is_crowd = len(group) > 1
                    self._carry_out(group)
        with self._turn:
            self._put_back()

    def _carry_out(self, group: list[_Entry]) -> None:
        began = self._began = time.perf_counter()
        self._committing = threading.get_ident()
        try:
            done = self._commit(group)
        except Exception as error:  # noqa: BLE001  # nothing of the group is committed, whatever it was
            self._again.clear()
            self._put_back()
            why = Busy("Another program keeps the database for itself.") if _is_locked(error) else error
            for entry in group:
                if not entry.is_ended:
                    self._end(entry, None, why)
        else:
            for entry, result in done:
                self._end(entry, result)
            self.committed(len(group), time.perf_counter() - began)
        finally:
            self._began = self._committing = None

    def _end(self, entry: _Entry, result: Any, error: Exception | None = None) -> None:
        self._ended += 1
        entry.end(result, error)

    def _group(self) -> list[_Entry]:
        """Give what is to be run again, or is the next, and whatever waits beside it."""
        group, self._again = self._again, []
        if not group:
            return group
        self._gather(group)
        earlier, last = self._callers
        if len(group) < (1 - MISSING) * len(earlier | last):
            time.sleep(GATHER_SECONDS)
            self._gather(group)
        self._callers = last, {entry.caller for entry in group}
        return group

    def _gather(self, group: list[_Entry]) -> None:
        """Add whatever waits now."""
        while len(group) < GROUP_MAX:
            try:
                entry = self._entries.get_nowait()
            except queue.Empty:
                return
            if entry is None:
                self._entries.put(None)
                return
            group.append(entry)

    def _commit(self, group: list[_Entry]) -> list[tuple[_Entry, Any]]:
        done = []
        connection = self._connected()
        with connection.begin() as transaction:
            savepoints = _Savepoints(transaction, is_alone=len(group) == 1)
            for entry in group:
                savepoints.set()
                try:
                    result = entry.command(connection)
                except Exception as error:  # noqa: BLE001  # whatever went wrong belongs to the caller
                    savepoints.go_back()
                    self._failed(entry, error)
                else:
                    done.append((entry, result))
        self._used_at = time.monotonic()
        return done

    def _connected(self) -> Connection:
        """Give the connection that is kept from group to group; the pool looks at one that has rested."""
        if self._connection is not None and time.monotonic() - self._used_at > self._rest_seconds:
            self._put_back()
        if self._connection is None:
            self._connection = self._engine.connect().execution_options(writes=True)
        return self._connection

    def _put_back(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _failed(self, entry: _Entry, error: Exception) -> None:
        entry.tries += 1
        if entry.tries < TRIES_MAX and isinstance(getattr(error, "orig", error), psycopg.errors.DeadlockDetected):
            self._again.append(entry)
        else:
            self._end(entry, None, error)


class _Savepoints:
    """Where a group goes back to when one of its commands fails.

    On the driver's own connection: SQLAlchemy's savepoints take as long as a small command. A command that is
    alone needs none; what is left of the last one ends with the transaction.
    """

    def __init__(self, transaction: RootTransaction, *, is_alone: bool) -> None:
        self._transaction = transaction
        self._is_alone = is_alone
        self._driver: Any = transaction.connection.connection.driver_connection
        self._is_set = False

    def set(self) -> None:
        """Come back here from now on."""
        if self._is_alone:
            return
        if not self._is_set:
            self._driver.execute("SAVEPOINT command")
        elif isinstance(self._driver, sqlite3.Connection):
            self._driver.execute("RELEASE SAVEPOINT command")
            self._driver.execute("SAVEPOINT command")
        else:  # one way there and back for both, which PostgreSQL does not prepare
            self._driver.execute("RELEASE SAVEPOINT command; SAVEPOINT command", prepare=False)
        self._is_set = True

    def go_back(self) -> None:
        """Undo what was done since. Fails where the database has given up the whole transaction."""
        if self._is_alone:
            self._transaction.rollback()
        else:
            self._driver.execute("ROLLBACK TO SAVEPOINT command")


def _is_locked(error: Exception) -> bool:
    """Whether another process wrote to the file for longer than one waits for that; nothing was begun then."""
    cause = getattr(error, "orig", error)
    return isinstance(cause, sqlite3.OperationalError) and cause.sqlite_errorcode == sqlite3.SQLITE_BUSY
