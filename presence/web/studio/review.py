"""Review: lines of set lists that were not understood, and nights without a date; each mended where it stands."""

import asyncio
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Form, Query, Request
from fastapi.responses import HTMLResponse, Response

from knowledge.review import UnreadLines
from presence.bootstrap import Services
from presence.languages import later
from presence.problems import sentence_of, status_of
from presence.web.deps import ServicesDep
from presence.web.studio.frame import render_studio, room_of_the_studio
from presence.web.studio.shelves import REFUSED, back_to, plain_lines

router = room_of_the_studio()
PAGE = "/studio/review"
NOTES_SHOWN_MAX = 20
UNDATED_SHOWN_MAX = 30
DONE = {
    "mended": later("Mended. It is read like this from now on."),
    "some": later("Kept, but not all of it is understood yet; look at the lines below once more."),
    "dated": later("The date is kept."),
    "left": later("They stay as they are, and are not asked about any more."),
}


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed for one note, and why it was not taken."""

    document_id: str = ""
    values: dict[str, str] = field(default_factory=dict)
    refused: str = ""


@router.get("/review", response_class=HTMLResponse)
def review_page(
    request: Request, services: ServicesDep, done: Annotated[str, Query(max_length=20)] = ""
) -> HTMLResponse:
    """Show what may be looked at again."""
    return HTMLResponse(_page(request, services, Typed(), done=DONE.get(done, "")))


@router.post("/review/{ident}/lines")
async def mend_lines(ident: str, request: Request, services: ServicesDep) -> Response:
    """Give the lines of one note other words; an empty one is taken out."""
    async with request.form() as form:
        values = {name: plain_lines(value) for name, value in form.items() if isinstance(value, str)}
    return await asyncio.to_thread(_mended, request, services, ident, values)


@router.post("/review/{ident}/leave")
def leave(ident: str, services: ServicesDep) -> Response:
    """Leave the lines of one note as they are."""
    found = _unread(services, ident)
    if found is not None:
        services.bringing.mending.leave(found)
    return back_to(PAGE, done="left")


@router.post("/review/{ident}/date")
def set_date(
    ident: str, request: Request, services: ServicesDep, date: Annotated[str, Form(max_length=40)] = ""
) -> Response:
    """Say when a night was."""
    try:
        services.bringing.mending.date(ident, date)
    except REFUSED as refusal:
        typed = Typed(ident, {"date": date}, sentence_of(refusal))
        return HTMLResponse(_page(request, services, typed), status_code=status_of(refusal))
    return back_to(PAGE, done="dated")


def waiting(services: Services) -> int:
    """Count the lines that are to be looked at."""
    return sum(len(one.lines) for one in services.bringing.mending.to_mend(services.review.unread()))


def _mended(request: Request, services: Services, ident: str, values: dict[str, str]) -> Response:
    found = _unread(services, ident)
    lines = found.lines if found else ()
    changed = {was: values[f"line-{at}"] for at, was in enumerate(lines) if values.get(f"line-{at}") not in (None, was)}
    if not changed:
        return back_to(PAGE)
    try:
        report = services.bringing.mending.lines(ident, changed)
    except REFUSED as refusal:
        typed = Typed(ident, values, sentence_of(refusal))
        return HTMLResponse(_page(request, services, typed), status_code=status_of(refusal))
    now = services.library.shelf.document_of(report.import_id)
    left = _unread(services, now) if now else None
    return back_to(PAGE, done="some" if left else "mended")


def _unread(services: Services, ident: str) -> UnreadLines | None:
    return next((one for one in services.review.unread() if one.document_id == ident), None)


def _page(request: Request, services: Services, typed: Typed, *, done: str = "") -> str:
    unread = services.bringing.mending.to_mend(services.review.unread())
    undated, undated_count = services.review.undated(UNDATED_SHOWN_MAX)
    return render_studio(
        request,
        "review.html",
        unread=unread[:NOTES_SHOWN_MAX],
        unread_more=len(unread) - NOTES_SHOWN_MAX,
        lines=sum(len(one.lines) for one in unread),
        undated=undated,
        undated_count=undated_count,
        typed=typed,
        done=done,
    )
