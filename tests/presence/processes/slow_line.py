"""A line to a server that can be cut, and takes its time to come back."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress


class SlowLine:
    """Passes on what comes in at `port`; each waits `delay_seconds` first; the next `drops` break."""

    def __init__(self, host: str, port: int) -> None:
        self._to = (host, port)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self.delay_seconds = 0.0
        self.drops = 0
        self._open: list[socket.socket] = []
        self._closing = threading.Event()
        self._threads: list[threading.Thread] = []
        self._start(self._accept)

    def cut(self) -> None:
        """End every connection that passes here."""
        while self._open:
            with suppress(OSError):
                self._open.pop().shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """End everything; no thread of it outlives this."""
        self._closing.set()
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)  # else it goes on waiting
        self._listening.close()
        while self._threads:
            thread = self._threads.pop()
            while thread.is_alive():
                self.cut()
                thread.join(0.05)

    def _start(self, target: Callable[..., None], *given: socket.socket) -> threading.Thread:
        thread = threading.Thread(target=target, args=given, daemon=True)
        thread.start()
        self._threads.append(thread)
        return thread

    def _accept(self) -> None:
        with suppress(OSError):  # it was closed
            while True:
                self._start(self._pass_on, self._listening.accept()[0])

    def _pass_on(self, here: socket.socket) -> None:
        with here, suppress(OSError):  # the server is away
            if self._closing.wait(self.delay_seconds):
                return
            if self.drops:
                self.drops -= 1
                return
            with socket.create_connection(self._to) as there:
                self._open += [here, there]
                back = self._start(_copy, there, here)
                _copy(here, there)
                back.join()


def _copy(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while data := one.recv(65536):
            other.sendall(data)
    for end in (one, other):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


@contextmanager
def slow_line(host: str, port: int) -> Iterator[SlowLine]:
    """Open one until the context ends."""
    line = SlowLine(host, port)
    try:
        yield line
    finally:
        line.close()
