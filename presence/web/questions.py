"""The API of asking: a price, a ticket, a stream that can be resumed, the answer so far, stop."""

import asyncio
import json
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from presence.asking import herself
from presence.asking.answering import Ticket
from presence.asking.contracts import HERSELF, Listener, Standing
from presence.asking.question import Question
from presence.asking.repeats import FREE_BECAUSE
from presence.asking.steps import Event
from presence.bootstrap import Services
from presence.stores import refusal_of
from presence.web.beside import read_answer
from presence.web.deps import Asking, ListenerDep, ServicesDep, keep_listener
from presence.web.disclosure import disclosed, disclosure_headers, quotes_notes
from presence.web.limits import Limited, LimitedLater
from presence.web.streaming import Streamed

router = APIRouter(prefix="/api")

STREAM = "text/event-stream"
HEARTBEAT_S = 15.0
AWAY_S = 1.0
"""How often a stream looks whether the database is back."""
EVENTS_MAX = 2**31


class OfferBody(BaseModel):
    """What a price is asked for."""

    model_config = ConfigDict(extra="forbid")

    question: str = ""
    act: str | None = None
    thing: str | None = Field(None, max_length=64)
    conversation: str | None = Field(None, max_length=64)


class QuestionBody(BaseModel):
    """A question, with the price that was agreed to or a cap."""

    model_config = ConfigDict(extra="forbid")

    question: str = ""
    act: str | None = None
    thing: str | None = Field(None, max_length=64)
    offer_id: str | None = Field(None, max_length=64)
    max_price_micros: int | None = Field(None, ge=0, lt=2**53)
    conversation: str | None = Field(None, max_length=64)
    idempotency_key: str | None = Field(None, min_length=1, max_length=128)


@router.post("/offers", dependencies=[Depends(Limited("offers"))])
def make_offer(request: Request, body: OfferBody, services: ServicesDep, listener: ListenerDep) -> JSONResponse:
    """Say what an act would cost."""
    question = question_of(services, body, listener, request.state.tier)
    again = FREE_BECAUSE if services.counter.is_repeat(question) else None
    return JSONResponse(services.offers.make(question, services.writer.name, free_because=again).as_json())


@router.post("/questions", status_code=201)
async def open_question(
    request: Request, body: QuestionBody, asking: Annotated[Asking, Depends(LimitedLater("questions"))]
) -> Response:
    """Open a ticket; whatever can refuse has refused when this returns.

    Who accepts `text/event-stream` reads the answer from this very response: the event `ticket` first, without an id,
    then what `GET …/events` streams. A line that breaks is taken up there.
    """
    services: Services = request.app.state.services
    return await services.desk.opened(partial(_opened, request, body, services, asking), run_in_threadpool)


def _opened(
    request: Request, body: QuestionBody, services: Services, asking: Asking, start: Callable[[Ticket], object]
) -> Response:
    listener = asking()
    ticket = ask(services, question_of(services, body, listener, request.state.tier), start)
    told = {
        "id": ticket.ident,
        "price_micros": ticket.price_micros,
        "tier": ticket.tier,
        "events": f"/api/questions/{ticket.ident}/events",
        "conversation": ticket.conversation,
        "ahead": services.desk.ahead(ticket.ident),
    }
    if ticket.free_because:
        told["free_because"] = ticket.free_because
    if STREAM in request.headers.get("accept", ""):
        response: Response = _streaming(request, services, ticket, listener, told)
    else:
        response = JSONResponse(told, status_code=201)
    response.headers["Location"] = f"/api/questions/{ticket.ident}"
    keep_listener(request, response)
    return response


@router.get("/questions/{ident}")
def answer_of(request: Request, ident: str, services: ServicesDep, listener: ListenerDep) -> JSONResponse:
    """Give the answer so far, or whole."""
    answer = read_answer(services, ident, listener, request.state.tier)
    said = disclosed(answer["writer"], services.settings.artist_name, quotes=quotes_notes(answer))
    return JSONResponse({**answer, **said}, headers=disclosure_headers(answer["writer"]))


@router.delete("/questions/{ident}", status_code=202)
def stop_answer(ident: str, services: ServicesDep, listener: ListenerDep) -> Response:
    """Stop the writing; what was shown stays."""
    services.counter.readable(ident, listener)
    services.processes.stop(ident)
    return Response(status_code=202)


@router.get("/questions/{ident}/events")
async def stream_answer(
    request: Request,
    ident: str,
    services: ServicesDep,
    listener: ListenerDep,
    last_event_id: Annotated[int, Header(ge=0, le=EVENTS_MAX)] = 0,
) -> Response:
    """Stream committed events, from after the one that the client saw last; closes after `done`."""
    asked = await asyncio.to_thread(services.counter.readable, ident, listener, request.state.tier)
    if last_event_id and await asyncio.to_thread(services.desk.is_over, ident, last_event_id):
        return Response(status_code=204)  # by the EventSource standard, nobody asks again after it
    events = _stream(services, ident, listener, request.state.standing, last_event_id)
    return Streamed(events, headers=disclosure_headers(asked.writer))


def question_of(services: Services, body: "OfferBody | QuestionBody", listener: Listener, tier: int) -> Question:
    """Clean and check what was sent."""
    asked = services.acts.question(body.act, body.question, body.thing, listener, tier)
    if isinstance(body, OfferBody):
        return replace(asked, conversation=body.conversation)
    return replace(
        asked,
        conversation=body.conversation,
        offer_id=body.offer_id,
        max_price_micros=body.max_price_micros,
        idempotency_key=body.idempotency_key,
    )


@dataclass(frozen=True, slots=True)
class Opened:
    """What a client is told of its ticket."""

    ident: str
    tier: int
    price_micros: int
    conversation: str
    writer: str
    free_because: str | None = None
    is_earlier: bool = False
    """Whether it was asked before, and nothing was started."""


def ask(services: Services, question: Question, start: Callable[[Ticket], object] | None = None) -> Opened:
    """Open and `start`, which the desk does if nobody else. A key or a question that was sent before starts nothing."""
    opened = services.counter.open(question)
    if isinstance(opened, Ticket):
        (start or services.desk.start)(opened)
        price, conversation = opened.hold.ceiling_micros, question.conversation or opened.ident
        tier, free_because = opened.standing.tier, opened.hold.offer.free_because
        return Opened(opened.ident, tier, price, conversation, services.writer.name, free_because)
    again = FREE_BECAUSE if opened.is_repeat else herself.FREE_BECAUSE if opened.writer == HERSELF else None
    conversation, price = opened.conversation, opened.price_micros
    return Opened(opened.ident, opened.tier, price, conversation, opened.writer, again, is_earlier=True)


def _streaming(
    request: Request, services: Services, ticket: Opened, listener: Listener, told: dict[str, Any]
) -> Streamed:
    """Tell the ticket, then the answer; one that was asked before is read like any other answer."""
    if ticket.is_earlier:
        services.counter.readable(ticket.ident, listener, request.state.tier)
    events = _stream(services, ticket.ident, listener, request.state.standing, 0, told)
    return Streamed(events, status_code=201, headers=disclosure_headers(ticket.writer))


async def _stream(
    services: Services,
    ident: str,
    listener: Listener,
    standing: Standing,
    after: int,
    ticket: dict[str, Any] | None = None,
) -> AsyncGenerator[str, None]:
    told_at = time.monotonic()
    yield "retry: 2000\n\n" if ticket is None else f"event: ticket\ndata: {json.dumps(ticket)}\n\n"
    async for events in allowed(services, ident, listener, after, standing):
        if events:
            yield "".join(map(sse, events))
        elif time.monotonic() - told_at < HEARTBEAT_S:
            continue
        else:
            yield ": still here\n\n"
        told_at = time.monotonic()


async def allowed(
    services: Services, ident: str, listener: Listener, after: int = 0, standing: Standing | None = None
) -> AsyncIterator[list[Event]]:
    """Let events through while the listener may read them; whatever is signed meanwhile counts at once.

    Several may come at the same time, and none where there is nothing new. `standing` is the one that she came with.
    A database that is away is waited for: a browser does not come back by itself to a stream that was refused.
    """
    highest = 0
    while True:
        try:
            async for events in _while_allowed(services, ident, listener, standing, after, highest):
                if events:
                    after, highest = events[-1].seq, max(highest, *(event.tier for event in events))
                yield events
        except Exception as error:
            if refusal_of(error) is None:
                raise
            standing = None  # it may have changed meanwhile
            yield []
            await asyncio.sleep(AWAY_S)
        else:
            return


async def _while_allowed(
    services: Services, ident: str, listener: Listener, standing: Standing | None, after: int, highest: int
) -> AsyncIterator[list[Event]]:
    now = await asyncio.to_thread(services.standings, listener) if standing is None else standing
    async for events in services.desk.events(ident, after):
        if not services.standings.surely_holds(now):
            now = await asyncio.to_thread(_now, services, listener, now)
        shown = []
        for event in events:
            if max(highest, event.tier) > now.tier:
                break
            highest, after = max(highest, event.tier), event.seq
            shown.append(event)
        is_shut = len(shown) < len(events) or highest > now.tier
        if is_shut or (not events and services.desk.is_revoked(ident)):
            yield [*shown, Event(after, "done", {"outcome": "revoked"})]
            return
        yield shown


def _now(services: Services, listener: Listener, standing: Standing) -> Standing:
    """Give a standing again, or another one where something may have changed it."""
    return services.standings(listener) if services.standings.may_differ(standing) else standing


def sse(event: Event) -> str:
    """Write one event in the form of the EventSource standard."""
    body: dict[str, Any] = event.body
    return f"id: {event.seq}\nevent: {event.kind}\ndata: {json.dumps(body, ensure_ascii=False)}\n\n"
