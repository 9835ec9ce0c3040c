"""The nights that were played: a list by year, and a page for each with its timeline, its sound and its notes."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from knowledge import SourceSentence, Thing, Walk
from knowledge.facts.opened import OpenRow
from knowledge.facts.phrases import night_of, place_of
from knowledge.facts.played import Night
from presence.bootstrap import Services
from presence.errors import UnknownSource
from presence.web.deps import ListenerDep, ServicesDep
from presence.web.heard import recordings_of
from presence.web.pages import render
from presence.web.pricing import acts_on
from trustgraph import Tier

router = APIRouter(prefix="/sets")

TOGETHER_MAX = 60
PUBLIC = int(Tier.PUBLIC)


@dataclass(frozen=True, slots=True)
class Pin:
    """A note that speaks of a night or of a moment in it, and where it does."""

    title: str
    speaker: str
    url: str
    tier: int


@router.get("", response_class=HTMLResponse)
def sets_page(
    request: Request,
    services: ServicesDep,
    listener: ListenerDep,
    year: Annotated[int | None, Query(ge=0, le=9999)] = None,
) -> HTMLResponse:
    """List the nights of one year, with the way to the others; without one all of them, or the newest of many."""
    tier = request.state.tier
    years, nights = services.leaves.nights(tier, year)
    if year is None and len(nights) > TOGETHER_MAX:
        year = next(iter(years))
        nights = services.leaves.nights(tier, year)[1]
    heads = [(night, heading_of(night)) for night in nights]
    return HTMLResponse(render(request, "sets.html", years=years, year=year, nights=heads))


@router.get("/{ident}", response_class=HTMLResponse)
def set_page(request: Request, ident: str, services: ServicesDep, listener: ListenerDep) -> Response:
    """Show a night: what was played when, what can be heard, and which notes speak of it."""
    tier = request.state.tier
    opened = services.library.row(ident, tier)
    if opened is None:
        raise UnknownSource
    thing = services.acts.things.find(ident, tier)
    if thing is None or thing.kind != "event" or opened.night is None:
        return RedirectResponse(f"/rows/{ident}", status_code=303)
    walk = services.acts.walks.walk(thing, tier)
    page = render(
        request,
        "set.html",
        opened=opened,
        heading=heading_of(opened.night),
        meant=night_of(opened.night),
        recordings=recordings_of(services, thing, tier),
        pins=pins_of(walk),
        about=_about(services, thing, walk, tier),
        links=[link for link in services.leaves.links(thing, tier) if link.url.startswith("http")],
        licence=services.leaves.licence(thing, tier),
        acts=acts_on(request, services, listener, opened),
        **_card(services, opened),
    )
    return HTMLResponse(page)


def _card(services: Services, opened: OpenRow) -> dict[str, str]:
    """Give the picture of a night that is open to all; the page of any other has the room's."""
    night = services.library.row(opened.row.ident, PUBLIC)
    if night is None or night.night is None:
        return {}
    url = f"{services.origins.first}/sets/{opened.row.ident}/card.png"
    return {"card_url": url, "card_words": heading_of(night.night)}


def heading_of(night: Night) -> str:
    """Give what a page about a night is called; a title that stands by itself needs no marks around it."""
    place = place_of(night) or night.row.title
    bare = place[1:-1]
    return bare if place == f"“{bare}”" and "”" not in bare else place


def pins_of(walk: Walk | None) -> dict[str, list[Pin]]:
    """Give the notes that name a piece of a night, by the piece's id, each note once."""
    return {step.item.ident: _each_once(step.said) for step in walk.steps if step.said} if walk is not None else {}


def _about(services: Services, thing: Thing, walk: Walk | None, tier: int) -> list[Pin]:
    """Give the notes about the night as a whole."""
    if walk is not None:
        return _each_once(walk.opening)
    found = services.acts.things.notes(thing, tier)
    return _each_once(found.sentences) if found is not None else []


def _each_once(sentences: tuple[SourceSentence, ...]) -> list[Pin]:
    found: dict[str, Pin] = {}
    for one in sentences:
        passage = one.passage
        url = f"/sources/{passage.ident}#s{one.index}"
        found.setdefault(passage.document_id, Pin(passage.title, passage.speaker, url, passage.tier))
    return list(found.values())
