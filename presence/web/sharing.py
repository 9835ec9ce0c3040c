"""What is seen where a link is sent: a picture of the room or of a night, and answers that a listener shares.

Whoever opens these is a stranger, and is shown what any stranger may read, whoever looks: nothing here depends on
who asks.
"""

import hashlib
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from presence.asking.shared import SharedAnswer
from presence.bootstrap import Services
from presence.errors import UnknownSource
from presence.languages import written_date, written_day
from presence.paying.priced import ACT_WORDS
from presence.web.deps import ListenerDep, ServicesDep
from presence.web.disclosure import disclosure_headers, label
from presence.web.drawing import HEIGHT, WIDTH, Picture, drawn
from presence.web.limits import Limited
from presence.web.pages import render
from presence.web.sets import heading_of
from trustgraph import Tier

router = APIRouter()
PUBLIC = int(Tier.PUBLIC)
KEPT_SECONDS = 300
PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""A browser that shows a picture by itself puts it on a page of its own making, with styles of its own."""
ROOM_PICTURE = "/card.png"
limited = Depends(Limited("documents"))
Token = Annotated[str, Path(pattern=r"^[\w-]{43}$")]


@router.get(ROOM_PICTURE)
def picture_of_room(request: Request, services: ServicesDep) -> Response:
    """Draw whose room this is and how much all may read there."""
    counts = services.library.counts(PUBLIC)
    told = [
        f"{count:,} {one if count == 1 else many}"
        for count, one, many in (
            (counts.notes, "note", "notes"),
            (counts.sets, "set", "sets"),
            (counts.releases, "record", "records"),
        )
        if count
    ]
    words = f"Ask {services.settings.artist_name}’s notes"
    return _sent(request, services, words, " · ".join(told))


@router.get("/sets/{ident}/card.png")
def picture_of_night(request: Request, ident: str, services: ServicesDep) -> Response:
    """Draw a night that is open to all; any other is none."""
    opened = services.library.row(ident, PUBLIC)
    if opened is None or opened.night is None:
        raise UnknownSource
    played = len(opened.items)
    below = [
        written_date(opened.night.date) if opened.night.date else "",
        f"{played:,} {'piece' if played == 1 else 'pieces'} played" if played else "",
    ]
    return _sent(request, services, heading_of(opened.night), " · ".join(part for part in below if part))


@router.post("/answers/{ident}/share", dependencies=[limited])
def share(ident: str, services: ServicesDep, listener: ListenerDep) -> RedirectResponse:
    """Let others see an answer of hers, as far as all may."""
    services.shares.share(ident, listener)
    return RedirectResponse(f"/answers/{ident}#share-{ident}", status_code=303)


@router.post("/answers/{ident}/share/end", dependencies=[limited])
def take_back(ident: str, services: ServicesDep, listener: ListenerDep) -> RedirectResponse:
    """Let nobody see it any more."""
    services.shares.take_back(ident, listener)
    return RedirectResponse(f"/answers/{ident}#share-{ident}", status_code=303)


@router.get("/shared/{token}", response_class=HTMLResponse)
def shared_page(request: Request, token: Token, services: ServicesDep, listener: ListenerDep) -> HTMLResponse:
    """Show what all may read of an answer that somebody shares."""
    shared = services.shares.read(token)
    page = render(
        request,
        "shared.html",
        shared=shared,
        kind=ACT_WORDS.get(shared.act, ACT_WORDS["ask"]),
        card_url=f"{services.origins.first}/shared/{token}/card.png",
        card_words=" ".join(_words_of(shared)),
    )
    # A link of this kind is for those whom it was sent to.
    headers = {"X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer", **disclosure_headers(shared.writer)}
    return HTMLResponse(page, headers=headers)


@router.get("/shared/{token}/card.png")
def picture_of_answer(request: Request, token: Token, services: ServicesDep) -> Response:
    """Draw the first line of it that all may read, or else only whose presence answered what kind of thing."""
    shared = services.shares.read(token)
    words, below = _words_of(shared)
    response = _sent(request, services, words, below)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _words_of(shared: SharedAnswer) -> tuple[str, str]:
    if not shared.lines:
        return ACT_WORDS.get(shared.act, ACT_WORDS["ask"]), written_day(shared.asked_at)
    first = shared.lines[0]
    return (f"“{first.text}”" if first.is_quoted else first.text), f"From “{first.title}”"


def _sent(request: Request, services: Services, words: str, below: str) -> Response:
    artist = services.settings.artist_name
    picture = drawn(Picture(artist, words, below, f"{label(artist)}."))
    mark = f'"{hashlib.sha256(picture).hexdigest()[:32]}"'
    headers = {
        "ETag": mark,
        "Cache-Control": f"public, max-age={KEPT_SECONDS}",
        "Content-Security-Policy": PICTURE_POLICY,
    }
    if mark in (one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")):
        return Response(status_code=304, headers=headers)
    return Response(picture, media_type="image/png", headers=headers)


__all__ = ["HEIGHT", "ROOM_PICTURE", "WIDTH", "router"]
