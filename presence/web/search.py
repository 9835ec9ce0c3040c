"""Search: places in the notes, nights and records that are open to whoever looks, page by page."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from knowledge import SourcePassage
from knowledge.about import folded
from presence.bootstrap import Services
from presence.errors import RoomClosed
from presence.web.clients import client_of
from presence.web.deps import ListenerDep, ServicesDep
from presence.web.limits import Limits
from presence.web.pages import render

router = APIRouter(prefix="/search")

WORDS_CHARS_MAX = 200
PAGE = 10
PAGES_MAX = 10
THINGS_MAX = 6
BEGINNING_CHARS = 220


@dataclass(frozen=True, slots=True)
class Place:
    """A passage that was found: its note, and the words of it that say why."""

    title: str
    heading: str
    speaker: str
    date: str
    url: str
    tier: int
    words: str


@router.get("", response_class=HTMLResponse)
def search_page(
    request: Request,
    services: ServicesDep,
    listener: ListenerDep,
    q: Annotated[str, Query(max_length=WORDS_CHARS_MAX)] = "",
    page: Annotated[int, Query(ge=1, le=PAGES_MAX)] = 1,
) -> HTMLResponse:
    """Look for words; where a tier may not ask, it does not search either."""
    words, tier = " ".join(q.split()), request.state.tier
    values: dict[str, Any] = {"words": words, "places": [], "things": [], "number": page, "has_more": False}
    values["by_words"] = True
    if words:
        if listener.operator_session is None and not services.people.terms.of(tier).may_ask:
            raise RoomClosed
        limits: Limits = request.app.state.limits
        limits.count(limits.offers, [client_of(request), listener.did])
        found = services.search.passages(words, tier)[: PAGE * PAGES_MAX]
        shown = found[(page - 1) * PAGE : page * PAGE]
        values["places"] = [_place(one.passage, words) for one in shown]
        values["by_words"] = not found or any(one.lexical for one in found)
        values["has_more"] = len(found) > page * PAGE and page < PAGES_MAX
        values["things"] = _things(services, words, tier) if page == 1 else []
    return HTMLResponse(render(request, "search.html", **values))


def _things(services: Services, words: str, tier: int) -> list[Any]:
    """Give the nights and records whose name or date says all of the words."""
    wanted = folded(words).split()
    found = [one for one in services.acts.things.every(tier) if _says(" ".join((one.name, *one.dates)), wanted)]
    return found[:THINGS_MAX]


def _says(name: str, wanted: list[str]) -> bool:
    said = folded(name)
    return all(word in said for word in wanted)


def _place(passage: SourcePassage, words: str) -> Place:
    return Place(
        passage.title, passage.heading, passage.speaker, passage.date, f"/sources/{passage.ident}", passage.tier,
        _telling(passage.text, folded(words).split()),
    )  # fmt: skip


def _telling(text: str, wanted: list[str]) -> str:
    """Give the stretch of a passage that says most of the words, cut between words."""
    plain = " ".join(text.split())
    at = max(0, min((where for word in wanted if (where := plain.casefold().find(word)) >= 0), default=0) - 60)
    begin = 0 if at == 0 else plain.find(" ", at) + 1
    end = plain.rfind(" ", begin, begin + BEGINNING_CHARS) if len(plain) - begin > BEGINNING_CHARS else len(plain)
    return ("… " if begin else "") + plain[begin:end] + (" …" if end < len(plain) else "")
