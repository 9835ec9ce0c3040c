"""A line to a server that can be cut, and takes its time to come back."""

import socket
import threading
import time
from collections.abc import Iterator
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
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """End every connection that passes here."""
        while self._open:
            with suppress(OSError):
                self._open.pop().shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._listening.close()
        self.cut()

    def _accept(self) -> None:
        with suppress(OSError):  # it was closed
            while True:
                threading.Thread(target=self._pass_on, args=(self._listening.accept()[0],), daemon=True).start()

    def _pass_on(self, here: socket.socket) -> None:
        time.sleep(self.delay_seconds)
        if self.drops:
            self.drops -= 1
            here.close()
            return
        there = socket.create_connection(self._to)
        self._open += [here, there]
        back = threading.Thread(target=_copy, args=(there, here), daemon=True)
        back.start()
        _copy(here, there)
        back.join()
        here.close()
        there.close()


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
