"""Looks again and again, and at once when it is woken."""

import threading
from collections.abc import Callable

import structlog

LOOK_S = 5.0
log = structlog.get_logger()


class Lookout:
    """A thread that calls `look`; whatever that raises is logged, and it goes on."""

    def __init__(self, look: Callable[[], object], *, name: str = "stepping-in", seconds: float = LOOK_S) -> None:
        self._look, self._name, self._seconds = look, name, seconds
        self._awake, self._closed = threading.Event(), False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Look now, and from now on."""
        self._thread = threading.Thread(target=self._work, name=self._name, daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Say that something happened."""
        self._awake.set()

    def close(self) -> None:
        """Look no more."""
        self._closed = True
        self._awake.set()
        if self._thread is not None:
            self._thread.join()

    def _work(self) -> None:
        while not self._closed:
            self._awake.clear()
            try:
                self._look()
            except Exception:
                log.exception("looking", what=self._name)  # it must go on when the database comes back
            self._awake.wait(self._seconds)
