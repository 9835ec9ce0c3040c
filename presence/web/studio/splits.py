"""Who shares in what is paid: collaborators with their links, what was agreed with them, and what was before."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from billing.errors import SplitWrong
from billing.shares import ARTIST, hundredths
from billing.splits import NAME_CHARS_MAX, NODE, Party, Split, stands
from knowledge.errors import UnknownNote
from presence.asking.question import thing_bought
from presence.bootstrap import Services
from presence.languages import later, said
from presence.paying.sharing import link_of
from presence.problems import sentence_of
from presence.web.amounts import with_a_point
from presence.web.deps import ServicesDep
from presence.web.splits import part
from presence.web.studio.frame import render_studio, room_of_the_studio
from trustgraph import Tier

router = room_of_the_studio()
PAGE = "/studio/splits"
PARTIES_MAX = 100
SCOPE_CHARS_MAX = 160
_NOT_KEPT = {"Cache-Control": "no-store"}
Column = Annotated[list[str], Form(max_length=PARTIES_MAX + 1)]
Scope = Annotated[str, Form(max_length=SCOPE_CHARS_MAX)]
EVERYTHING = later("Everything")
GONE = later("Something that is not here any more")
NEWS = {
    "proposed": later("Written down. It holds as soon as everybody who is named has agreed."),
    "holds": later("It holds from now on."),
    "ended": later("Ended. What was paid before stays as it was divided."),
}


@dataclass(frozen=True, slots=True)
class Told:
    """An agreement as the artist reads it; `waits_for` are the names of those who have not agreed."""

    split: Split
    about: str
    shares: tuple[tuple[str, str], ...]
    waits_for: tuple[str, ...]
    state: str


@router.get("/splits", response_class=HTMLResponse)
def splits_page(
    request: Request,
    services: ServicesDep,
    about: Annotated[str, Query(max_length=SCOPE_CHARS_MAX)] = NODE,
    news: Annotated[str, Query(max_length=20)] = "",
) -> HTMLResponse:
    """Show who shares in what, with a form for a new agreement; `about` chooses what it begins with."""
    return _page(request, services, scope=about, news=NEWS.get(news, ""))


@router.post("/splits")
def propose(
    request: Request,
    services: ServicesDep,
    scope: Scope,
    party: Column,
    percent: Column,
) -> Response:
    """Write an agreement down; it holds when everybody who is named has agreed to it."""
    typed = dict(zip(party, (with_a_point(text.strip()) for text in percent), strict=False))
    try:
        if scope not in _scopes(services):
            raise SplitWrong("Choose what is shared.")
        shares = {who: hundredths(text) for who, text in typed.items() if text and hundredths(text)}
        version = services.paying.splits.propose(scope, shares)
    except SplitWrong as error:
        return _page(request, services, scope=scope, typed=typed, wrong=sentence_of(error), status_code=422)
    made = next(one for one in services.paying.splits.listed() if one.version == version)
    return RedirectResponse(f"{PAGE}?news={'holds' if made.is_agreed else 'proposed'}", status_code=303)


@router.post("/splits/end")
def end(services: ServicesDep, scope: Scope) -> RedirectResponse:
    """End what is agreed for something; the wider agreement holds again, or everything is the artist's."""
    services.paying.splits.end(scope)
    return RedirectResponse(f"{PAGE}?news=ended", status_code=303)


@router.post("/splits/people", response_class=HTMLResponse)
def add_party(request: Request, services: ServicesDep, name: Annotated[str, Form(max_length=400)]) -> HTMLResponse:
    """Add a collaborator, and show her link, once."""
    try:
        party, word = services.paying.splits.add_party(name)
    except SplitWrong as error:
        return _page(request, services, name=name, wrong_name=sentence_of(error), status_code=422)
    return _link(request, services, party, word)


@router.post("/splits/people/link", response_class=HTMLResponse)
def new_link(request: Request, services: ServicesDep, party: Annotated[str, Form(max_length=40)]) -> HTMLResponse:
    """Give a collaborator another link, and show it once; the one before ends."""
    word = services.paying.splits.new_word(party)
    hers = next(one for one in services.paying.splits.parties() if one.ident == party)
    return _link(request, services, hers, word)


def _page(
    request: Request,
    services: Services,
    *,
    scope: str = NODE,
    news: str = "",
    typed: Mapping[str, str] | None = None,
    wrong: str = "",
    name: str = "",
    wrong_name: str = "",
    status_code: int = 200,
) -> HTMLResponse:
    splits, names = services.paying.splits, _scopes(services)
    parties, every = splits.parties(), splits.listed()
    called = {one.ident: one.name for one in parties} | {ARTIST: services.settings.artist_name}
    named = names | {one.scope: _before(services, one.scope) for one in every if one.scope not in names}
    told = [_told(one, every, called, named) for one in every]
    page = render_studio(
        request,
        "splits.html",
        parties=parties,
        artist_party=ARTIST,
        scopes=names,
        scope=scope if scope in names else NODE,
        typed=typed if typed is not None else {ARTIST: "100"},
        holding=[one for one in told if one.state == "holds"],
        waiting=[one for one in told if one.state == "waits"],
        past=[one for one in told if one.state in ("ended", "replaced")],
        owed={one.ident: services.paying.payables.owed(one.ident) for one in parties},
        news=news,
        wrong=wrong,
        name=name,
        wrong_name=wrong_name,
        name_chars_max=NAME_CHARS_MAX,
    )
    return HTMLResponse(page, status_code=status_code, headers=_NOT_KEPT)


def _link(request: Request, services: Services, party: Party, word: str) -> HTMLResponse:
    page = render_studio(request, "split_link.html", party=party, link=link_of(services.origins.first, word))
    return HTMLResponse(page, headers=_NOT_KEPT)


def _told(split: Split, every: list[Split], called: Mapping[str, str], names: Mapping[str, str]) -> Told:
    return Told(
        split,
        names[split.scope],
        tuple((called.get(who, who), part(share)) for who, share in sorted(split.shares.items(), key=_artist_first)),
        tuple(called.get(who, who) for who in split.shares if who not in split.accepted),
        stands(split, every),
    )


def _artist_first(share: tuple[str, int]) -> tuple[bool, int, str]:
    return share[0] != ARTIST, -share[1], share[0]


def _before(services: Services, scope: str) -> str:
    """Name what is not shown under this name now: an earlier version of a note, one that was taken back, or nothing."""
    kind, _, ident = scope.partition(":")
    try:
        versions = services.library.shelf.history(ident) if kind == "note" else []
    except UnknownNote:
        versions = []
    shown = [one for one in versions if one.is_live] or versions
    return said("The note “{title}”", title=shown[0].title) if shown else GONE


def _scopes(services: Services) -> dict[str, str]:
    """Name everything that can be shared: all of it, each record, each note."""
    records = {
        thing_bought(thing): said("The record “{title}”", title=thing.name)
        for thing in services.acts.things.every(int(Tier.INNER))
        if thing.kind == "release"
    }
    notes = {
        f"note:{note.ident}": said("The note “{title}”", title=note.title) for note in services.library.shelf.notes()
    }
    return {NODE: EVERYTHING} | records | notes
