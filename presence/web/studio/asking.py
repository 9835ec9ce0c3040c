"""Who is asking now, as far as the artist may see it, and where she steps in. For the operator alone."""

import asyncio
import hashlib
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from typing import Annotated

from fastapi import Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from presence.asking.contracts import Listener
from presence.bootstrap import Services
from presence.errors import HeldByAnother, LineWrong, NotHeld, NotSignedIn, ShutOut
from presence.problems import sentence_of, status_of
from presence.stepping_in import noting
from presence.stepping_in.house import CHANGED, LINE_CHARS_MAX
from presence.web.deps import ListenerDep, ServicesDep
from presence.web.questions import HEARTBEAT_S
from presence.web.streaming import Streamed
from presence.web.studio.frame import render_studio, room_of_the_studio
from presence.web.studio.shelves import TIERS, tier_asked

router = room_of_the_studio()
PAGE = "/studio/asking"
HIGHEST = max(number for number, _ in TIERS)
HERS = {"Cache-Control": "no-store"}
LOOK_AGAIN_S = 1.0
KEEP_EVERY_S = 10.0
RECONNECT_MS = 2000
REFUSED = (HeldByAnother, LineWrong, NotHeld, ShutOut)
_Text = Annotated[str, Form(max_length=4 * LINE_CHARS_MAX)]


@router.get("/asking", response_class=HTMLResponse)
def asking_page(request: Request, services: ServicesDep, listener: ListenerDep) -> HTMLResponse:
    """Show who is asking, of those who let her look in, and the lamp."""
    return _list(request, services, listener, "asking.html")


@router.get("/asking/list", response_class=HTMLResponse)
def asking_list(request: Request, services: ServicesDep, listener: ListenerDep) -> HTMLResponse:
    """Give the list by itself, for the page that keeps it fresh."""
    return _list(request, services, listener, "_asking_list.html")


@router.get("/asking/events")
async def watch(request: Request, services: ServicesDep, listener: ListenerDep) -> Streamed:
    """Say whenever there is something new to see; ends with the session. Whoever listens is there."""
    stream = _stream(services, _session(listener), getattr(request.app.state, "is_closing", _never))
    return Streamed(stream, headers=HERS)


@router.post("/asking/lamp")
def switch(services: ServicesDep, lit: Annotated[str, Form(max_length=3)] = "") -> RedirectResponse:
    """Light the lamp, or put it out."""
    if lit == "yes":
        services.stepping_in.lamp.light()
    else:
        services.stepping_in.lamp.put_out()
    return RedirectResponse(PAGE, status_code=303)


@router.get("/asking/{conversation}", response_class=HTMLResponse)
def conversation_page(
    request: Request, conversation: str, services: ServicesDep, listener: ListenerDep
) -> HTMLResponse:
    """Show one conversation, with a field to write in where she holds it."""
    return _conversation(request, services, listener, conversation)


@router.get("/asking/{conversation}/turns", response_class=HTMLResponse)
def turns(request: Request, conversation: str, services: ServicesDep, listener: ListenerDep) -> HTMLResponse:
    """Give what was said by itself, for the page that keeps it fresh."""
    return _conversation(request, services, listener, conversation, template="_asking_turns.html")


@router.post("/asking/{conversation}/take")
def take(request: Request, conversation: str, services: ServicesDep, listener: ListenerDep) -> Response:
    """Step in."""
    deed = lambda: services.stepping_in.take(conversation, _session(listener))  # noqa: E731
    return _done(request, services, listener, conversation, deed)


@router.post("/asking/{conversation}/say")
def say(
    request: Request,
    conversation: str,
    services: ServicesDep,
    listener: ListenerDep,
    text: _Text = "",
    more: Annotated[str, Form(max_length=3)] = "",
) -> Response:
    """Write to the listener; unless more is to come, it is her turn again."""
    session = _session(listener)
    deed = lambda: services.stepping_in.say(conversation, session, text, ends=not more)  # noqa: E731
    return _done(request, services, listener, conversation, deed, typed=text)


@router.post("/asking/{conversation}/finish")
def finish(request: Request, conversation: str, services: ServicesDep, listener: ListenerDep) -> Response:
    """Let the listener go on, and stay."""
    deed = lambda: services.stepping_in.finish(conversation, _session(listener))  # noqa: E731
    return _done(request, services, listener, conversation, deed)


@router.post("/asking/{conversation}/hand-back")
def hand_back(request: Request, conversation: str, services: ServicesDep, listener: ListenerDep) -> Response:
    """Let the presence answer again."""
    deed = lambda: services.stepping_in.hand_back(conversation, _session(listener))  # noqa: E731
    return _done(request, services, listener, conversation, deed)


@router.post("/asking/{conversation}/note")
def keep_as_note(
    conversation: str,
    services: ServicesDep,
    turn: Annotated[str, Form(max_length=64)] = "",
    tier: Annotated[str, Form(max_length=40)] = "",
) -> RedirectResponse:
    """Keep what she wrote in one turn as a note; without a tier it is for nobody but herself."""
    at = tier_asked(tier)
    library, seen = services.library, services.stepping_in.one(conversation)
    note = noting.keep_as_note(library, services.stepping_in.artist, seen, turn, HIGHEST if at is None else at)
    place = f"/studio/notes/{note}" if note is not None else f"{PAGE}/{conversation}"
    return RedirectResponse(place, status_code=303)


def _list(request: Request, services: Services, listener: Listener, template: str) -> HTMLResponse:
    services.stepping_in.keep(_session(listener))
    page = render_studio(
        request,
        template,
        asking=services.stepping_in.watched(),
        session=_session(listener),
        is_lit=services.stepping_in.lamp.is_lit,
    )
    return HTMLResponse(page, headers=HERS)


def _conversation(
    request: Request,
    services: Services,
    listener: Listener,
    conversation: str,
    *,
    template: str = "asking_one.html",
    typed: str = "",
    refusal: Exception | None = None,
) -> HTMLResponse:
    session = _session(listener)
    services.stepping_in.keep(session)
    page = render_studio(
        request,
        template,
        one=services.stepping_in.one(conversation),
        session=session,
        typed=typed,
        refusal=sentence_of(refusal) if refusal is not None else "",
        chars_max=LINE_CHARS_MAX,
        tiers=TIERS,
    )
    status = status_of(refusal) if refusal is not None else 200
    return HTMLResponse(page, status_code=status, headers=HERS)


def _done(
    request: Request,
    services: Services,
    listener: Listener,
    conversation: str,
    deed: Callable[[], None],
    *,
    typed: str = "",
) -> Response:
    """Do it and lead back; where it is refused, say why on the page, and keep what was typed."""
    try:
        deed()
    except REFUSED as refusal:
        return _conversation(request, services, listener, conversation, typed=typed, refusal=refusal)
    return RedirectResponse(f"{PAGE}/{conversation}#write", status_code=303)


def _session(listener: Listener) -> str:
    if listener.operator_session is None:
        raise NotSignedIn
    return listener.operator_session


def _never() -> bool:
    return False


async def _stream(services: Services, session: str, is_closing: Callable[[], bool]) -> AsyncGenerator[str, None]:
    yield f"retry: {RECONNECT_MS}\n\n"
    news = services.news.watch(CHANGED)
    told, told_at, kept_at = "", time.monotonic(), 0.0
    try:
        while not is_closing() and await asyncio.to_thread(services.operator.is_live, session):
            news.clear()
            now = time.monotonic()
            if now - kept_at >= KEEP_EVERY_S:
                await asyncio.to_thread(services.stepping_in.keep, session)
                kept_at = now
            seen = await asyncio.to_thread(_seen, services)
            if seen != told:
                yield f"event: changed\ndata: {seen}\n\n"
                told, told_at = seen, now
            elif now - told_at >= HEARTBEAT_S:
                yield ": still here\n\n"
                told_at = now
            with suppress(TimeoutError):
                await asyncio.wait_for(news.wait(), LOOK_AGAIN_S)
    finally:
        services.news.leave(CHANGED, news)


def _seen(services: Services) -> str:
    """Give a mark of all that there is to see."""
    seen = [services.stepping_in.lamp.is_lit, *((one, one.held_by) for one in services.stepping_in.watched())]
    return hashlib.sha256(repr(seen).encode()).hexdigest()[:16]
