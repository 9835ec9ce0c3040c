"""The Model Context Protocol at `/mcp`: programs ask, search and open places, each at its own listener's tier.

Streamable HTTP without sessions: every message says by itself who asks, so that any of several processes can answer
it. Who hangs up does not stop an answer.
"""

import asyncio
from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import Message, Receive, Scope, Send

from presence.asking.contracts import Listener
from presence.bootstrap import Services
from presence.errors import CrossSite, KeyMissing
from presence.web.deps import ListenerDep, ServicesDep, bearer_of
from presence.web.disclosure import disclosure_headers
from presence.web.guard import from_elsewhere
from presence.web.limits import Limited
from presence.web.protected import MCP_FOR_SOMEBODY

router = APIRouter()

Serving = Callable[[Scope, Receive, Send], Awaitable[None]]


@router.post("/mcp")
async def speak_mcp(request: Request, services: ServicesDep, listener: ListenerDep) -> Response:
    """Answer one message of the Model Context Protocol."""
    return await _spoken(request, services, listener)


@router.post(MCP_FOR_SOMEBODY)
async def speak_mcp_for_somebody(request: Request, services: ServicesDep, listener: ListenerDep) -> Response:
    """Do the same for a program that speaks for somebody; one without a key is told how it gets one."""
    if listener.did is None or bearer_of(request) is None:
        raise KeyMissing
    return await _spoken(request, services, listener)


async def _spoken(request: Request, services: Services, listener: Listener) -> Response:
    _must_not_come_from_elsewhere(request)
    body = await request.body()
    serving = await asyncio.to_thread(_opened, request, services, listener)
    return _Spoken(serving, body, disclosure_headers(services.writer.name))


def _must_not_come_from_elsewhere(request: Request) -> None:
    """Refuse pages of other sites, whatever they carry; but for the page that an embedded room's key is for."""
    is_embedded = getattr(request.state, "embedded_in", None) is not None
    if not is_embedded and from_elsewhere(Headers(scope=request.scope)):
        raise CrossSite


def _opened(request: Request, services: Services, listener: Listener) -> Serving:
    from presence.web.mcp_speech import serving  # the protocol's types take a second, so they open when needed
    from presence.web.mcp_tools import Tools

    def count(what: str) -> None:
        Limited(what).count(request, listener)

    origin = services.origins.of(request.headers.get("host", ""))
    return serving(Tools(services, listener, request.state.tier, origin, count))


class _Spoken(Response):
    """Hands a request on to the protocol's own server."""

    def __init__(self, serving: Serving, message: bytes, told: dict[str, str]) -> None:
        super().__init__()
        self._serving = serving
        self._message = message
        self._told = told

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def disclosing(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self._told)
            await send(message)

        await self._serving(scope, _again(self._message, receive), disclosing)


def _again(body: bytes, receive: Receive) -> Receive:
    """Give a body that was read already once more."""
    bodies = [body]

    async def received() -> Message:
        if bodies:
            return {"type": "http.request", "body": bodies.pop(), "more_body": False}
        return await receive()

    return received
