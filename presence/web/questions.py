"""The API of asking: a price, a ticket, a stream that can be resumed, the answer so far, stop."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from presence.asking.answer import Ticket
from presence.asking.contracts import Listener
from presence.asking.question import Question, cleaned, known_act
from presence.asking.transcripts import Event
from presence.bootstrap import Services
from presence.web.deps import ListenerDep, ServicesDep, keep_listener
from presence.web.disclosure import disclosed, disclosure_headers
from presence.web.limits import Limited

router = APIRouter(prefix="/api")

HEARTBEAT_S = 15.0


class OfferBody(BaseModel):
    """What a price is asked for."""

    model_config = ConfigDict(extra="forbid")

    question: str
    act: str | None = None


class QuestionBody(BaseModel):
    """A question, with the price that was agreed to or a cap."""

    model_config = ConfigDict(extra="forbid")

    question: str
    act: str | None = None
    offer_id: str | None = Field(None, max_length=64)
    max_price_micros: int | None = Field(None, ge=0, lt=2**53)
    conversation: str | None = Field(None, max_length=64)
    idempotency_key: str | None = Field(None, min_length=1, max_length=128)


@router.post("/offers", dependencies=[Depends(Limited("offers"))])
def make_offer(body: OfferBody, services: ServicesDep, listener: ListenerDep) -> JSONResponse:
    """Say what an act would cost."""
    text = cleaned(body.question, services.settings.asking.question_chars_max)
    offer = services.offers.make(text, known_act(body.act), listener, services.writer.name)
    return JSONResponse(offer.as_json())


@router.post("/questions", status_code=201, dependencies=[Depends(Limited("questions"))])
def open_question(request: Request, body: QuestionBody, services: ServicesDep, listener: ListenerDep) -> JSONResponse:
    """Open a ticket; whatever can refuse has refused when this returns."""
    ticket_id, tier, price_micros = ask(services, question_of(services, body, listener))
    response = JSONResponse(
        {
            "id": ticket_id,
            "price_micros": price_micros,
            "tier": tier,
            "events": f"/api/questions/{ticket_id}/events",
            "ahead": services.desk.ahead(ticket_id),
        },
        status_code=201,
        headers={"Location": f"/api/questions/{ticket_id}"},
    )
    keep_listener(request, response)
    return response


@router.get("/questions/{ident}")
def read_answer(ident: str, services: ServicesDep, listener: ListenerDep) -> JSONResponse:
    """Give the answer so far, or whole."""
    answer = services.answers.read(ident, listener)
    said = disclosed(answer["writer"], services.settings.artist_name)
    return JSONResponse({**answer, **said}, headers=disclosure_headers(answer["writer"]))


@router.delete("/questions/{ident}", status_code=202)
def stop_answer(ident: str, services: ServicesDep, listener: ListenerDep) -> Response:
    """Stop the writing; what was shown stays."""
    services.counter.readable(ident, listener)
    services.desk.stop(ident)
    return Response(status_code=202)


@router.get("/questions/{ident}/events")
async def stream_answer(
    ident: str,
    services: ServicesDep,
    listener: ListenerDep,
    last_event_id: Annotated[int, Header(ge=0)] = 0,
) -> StreamingResponse:
    """Stream committed events, from after the one that the client saw last; closes after `done`."""
    asked = await asyncio.to_thread(services.counter.readable, ident, listener)
    return StreamingResponse(
        _stream(services, ident, listener, last_event_id),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no", **disclosure_headers(asked.writer)},
    )


def question_of(services: Services, body: QuestionBody, listener: Listener) -> Question:
    """Clean and check what was sent."""
    text = cleaned(body.question, services.settings.asking.question_chars_max)
    return Question(
        text,
        listener,
        known_act(body.act),
        body.offer_id,
        body.max_price_micros,
        body.conversation,
        body.idempotency_key,
    )


def ask(services: Services, question: Question) -> tuple[str, int, int]:
    """Open and start; give the ticket's id, its tier and its price. A repeated key starts nothing."""
    opened = services.counter.open(question)
    if isinstance(opened, Ticket):
        services.desk.start(opened)
        return opened.ident, opened.standing.tier, opened.hold.ceiling_micros
    return opened.ident, opened.tier, opened.price_micros


async def _stream(services: Services, ident: str, listener: Listener, after: int) -> AsyncIterator[str]:
    told_at = time.monotonic()
    yield "retry: 2000\n\n"
    async for event in _allowed(services, ident, listener, after):
        if event is not None:
            yield sse(event)
        elif time.monotonic() - told_at < HEARTBEAT_S:
            continue
        else:
            yield ": still here\n\n"
        told_at = time.monotonic()


async def _allowed(services: Services, ident: str, listener: Listener, after: int) -> AsyncIterator[Event | None]:
    """Let events through while the listener may read them; whatever is signed meanwhile counts at once."""
    standing = await asyncio.to_thread(services.standings, listener)
    highest = 0
    async for event in services.desk.events(ident, after):
        highest = max(highest, event.tier if event else 0)
        after = event.seq if event else after
        if await asyncio.to_thread(services.standings.may_differ, standing):
            standing = await asyncio.to_thread(services.standings, listener)
        if highest > standing.tier or (event is None and services.desk.is_revoked(ident)):
            yield Event(after, "done", {"outcome": "revoked"})
            return
        yield event


def sse(event: Event) -> str:
    """Write one event in the form of the EventSource standard."""
    body: dict[str, Any] = event.body
    return f"id: {event.seq}\nevent: {event.kind}\ndata: {json.dumps(body, ensure_ascii=False)}\n\n"
