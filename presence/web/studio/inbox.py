"""The inbox: what the notes could not answer and listeners gave to the artist, like questions together."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from knowledge.tiering import TIER_NAMES
from presence.asking.inbox import Group
from presence.bootstrap import Services
from presence.errors import NothingWritten
from presence.problems import sentence_of, status_of
from presence.web.deps import ServicesDep
from presence.web.studio.frame import render_studio, room_of_the_studio
from presence.web.studio.shelves import REFUSED, back_to, plain_lines, tier_asked

router = room_of_the_studio()
PAGE = "/studio/inbox"
Short = Annotated[str, Query(max_length=80)]


@dataclass(frozen=True, slots=True)
class Choice:
    """A tier that an answer can be for, and how many of those who asked would not see it there."""

    tier: int
    slug: str
    unheard: int


@router.get("/inbox", response_class=HTMLResponse)
def inbox_page(
    request: Request,
    services: ServicesDep,
    done: Short = "",
    note: Short = "",
    unheard: Annotated[int, Query(ge=0, lt=10**9)] = 0,
) -> HTMLResponse:
    """Show what waits, the largest group first."""
    waiting = services.inbox.groups()
    names = services.people.names.of_all({name for group in waiting for name in group.names})
    page = render_studio(request, "inbox.html", waiting=waiting, names=names, done=done, note=note, unheard=unheard)
    return HTMLResponse(page)


@router.get("/inbox/{ident}", response_class=HTMLResponse)
def group_page(request: Request, ident: str, services: ServicesDep) -> HTMLResponse:
    """Show one group, with a field for the answer."""
    return HTMLResponse(_group(request, services, services.inbox.group(ident)))


@router.post("/inbox/{ident}/answer")
def answer(
    request: Request,
    ident: str,
    services: ServicesDep,
    text: Annotated[str, Form()] = "",
    tier: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Make a note of the answer; whoever asked and may see it is told."""
    typed, at = plain_lines(text), tier_asked(tier)
    group = services.inbox.group(ident)
    try:
        if not any(char.isalnum() for char in typed) or at is None:
            raise NothingWritten("There is no answer yet. Write it, and say who may see it.")
        group, report = services.inbox.answer(ident, typed, name="answer.md", tier=at)
    except REFUSED as refusal:
        page = _group(request, services, group, typed=typed, tier=at, refusal=sentence_of(refusal))
        return HTMLResponse(page, status_code=status_of(refusal))
    kept = at if report.files[0].tier is None else report.files[0].tier
    unheard = sum(count for asked, count in group.tiers.items() if asked < kept)
    document = services.library.shelf.document_of(report.import_id)
    return back_to(PAGE, done="answered", note=document, unheard=unheard or "")


@router.post("/inbox/{ident}/put-away")
def put_away(ident: str, services: ServicesDep) -> RedirectResponse:
    """Put a group away without an answer; nobody is told."""
    services.inbox.dismiss(ident)
    return back_to(PAGE, done="away")


def _group(
    request: Request,
    services: Services,
    group: Group,
    *,
    typed: str = "",
    tier: int | None = None,
    refusal: str = "",
) -> str:
    lowest = min(group.tiers)
    choices = [
        Choice(one, slug, sum(count for asked, count in group.tiers.items() if asked < one))
        for one, slug in enumerate(TIER_NAMES)
    ]
    return render_studio(
        request,
        "inbox_group.html",
        group=group,
        names=services.people.names.of_all(set(group.names)),
        choices=choices,
        chosen=lowest if tier is None else tier,
        typed=typed,
        refusal=refusal,
    )
