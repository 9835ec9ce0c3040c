"""Tells an open page at once when its listener's standing changes, so that the depth closes without a reload."""

import asyncio
import json
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace

from fastapi import APIRouter, Request, Response

from presence.asking.contracts import Listener, Standing
from presence.bootstrap import Services
from presence.sessions.listeners import SESSION_COOKIE
from presence.sessions.tokens import well_formed
from presence.web.deps import ListenerDep, ServicesDep, cookie_of
from presence.web.questions import HEARTBEAT_S
from presence.web.streaming import Streamed
from trustgraph import Tier

router = APIRouter(prefix="/api")

# How often it is looked by itself: a grant can run out without anything being signed.
LOOK_AGAIN_S = 1.0
SESSION_EVERY_S = 5.0
RECONNECT_MS = 2000
WATCHING = "standings"


@router.get("/me/events")
async def watch_standing(request: Request, services: ServicesDep, listener: ListenerDep) -> Response:
    """Stream `standing` events: the tier now, and whenever it changes; ends with the session."""
    secret = well_formed(cookie_of(request, SESSION_COOKIE))
    if listener.did is None or secret is None:
        return Response(status_code=204)  # which tells an EventSource not to come again
    return Streamed(_stream(services, listener, secret, getattr(request.app.state, "is_closing", _never)))


def _never() -> bool:
    return False


async def _stream(
    services: Services, listener: Listener, secret: str, is_closing: Callable[[], bool] = _never
) -> AsyncGenerator[str, None]:
    yield f"retry: {RECONNECT_MS}\n\n"
    told_at = time.monotonic()
    async with aclosing(_changes(services, listener, secret)) as changes:
        async for tier in changes:
            if is_closing():  # the page comes again when the house is open again
                return
            if tier is not None:
                yield _event("standing", tier)
            elif time.monotonic() - told_at >= HEARTBEAT_S:
                yield ": still here\n\n"
            else:
                continue
            told_at = time.monotonic()
    yield _event("ended", int(Tier.PUBLIC))


async def _changes(services: Services, listener: Listener, secret: str) -> AsyncGenerator[int | None, None]:
    """Give the tier at first and at every change, None when there is nothing new; ends with the session."""
    news = services.news.watch(WATCHING)
    seen, told = None, None
    try:
        while True:
            news.clear()
            seen = await asyncio.to_thread(_looked, services, listener, secret, seen)
            if seen is None:
                return
            yield seen.standing.tier if seen.standing.tier != told else None
            told = seen.standing.tier
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_AGAIN_S):
                    await news.wait()
    finally:
        services.news.leave(WATCHING, news)


@dataclass(frozen=True, slots=True)
class _Seen:
    """A standing, and how long the log was when it was looked at: what was signed since may also raise it."""

    head: tuple[int, str]
    standing: Standing
    session_at: float  # when the session was looked for


def _looked(services: Services, listener: Listener, secret: str, before: _Seen | None) -> _Seen | None:
    """Look again as far as that is needed; None when the session is over."""
    now = time.monotonic()
    session_at = before.session_at if before else now - SESSION_EVERY_S
    if now - session_at >= SESSION_EVERY_S:
        # A page that lies open is nobody who is there: it does not keep the session alive.
        if services.sessions.find(secret, is_there=False) is None:
            return None
        session_at = now
    head = services.trust.head  # before the standing, so that what is signed in between is looked at again
    if before is not None and before.head == head and not services.standings.may_differ(before.standing):
        return replace(before, session_at=session_at)
    return _Seen(head, services.standings(listener), session_at)


def _event(kind: str, tier: int) -> str:
    return f"event: {kind}\ndata: {json.dumps({'tier': Tier(tier).slug})}\n\n"
