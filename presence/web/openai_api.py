"""Asking in OpenAI's shape, at `/v1`: for the clients and the chats that people have already.

It is the same walk as everywhere: the same tiers, prices and sources, and everything that can refuse has refused
before the first byte. Who hangs up does not stop an answer.
"""

import asyncio
import json
import time
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Request
from fastapi.responses import JSONResponse, Response

from presence.asking.contracts import Listener, Outcome
from presence.asking.steps import Event
from presence.bootstrap import Services
from presence.errors import AnswerFailed, TierTooLow, UnknownModel
from presence.web.beside import named_beside
from presence.web.deps import ListenerDep, ServicesDep, keep_listener
from presence.web.disclosure import disclosure_headers, how_written, label
from presence.web.limits import Limited
from presence.web.openai_reply import Reply
from presence.web.openai_request import CITED, MODELS, ChatBody, is_first, question_in
from presence.web.questions import HEARTBEAT_S, QuestionBody, allowed, ask, question_of
from presence.web.streaming import Streamed

router = APIRouter(prefix="/v1")

CONVERSATION_HEADER = "Presence-Conversation"


@router.get("/models")
def list_models(services: ServicesDep, listener: ListenerDep) -> JSONResponse:
    """List what answers here, in OpenAI's shape: the presence, and the same with its sources in the text."""
    return JSONResponse({"object": "list", "data": [_model(services, ident) for ident in MODELS]})


@router.get("/models/{ident:path}")
def show_model(ident: str, services: ServicesDep, listener: ListenerDep) -> JSONResponse:
    """Tell of one of these, in OpenAI's shape."""
    if ident not in MODELS:
        raise UnknownModel(ident)
    return JSONResponse(_model(services, ident))


@router.post("/chat/completions", dependencies=[Depends(Limited("questions"))])
async def complete_chat(
    request: Request,
    body: ChatBody,
    services: ServicesDep,
    listener: ListenerDep,
    conversation: Annotated[str | None, Header(alias=CONVERSATION_HEADER)] = None,
    idempotency_key: Annotated[str | None, Header()] = None,
) -> Response:
    """Answer the last question of a chat, whole or as a stream with a chunk for each verified sentence."""
    asked = question_in(body, listener, conversation=conversation, key=idempotency_key)
    reply = await asyncio.to_thread(_begun, request, services, listener, asked, body)
    if body.stream:
        with_usage = body.stream_options is not None and body.stream_options.include_usage
        response: Response = Streamed(_stream(services, reply, listener, with_usage=with_usage))
    else:
        response = JSONResponse(await _whole(services, reply, listener))
    response.headers.update(disclosure_headers(reply.asked.writer))
    response.headers[CONVERSATION_HEADER] = reply.conversation
    keep_listener(request, response)
    return response


def _model(services: Services, ident: str) -> dict[str, Any]:
    artist = services.settings.artist_name
    name = f"{label(artist)}, with sources in the text" if ident == CITED else label(artist)
    return {"id": ident, "object": "model", "created": 0, "owned_by": artist, "name": name, "ai_generated": True}


def _begun(request: Request, services: Services, listener: Listener, asked: QuestionBody, body: ChatBody) -> Reply:
    """Open the ticket, or find the one that was opened before; whatever can refuse refuses here."""
    opened = ask(services, question_of(services, asked, listener, request.state.tier))
    kept = services.counter.readable(opened.ident, listener)
    artist = services.settings.artist_name
    return Reply(
        kept,
        opened.conversation,
        artist,
        services.origins.of(request.headers.get("host", "")),
        is_labelled=opened.conversation == opened.ident and is_first(body, how_written(kept.writer, artist)),
        free_because=opened.free_because,
        model=body.model,
    )


async def _whole(services: Services, reply: Reply, listener: Listener) -> dict[str, Any]:
    for _ in reply.opened():
        continue
    async for events in _heard(services, reply, listener):
        for event in events:
            for _ in reply.heard(event):
                continue
    if reply.outcome is Outcome.REVOKED:
        raise TierTooLow
    if reply.outcome is Outcome.FAILED:
        raise AnswerFailed
    return reply.completion()


async def _stream(
    services: Services, reply: Reply, listener: Listener, *, with_usage: bool
) -> AsyncGenerator[str, None]:
    told_at = time.monotonic()
    for chunk in reply.opened():
        yield _line(chunk)
    async for events in _heard(services, reply, listener):
        if events:
            yield "".join(_line(chunk) for event in events for chunk in reply.heard(event))
            told_at = time.monotonic()
        elif time.monotonic() - told_at >= HEARTBEAT_S:
            yield ": still here\n\n"
            told_at = time.monotonic()
    if (failure := reply.failure) is not None:
        yield _line(failure)
    elif with_usage:
        yield _line(reply.usage_chunk())
    yield "data: [DONE]\n\n"


async def _heard(services: Services, reply: Reply, listener: Listener) -> AsyncIterator[list[Event]]:
    """Let events through as `allowed` does; before the end of an answer it is looked up what is named beside it."""
    said, citations = list[str](), list[dict[str, Any]]()
    ident = reply.asked.ident
    async for events in allowed(services, ident, listener):
        for event in events:
            if event.kind == "sentence":
                said.append(event.body["text"])
                citations += event.body.get("cited", ())
            elif event.kind == "done":
                reply.beside = await asyncio.to_thread(named_beside, services, ident, listener, said, citations)
        yield events


def _line(chunk: dict[str, Any]) -> str:
    return f"data: {json.dumps(chunk, ensure_ascii=False)}\n\n"
