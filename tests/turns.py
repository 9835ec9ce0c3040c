"""A front that lets processes take turns: a request at the one, the next at the other, streams and all.

What is brought in is known to the process that read it, so the studio stays with the first, as the guide has it.
"""

import asyncio
import itertools
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

HOST = "127.0.0.1"
HEAD_BYTES_MAX = 2**18
PIECE_BYTES = 2**16
START_SECONDS_MAX = 10.0
OF_THE_FIRST = ("/studio", "/operator", "/api/imports", "/api/recordings")


class Turns:
    """Passes every request on to one of the ports behind it; one that does not answer is passed over."""

    def __init__(self) -> None:
        self.ports: list[int] = []
        self.port = 0
        self._turn = itertools.count()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._over: asyncio.Event | None = None
        self._started = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)

    @property
    def url(self) -> str:
        """The address that a browser would be given: by its name, since passkeys exist for names only."""
        return f"http://localhost:{self.port}"

    def start(self) -> None:
        """Take a free port."""
        self._thread.start()
        assert self._started.wait(START_SECONDS_MAX)

    def stop(self) -> None:
        """Give it back; whatever is under way is broken off."""
        assert self._loop is not None
        assert self._over is not None
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join()

    async def _run(self) -> None:
        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        under_way: set[asyncio.Task[None]] = set()

        def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.ensure_future(self._passed(reader, writer))
            under_way.add(task)
            task.add_done_callback(under_way.discard)

        server = await asyncio.start_server(begin, HOST, 0, limit=HEAD_BYTES_MAX)
        self.port = server.sockets[0].getsockname()[1]
        self._started.set()
        await self._over.wait()
        server.close()
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)

    async def _passed(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass one request on, and what comes back, until either side has had enough."""
        with _closed(writer), suppress(asyncio.IncompleteReadError, asyncio.LimitOverrunError, OSError):
            head = await reader.readuntil(b"\r\n\r\n")
            behind, there = await self._line(head)
            with _closed(there):
                there.write(_once(head))
                ways = [asyncio.ensure_future(_piped(*way)) for way in ((reader, there), (behind, writer))]
                try:
                    await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    for way in ways:
                        way.cancel()
                    await asyncio.gather(*ways, return_exceptions=True)

    async def _line(self, head: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Open a line to whose turn it is, or else to the next who answers."""
        path = head.split(b" ", 2)[1].decode("latin-1")
        first = 0 if path.startswith(OF_THE_FIRST) else next(self._turn)
        for offset in range(len(self.ports)):
            with suppress(ConnectionRefusedError):
                return await asyncio.open_connection(HOST, self.ports[(first + offset) % len(self.ports)])
        raise ConnectionRefusedError


@contextmanager
def taking_turns() -> Iterator[Turns]:
    """Have a front stand; whom it leads to is said in its `ports`."""
    turns = Turns()
    turns.start()
    try:
        yield turns
    finally:
        turns.stop()


@contextmanager
def _closed(writer: asyncio.StreamWriter) -> Iterator[None]:
    try:
        yield
    finally:
        writer.close()


def _once(head: bytes) -> bytes:
    """Say that a line is for one request, so that the next can go elsewhere."""
    lines = [line for line in head[:-4].split(b"\r\n") if not line.lower().startswith((b"connection:", b"keep-alive:"))]
    return b"\r\n".join([*lines, b"Connection: close"]) + b"\r\n\r\n"


async def _piped(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while piece := await reader.read(PIECE_BYTES):
            writer.write(piece)
            await writer.drain()
