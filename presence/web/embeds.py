"""What a browser has to hear before a page elsewhere may embed the room: only that page, only with its key.

Without such a key there is no such answer at all: cookies open nothing from elsewhere.
"""

import asyncio

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from presence.sessions.bearer import BearerKeys

SECONDS_KEPT = 600
ALLOWED = {
    "Access-Control-Allow-Methods": "GET, POST, DELETE",
    "Access-Control-Allow-Headers": "authorization, content-type, last-event-id",
    "Access-Control-Max-Age": str(SECONDS_KEPT),
}
EXPOSED = "Location, Retry-After, AI-Disclosure"


class Embeds:
    """Pure ASGI, inside of the guard."""

    def __init__(self, app: ASGIApp, *, bearers: BearerKeys) -> None:
        self._app = app
        self._bearers = bearers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if scope["method"] == "OPTIONS" and await self._may_ask(headers):
            answer = Response(status_code=204, headers={**ALLOWED, **_from(headers["origin"])})
            await answer(scope, receive, send)
            return

        async def told(message: Message) -> None:
            origin = scope.get("state", {}).get("embedded_in")  # known once its key was found to be good
            if message["type"] == "http.response.start" and origin is not None:
                MutableHeaders(scope=message).update({**_from(origin), "Access-Control-Expose-Headers": EXPOSED})
            await send(message)

        await self._app(scope, receive, told)

    async def _may_ask(self, headers: Headers) -> bool:
        """Whether a browser asks for a page in which a room is embedded now."""
        origin, wanted = headers.get("origin"), headers.get("access-control-request-headers", "")
        if origin is None or "authorization" not in [name.strip().lower() for name in wanted.split(",")]:
            return False
        return await asyncio.to_thread(self._bearers.embedded_in, origin)


def _from(origin: str) -> dict[str, str]:
    return {"Access-Control-Allow-Origin": origin, "Vary": "Origin"}
