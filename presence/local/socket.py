"""The home's own door: a socket that only its user can open, one JSON object per line.

A client sends `{"deed", "arguments"}`; the node answers with what the deed tells, and at last with
`{"event": "end", "exit": n}` or `{"event": "refused", "message": …}`.
"""

import asyncio
import json
import os
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog

from billing import BillingError
from knowledge import KnowledgeError
from models import ModelError
from presence.errors import OwnerGone, PresenceError
from presence.local.contracts import Tell
from trustgraph import TrustError

if TYPE_CHECKING:
    from presence.bootstrap import Services

log = structlog.get_logger()

LINE_BYTES_MAX = 4 * 1024**2
CONNECT_SECONDS_MAX = 5.0
# A socket's address holds about 100 bytes; longer paths go through the folder's descriptor.
ADDRESS_BYTES_MAX = 100
REFUSALS = (PresenceError, KnowledgeError, TrustError, BillingError, ModelError)


@asynccontextmanager
async def open_door(services: "Services") -> AsyncIterator[None]:
    """Serve deeds on the home's socket while the context is open."""
    path = services.home.socket
    path.unlink(missing_ok=True)
    with _address(path) as address:
        listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        # The mode has to be right from the first moment, so the mask is set before the file exists.
        mask = os.umask(0o177)
        try:
            listening.bind(address)
        finally:
            os.umask(mask)
    server = await asyncio.start_unix_server(
        lambda reader, writer: _visit(services, reader, writer), sock=listening, limit=LINE_BYTES_MAX
    )
    try:
        yield
    finally:
        server.close()
        path.unlink(missing_ok=True)


def do_elsewhere(path: Path, deed: str, arguments: dict[str, Any], tell: Tell) -> int:
    """Have the node that owns the home do a deed; give its exit code."""
    for told in _told(path, {"deed": deed, "arguments": arguments}):
        if told["event"] == "end":
            return int(told["exit"])
        if told["event"] == "refused":
            raise PresenceError(told["message"])
        tell(told)
    raise OwnerGone


def _told(path: Path, request: dict[str, Any]) -> Iterator[dict[str, Any]]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(CONNECT_SECONDS_MAX)
        try:
            with _address(path) as address:
                connection.connect(address)
        except OSError as error:
            raise OwnerGone from error
        connection.settimeout(None)
        connection.sendall(json.dumps(request).encode() + b"\n")
        with connection.makefile("r", encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)


async def _visit(services: "Services", reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    loop = asyncio.get_running_loop()
    outgoing: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    def tell(event: dict[str, Any]) -> None:
        loop.call_soon_threadsafe(outgoing.put_nowait, event)

    with suppress(ConnectionError, ValueError):
        request = json.loads(await reader.readline())
        # A thread of its own: a long import must not take a place from those that serve pages.
        threading.Thread(target=_do, args=(services, request, tell), name="deed", daemon=True).start()
        while True:
            event = await outgoing.get()
            writer.write(json.dumps(event, ensure_ascii=False).encode() + b"\n")
            await writer.drain()
            if event["event"] in ("end", "refused"):
                break
    writer.close()


def _do(services: "Services", request: dict[str, Any], tell: Tell) -> None:
    from presence.local.deeds import DEEDS  # a client of this door loads nothing of a node
    from presence.stores import refusal_of

    deed = DEEDS.get(request.get("deed", ""))
    try:
        if deed is None:
            tell({"event": "refused", "message": "The running node does not know this command; restart it."})
        else:
            tell({"event": "end", "exit": deed(services, request["arguments"], tell)})
    except REFUSALS as refusal:
        tell({"event": "refused", "message": str(refusal)})
    except Exception as error:
        log.exception("deed failed", deed=request.get("deed"))
        why = refusal_of(error) or "The running node failed at this; its log says where."
        tell({"event": "refused", "message": str(why)})


@contextmanager
def _address(path: Path) -> Iterator[str]:
    """Give an address short enough for a socket."""
    if len(os.fsencode(path)) <= ADDRESS_BYTES_MAX:
        yield str(path)
        return
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
