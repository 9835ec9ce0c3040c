"""The one writer of the database: commands from everywhere, committed in groups by one thread.

A caller waits for its command's result, which comes only after the commit. Within a group each
command has its own savepoint: one that fails undoes itself and nothing else.
"""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

T = TypeVar("T")

GROUP_MAX = 64


@dataclass(frozen=True, slots=True)
class _Entry:
    command: Callable[[Connection], Any]
    future: "Future[Any]"


class WriteLane:
    """Thread-safe. Close it before the database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._entries: queue.SimpleQueue[_Entry | None] = queue.SimpleQueue()
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

    def close(self) -> None:
        """Commit what is queued and end the thread."""
        self._entries.put(None)
        self._thread.join()

    def _work(self) -> None:
        while (group := self._group()) is not None:
            try:
                done = self._commit(group)
            except SQLAlchemyError as error:
                for entry in group:
                    if not entry.future.done():
                        entry.future.set_exception(error)
            else:
                for entry, result in done:
                    entry.future.set_result(result)

    def _group(self) -> list[_Entry] | None:
        first = self._entries.get()
        if first is None:
            return None
        group = [first]
        while len(group) < GROUP_MAX:
            try:
                entry = self._entries.get_nowait()
            except queue.Empty:
                break
            if entry is None:
                self._entries.put(None)
                break
            group.append(entry)
        return group

    def _commit(self, group: list[_Entry]) -> list[tuple[_Entry, Any]]:
        done = []
        with self._engine.connect().execution_options(writes=True) as connection, connection.begin():
            for entry in group:
                try:
                    with connection.begin_nested():
                        result = entry.command(connection)
                except Exception as error:  # noqa: BLE001  # whatever went wrong belongs to the caller
                    entry.future.set_exception(error)
                else:
                    done.append((entry, result))
        return done
