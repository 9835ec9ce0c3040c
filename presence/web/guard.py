"""What every request passes: size, origin, safe headers, and one line in the log."""

import time
from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import urlsplit

import structlog
from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from presence.errors import BodyTooLarge, CrossSite, NothingHere, NotText
from presence.languages.choosing import ENGLISH
from presence.problems import problem, status_of
from presence.sessions.bearer import carried
from presence.sight.metrics import Metrics
from presence.web.safe_headers import SAFE_HEADERS
from presence.web.spoken_in import VARY
from presence.write_lane import visiting

log = structlog.get_logger()

Streamed = Mapping[tuple[str, str], int]
_NONE: Streamed = MappingProxyType({})
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


class Guard:
    """Pure ASGI: nothing is buffered, so streams stay streams."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics, body_bytes_max: int, streamed: Streamed = _NONE) -> None:
        self._app = app
        self._metrics = metrics
        self._body_bytes_max = body_bytes_max
        self._streamed = streamed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answered = _Answered(scope, send, self._metrics)
        body = _Body(receive, self._bytes_max(scope))
        try:
            refusal = self._refusal(scope)
            if refusal is None:
                with visiting():
                    await self._app(scope, body.receive, answered.send)
            else:
                self._metrics.refused(type(refusal))
                response = await problem(Request(scope), status_of(refusal), str(refusal))
                await response(scope, receive, answered.send)
        finally:
            answered.note()

    def _refusal(self, scope: Scope) -> Exception | None:
        headers = Headers(scope=scope)
        length = headers.get("content-length", "")
        if length.isdigit() and int(length) > self._bytes_max(scope):
            return BodyTooLarge(self._bytes_max(scope))
        # A bearer is sent by nobody's accident, and with one no cookie counts.
        has_bearer = carried(headers.getlist("authorization")) is not None
        if scope["method"] not in SAFE_METHODS and not has_bearer and from_elsewhere(headers):
            return CrossSite()
        # No name of ours holds it, and what a database makes of it depends on the database.
        if "\0" in scope["path"]:
            return NothingHere()
        return NotText() if b"%00" in scope["query_string"] else None

    def _bytes_max(self, scope: Scope) -> int:
        """What is sent below some places goes to the disk as it comes, once it is known that the operator sends it."""
        sent, path = scope["method"], scope["path"]
        more = [most for (method, place), most in self._streamed.items() if sent == method and path.startswith(place)]
        return max([self._body_bytes_max, *more])


class _Body:
    """Counts a body that does not say its length."""

    def __init__(self, receive: Receive, bytes_max: int) -> None:
        self._receive = receive
        self._bytes_max = bytes_max
        self._bytes = 0

    async def receive(self) -> Message:
        message = await self._receive()
        self._bytes += len(message.get("body", b""))
        if self._bytes > self._bytes_max:
            raise BodyTooLarge(self._bytes_max)
        return message


class _Answered:
    """Adds the headers and remembers what the log line needs."""

    def __init__(self, scope: Scope, send: Send, metrics: Metrics) -> None:
        self._metrics = metrics
        self._scope = scope
        self._send = send
        self._began = time.monotonic()
        self._status = 0
        self._first_byte_ms: float | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            self._first_byte_ms = (time.monotonic() - self._began) * 1000
            headers = MutableHeaders(scope=message)
            for name, value in SAFE_HEADERS.items():
                headers.setdefault(name, value)
            if headers.get("content-type", "").startswith("text/html"):
                headers.add_vary_header(VARY)
                headers.setdefault("Content-Language", self._scope.get("state", {}).get("language", ENGLISH))
        await self._send(message)

    def note(self) -> None:
        route = getattr(self._scope.get("route"), "path", "-")
        self._metrics.request(self._scope["method"], route, self._status)
        log.info(
            "request",
            method=self._scope["method"],
            route=route,
            status=self._status,
            first_byte_ms=round(self._first_byte_ms, 1) if self._first_byte_ms is not None else None,
            tier=self._scope.get("state", {}).get("tier"),
        )


def from_elsewhere(headers: Headers) -> bool:
    """Whether another site sent this; programs send neither header, and carry no cookies by accident."""
    if headers.get("sec-fetch-site") in ("cross-site", "same-site"):
        return True
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host")
