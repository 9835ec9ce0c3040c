"""The listener's pages: ask, read an answer, open the place a citation came from."""

import asyncio
from contextlib import suppress
from dataclasses import asdict, replace
from itertools import takewhile
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from knowledge.facts.phrases import night_of, place_of
from presence.asking.acts import RECOMMEND
from presence.asking.answering import Ticket
from presence.asking.contracts import Listener, Outcome
from presence.asking.question import Question
from presence.asking.transcripts import Asked
from presence.bootstrap import Services
from presence.errors import UnknownQuestion, UnknownSource
from presence.languages import speaking, wording
from presence.languages.choosing import ENGLISH
from presence.telling.kinds import Kind
from presence.web.beside import read_answer
from presence.web.deps import ListenerDep, ServicesDep, keep_listener
from presence.web.disclosure import disclosure_headers, label, linked_data
from presence.web.discovery import artist_data
from presence.web.heard import of_sentences, recordings_of
from presence.web.limits import Limited
from presence.web.pages import render
from presence.web.pricing import act_on, acts_on, offer_now
from presence.web.spoken_in import language_asked
from presence.web.who_writes import WhoWrites, who_writes
from presence.web.with_her import with_her

router = APIRouter()

QUESTION_SHOWN_CHARS_MAX = 1_000
GO_AGAIN = (Outcome.FAILED, Outcome.STOPPED, Outcome.REVOKED)
"""Whoever comes back from such an end and sends the same form wants it anew."""
# A page whose answer is still being written looks again after so many seconds.
LOOK_AGAIN_S = 2


@router.get("/", response_class=HTMLResponse)
def room(
    request: Request,
    services: ServicesDep,
    listener: ListenerDep,
    q: Annotated[str, Query(max_length=QUESTION_SHOWN_CHARS_MAX)] = "",
) -> HTMLResponse:
    """Who this is, what it knows, and a box to ask in; `q` stands in it already, and is not sent."""
    tier = request.state.tier
    counts = services.library.counts(tier)
    page = render(
        request,
        "room.html",
        counts=counts,
        examples=services.library.examples(tier),
        offer=offer_now(request, services, listener),
        acts=[act_on(request, services, Question(RECOMMEND, listener, "recommend"))] if counts.documents else [],
        looking_in=services.stepping_in.chosen(listener.ident),
        who_writes=who_writes(services),
        sites=services.sites.own.all(),
        artist_data=artist_data(services),
        teased=services.people.terms.teased(tier),
        prices=services.paying.pricing.current()[1],
        words=q,
        question_chars_max=services.settings.asking.question_chars_max,
    )
    return HTMLResponse(page)


@router.post("/ask", dependencies=[Depends(Limited("questions"))])
async def ask_without_scripts(
    request: Request,
    services: ServicesDep,
    listener: ListenerDep,
    question: Annotated[str, Form()] = "",
    act: Annotated[str | None, Form(max_length=16)] = None,
    thing: Annotated[str | None, Form(max_length=64)] = None,
    conversation: Annotated[str | None, Form(max_length=64)] = None,
    max_price_micros: Annotated[int | None, Form(ge=0, lt=2**53)] = None,
    once: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    """Answer a plain form: wait for the answer, then lead to its page. Pressed twice, it is one question."""

    def asked() -> Ticket | Asked:
        made = services.acts.question(act or None, question, thing, listener, request.state.tier)
        made = replace(made, conversation=conversation or None, max_price_micros=max_price_micros)
        if once:  # the mark of a page, from which more than one question may be asked
            before = services.counter.open(replace(made, idempotency_key=f"{once}:{made.body_sha256}"))
            if isinstance(before, Ticket) or before.outcome not in GO_AGAIN:
                return before
        return services.counter.open(made)

    opened = await asyncio.to_thread(asked)
    if isinstance(opened, Ticket):
        writing = asyncio.wrap_future(services.desk.start(opened))
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(writing), services.settings.asking.page_wait_seconds)
    response = RedirectResponse(f"/answers/{opened.ident}", status_code=303)
    keep_listener(request, response)
    return response


@router.get("/answers/{ident}", response_class=HTMLResponse)
def answer_page(request: Request, ident: str, services: ServicesDep, listener: ListenerDep) -> Response:
    """Show an answer with its sources; to anybody else, the note by which the artist answered it, if it is open."""
    try:
        answer = read_answer(services, ident, listener, request.state.tier)
    except UnknownQuestion:
        # A mail that says that there is an answer may be read on another device than the one that asked.
        given = services.answers.given(ident, request.state.tier)
        if given is None:
            raise
        return RedirectResponse(given, status_code=303)
    page = shown_answer(request, services, listener, answer)
    return HTMLResponse(page, headers=disclosure_headers(answer["writer"]))


def shown_answer(
    request: Request,
    services: Services,
    listener: Listener,
    answer: dict[str, Any],
    *,
    email: str = "",
    email_wrong: str = "",
) -> str:
    """Render the page of an answer as its listener reads it; of what is no address, the field says so."""
    ident = answer["id"]
    context = services.conversations.context(listener, answer["conversation"], request.state.tier)
    return render(
        request,
        "answer.html",
        answer=answer,
        offer=offer_now(request, services, listener),
        earlier=list(takewhile(lambda turn: turn.ident != ident, context.turns)),
        look_again_s=LOOK_AGAIN_S,
        linked_data=linked_data(answer, services.settings.artist_name, f"{services.origins.first}/answers/{ident}"),
        **_sharing(services, answer),
        **_hearing(services, listener, answer, email, email_wrong),
        **with_her(services, listener, answer),
    )


@router.get("/answers/{ident}/fragment", response_class=HTMLResponse)
def answer_fragment(request: Request, ident: str, services: ServicesDep, listener: ListenerDep) -> HTMLResponse:
    """Give the inside of a finished answer, for the page that streamed it."""
    answer = read_answer(services, ident, listener, request.state.tier)
    offer, hearing = offer_now(request, services, listener), _hearing(services, listener, answer)
    page = render(request, "_answer.html", answer=answer, offer=offer, **hearing)
    return HTMLResponse(page, headers=disclosure_headers(answer["writer"]))


def _sharing(services: Services, answer: dict[str, Any]) -> dict[str, Any]:
    """Say whether an answer can be shared, and where it is, if it is."""
    token = services.shares.token_of(answer["id"])
    shared_at = f"{services.origins.first}/shared/{token}" if token is not None else None
    return {"may_share": answer["outcome"] == Outcome.ANSWERED and "human" not in answer, "shared_at": shared_at}


def _hearing(
    services: Services, listener: Listener, answer: dict[str, Any], email: str = "", email_wrong: str = ""
) -> dict[str, Any]:
    """Say whether she will hear back of a question that is with the artist, and at which address."""
    told = {"sends": services.outbox.sends, "email": email, "email_wrong": email_wrong}
    if "forwarded" not in answer:
        return {"hearing": told}
    telling = services.telling
    address = telling.addresses.of(listener.ident)
    by_mail = telling.choices.of(listener.ident)[Kind.QUESTION_ANSWERED].mail
    confirmed = address.confirmed if by_mail else None
    return {"hearing": {**told, "confirmed": confirmed, "waiting": address.waiting}}


@router.get("/sources/{ident}", response_class=HTMLResponse)
def source_page(request: Request, ident: str, services: ServicesDep, listener: ListenerDep) -> HTMLResponse:
    """Open the place a citation came from."""
    opened = services.library.passage(ident, request.state.tier)
    if opened is None:
        raise UnknownSource
    text, moments = opened.passage.text, of_sentences(services, opened, request.state.tier)
    sentences = []
    last = 0
    for (start, end, line, time), moment in zip(opened.sentences, moments, strict=True):
        heard = moment.url if moment is not None else None
        told = {"before": text[last:start], "text": text[start:end], "line": line, "time": time, "heard": heard}
        sentences.append(told)
        last = end
    page = render(request, "source.html", opened=opened, sentences=sentences)
    return HTMLResponse(page)


@router.get("/rows/{ident}", response_class=HTMLResponse)
def row_page(request: Request, ident: str, services: ServicesDep, listener: ListenerDep) -> HTMLResponse:
    """Open a row that an answer was counted from, with the whole night that it belongs to."""
    opened = services.library.row(ident, request.state.tier)
    if opened is None:
        raise UnknownSource
    heading = place_of(opened.night) or opened.row.title if opened.night else opened.row.title
    thing = services.acts.things.find(ident, request.state.tier)
    page = render(
        request,
        "row.html",
        opened=opened,
        heading=heading,
        meant=night_of(opened.night) if opened.night else "",
        thing=thing,
        recordings=recordings_of(services, thing, request.state.tier),
        pins={},
        acts=acts_on(request, services, listener, opened),
    )
    return HTMLResponse(page)


def _in_words(request: Request, told: WhoWrites) -> WhoWrites:
    """Say it in the language that a page's script asks for; other programs get English."""
    with speaking(language_asked(request) or ENGLISH, request.app.state.services.settings.artist_name):
        return replace(told, sentence=wording(told.sentence))


@router.get("/api/node")
def node(request: Request, services: ServicesDep, listener: ListenerDep) -> JSONResponse:
    """What this presence is and who writes here now."""
    readiness = services.engine_readiness()
    counts = services.library.counts(request.state.tier)
    return JSONResponse(
        {
            "artist": services.settings.artist_name,
            "ai": True,
            "label": label(services.settings.artist_name),
            "writer": services.writer.name,
            "artist_is_here": services.stepping_in.lamp.is_lit,
            "engine": {"state": readiness.state, "percent": readiness.percent},
            "who_writes": asdict(_in_words(request, who_writes(services))),
            "documents": counts.documents,
            "sets": counts.sets,
            "releases": counts.releases,
        }
    )
