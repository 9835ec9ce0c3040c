"""The one writer of the database: commands from everywhere, committed in groups by one thread.

A caller waits for its command's result, which comes only after the commit. Within a group each
command has its own savepoint: one that fails undoes itself and nothing else. One that another process
stood in the way of, while this one stood in its, is run again.
"""

import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, TypeVar

import psycopg
from sqlalchemy import Connection, Engine

T = TypeVar("T")

GROUP_MAX = 64
TRIES_MAX = 20
"""How often a command is run that ran into a deadlock: with another process, over rows in another order."""


@dataclass(slots=True)
class _Entry:
    command: Callable[[Connection], Any]
    future: "Future[Any]"
    tries: int = 0


class WriteLane:
    """Thread-safe. Close it before the database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._entries: queue.SimpleQueue[_Entry | None] = queue.SimpleQueue()
        self._again: list[_Entry] = []
        self.committed: Callable[[int, float], object] = lambda _commands, _seconds: None
        """Called after each group that was committed, with how many commands it held and how long it took."""
        self._thread = threading.Thread(target=self._work, name="write-lane", daemon=True)
        self._thread.start()

    def submit(self, command: Callable[[Connection], T]) -> "Future[T]":
        """Queue a command; the future is done once it is committed."""
        future: Future[T] = Future()
        self._entries.put(_Entry(command, future))
        return future

    def run(self, command: Callable[[Connection], T]) -> T:
        """Queue a command and wait for its commit."""
        if threading.current_thread() is self._thread:
            raise RuntimeError("a command on the write lane cannot wait for another one")
        return self.submit(command).result()

    @property
    def depth(self) -> int:
        """How many commands wait, about."""
        return self._entries.qsize()

    def close(self) -> None:
        """Commit what is queued and end the thread."""
        self._entries.put(None)
        self._thread.join()

    def _work(self) -> None:
        while (group := self._group()) is not None:
            began = time.perf_counter()
            try:
                done = self._commit(group)
            except Exception as error:  # noqa: BLE001  # nothing of the group is committed, whatever it was
                self._again.clear()
                for entry in group:
                    if not entry.future.done():
                        entry.future.set_exception(error)
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
