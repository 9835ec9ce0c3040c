"""What was answered: which answers hold no more, and an answer put right by a note of the artist."""

from functools import reduce
from typing import Annotated, Any

from fastapi import Form, Query, Request
from fastapi.responses import HTMLResponse, Response

from presence.asking.reports import report_of
from presence.bootstrap import Services
from presence.errors import NothingWritten, UnknownQuestion
from presence.languages import later, together
from presence.problems import sentence_of, status_of
from presence.web.deps import ServicesDep
from presence.web.studio.frame import render_studio, room_of_the_studio
from presence.web.studio.shelves import REFUSED, TIERS, back_to, leaf_of, plain_lines, tier_asked

router = room_of_the_studio()
PAGE = "/studio/answers"
Short = Annotated[str, Query(max_length=80)]


@router.get("/answers", response_class=HTMLResponse)
def answers_page(
    request: Request, services: ServicesDep, stale: Short = "", page: Annotated[int, Query(ge=1, le=1_000_000)] = 1
) -> HTMLResponse:
    """Show the answers that rest on notes, the newest first, or those that the notes do not bear out any more."""
    if stale:
        past, pages = services.answers.past(stale=True), 1
    else:
        past, pages = services.answers.page(page)
    leaf = leaf_of(PAGE, min(page, pages), pages, {"stale": stale})
    return HTMLResponse(render_studio(request, "answers.html", past=past, stale=bool(stale), leaf=leaf))


@router.get("/answers/{ident}", response_class=HTMLResponse)
def answer_page(
    request: Request, ident: str, services: ServicesDep, done: Short = "", note: Short = ""
) -> HTMLResponse:
    """Show an answer as it was given, and a field to put it right."""
    return HTMLResponse(_answer(request, services, _shown(services, ident), done=done, note=note))


@router.post("/answers/{ident}/correct")
def correct(
    request: Request,
    ident: str,
    services: ServicesDep,
    text: Annotated[str, Form()] = "",
    tier: Annotated[str, Form(max_length=40)] = "",
    told: Annotated[str, Form(max_length=8)] = "",
    because: Annotated[str, Form(max_length=2_000)] = "",
) -> Response:
    """Make a note of what it ought to say; who asked is led there, and who reported is told."""
    answer, typed, at = _shown(services, ident), plain_lines(text), tier_asked(tier)
    try:
        note = _kept(services, answer, typed, at, is_told=bool(told))
        if because.strip() and report_of(services.database, ident) is not None:
            services.reports.close(ident, because)
    except REFUSED as refusal:
        kept: dict[str, Any] = {
            "typed": typed,
            "chosen": at,
            "told": bool(told),
            "because": because,
            "refusal": sentence_of(refusal),
        }
        return HTMLResponse(_answer(request, services, answer, **kept), status_code=status_of(refusal))
    return back_to(f"{PAGE}/{ident}", done="corrected", note=note)


@router.post("/correct/begin", response_class=HTMLResponse)
def begin_correcting(
    request: Request,
    services: ServicesDep,
    question: Annotated[str, Form(max_length=4_000)] = "",
    text: Annotated[str, Form()] = "",
    tier: Annotated[str, Form(max_length=40)] = "",
) -> HTMLResponse:
    """Write a note under a question, from an answer that was only tried; nothing is kept yet."""
    answer = {"id": "", "question": question, "text": plain_lines(text), "sources_tier": tier_asked(tier) or 0}
    return HTMLResponse(_answer(request, services, answer))


@router.post("/correct")
def correct_tried(
    request: Request,
    services: ServicesDep,
    question: Annotated[str, Form(max_length=4_000)] = "",
    text: Annotated[str, Form()] = "",
    tier: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Make a note of what the answer ought to say; nobody asked, so nobody is told."""
    typed, at = plain_lines(text), tier_asked(tier)
    answer = {"id": "", "question": " ".join(question.split()), "text": "", "sources_tier": 0}
    try:
        note = _kept(services, answer, typed, at, is_told=False)
    except REFUSED as refusal:
        page = _answer(request, services, answer, typed=typed, chosen=at, refusal=sentence_of(refusal))
        return HTMLResponse(page, status_code=status_of(refusal))
    return back_to(f"/studio/notes/{note}", done="edited") if note else back_to("/studio/notes")


def _shown(services: Services, ident: str) -> dict[str, Any]:
    """Give an answer that rests on notes or was reported; any other question was never shown to the artist."""
    answer = services.answers.whole(ident)
    if not answer["citations"] and report_of(services.database, ident) is None:
        raise UnknownQuestion
    return answer


def _kept(services: Services, answer: dict[str, Any], text: str, tier: int | None, *, is_told: bool) -> str | None:
    if not any(char.isalnum() for char in text) or not answer["question"] or tier is None:
        raise NothingWritten("There is nothing to keep yet. Write what the answer ought to say, and who may see it.")
    report = services.inbox.correct(answer["id"], answer["question"], text, tier=tier, is_told=is_told)
    if report.count("refused"):
        why = later("This cannot be read as a note. Write it in sentences.")
        remarks = report.files[0].remarks
        raise NothingWritten(reduce(together, remarks) if remarks else why)
    return services.library.shelf.document_of(report.import_id)


def _answer(
    request: Request,
    services: Services,
    answer: dict[str, Any],
    *,
    typed: str | None = None,
    chosen: int | None = None,
    told: bool = True,
    because: str = "",
    refusal: str = "",
    done: str = "",
    note: str = "",
) -> str:
    report = report_of(services.database, answer["id"]) if answer["id"] else None
    return render_studio(
        request,
        "answer.html",
        answer=answer,
        report=None if report is None or report.is_closed else report,
        typed=answer["text"] if typed is None else typed,
        chosen=answer["sources_tier"] if chosen is None else chosen,
        told=told,
        because=because,
        refusal=refusal,
        done=done,
        note=note,
        tiers=TIERS,
    )
