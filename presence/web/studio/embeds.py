"""Elsewhere: the artist's own sites, the sites on whose pages her room may stand in small, and her feed."""

from html import escape
from typing import Annotated

from fastapi import Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from presence.bootstrap import Services
from presence.errors import SiteWrong
from presence.languages import later, said
from presence.problems import sentence_of
from presence.sites.embedding import ORIGIN_CHARS_MAX, PER_DAY, PER_DAY_MAX, PER_VISITOR
from presence.sites.own import ADDRESS_CHARS_MAX
from presence.web.deps import ServicesDep
from presence.web.discovery import FEED
from presence.web.studio.frame import render_studio, room_of_the_studio

router = room_of_the_studio()
PAGE = "/studio/elsewhere"
_NOT_KEPT = {"Cache-Control": "no-store"}
Address = Annotated[str, Form(max_length=1_000)]
Count = Annotated[str, Form(max_length=9)]
NEWS = {
    "confirmed": later("Your site links back here: it is confirmed, and your room shows it."),
    "unconfirmed": later("Your site is named. It is not confirmed yet: see what is missing."),
    "removed": later("Taken off the list."),
    "allowed": later("Your room may stand there from now on."),
}


@router.get("/elsewhere", response_class=HTMLResponse)
def elsewhere_page(
    request: Request, services: ServicesDep, news: Annotated[str, Query(max_length=20)] = ""
) -> HTMLResponse:
    """Show her sites, where the room may stand, and the feed."""
    return _page(request, services, news=NEWS.get(news, ""))


@router.post("/elsewhere/sites")
def add_site(request: Request, services: ServicesDep, address: Address = "") -> Response:
    """Name a site of hers, or look at one again: whether it links back here is seen at once."""
    try:
        site = services.sites.own.add(address)
    except SiteWrong as error:
        return _page(request, services, typed={"address": address}, wrong=("address", sentence_of(error)))
    return _on("confirmed" if site.confirmed else "unconfirmed")


@router.post("/elsewhere/sites/remove")
def remove_site(services: ServicesDep, address: Address) -> RedirectResponse:
    """Take a site of hers off the list."""
    services.sites.own.remove(address)
    return _on("removed")


@router.post("/elsewhere/rooms")
def add_room(
    request: Request,
    services: ServicesDep,
    origin: Address = "",
    per_visitor: Count = str(PER_VISITOR),
    per_day: Count = str(PER_DAY),
) -> Response:
    """Let the room stand on a site, for so many questions a day; one that is listed gets the new numbers."""
    try:
        services.sites.embeds.add(origin, _count(per_visitor), _count(per_day))
    except SiteWrong as error:
        typed = {"origin": origin, "per_visitor": per_visitor, "per_day": per_day}
        return _page(request, services, typed=typed, wrong=("origin", sentence_of(error)))
    return _on("allowed")


@router.post("/elsewhere/rooms/remove")
def remove_room(services: ServicesDep, origin: Address) -> RedirectResponse:
    """Let the room stand there no more; it ends at once."""
    services.sites.embeds.remove(origin)
    return _on("removed")


def _page(
    request: Request,
    services: Services,
    *,
    news: str = "",
    typed: dict[str, str] | None = None,
    wrong: tuple[str, str] | None = None,
) -> HTMLResponse:
    here = services.origins.first
    page = render_studio(
        request,
        "elsewhere.html",
        sites=services.sites.own.all(),
        rooms=services.sites.embeds.all(),
        me=f'<a rel="me" href="{here}/">{escape(services.settings.artist_name)}</a>',
        tag=f'<script src="{here}/embed.js"></script>',
        here=here,
        feed=f"{here}{FEED}",
        news=news,
        typed={"address": "", "origin": "", "per_visitor": str(PER_VISITOR), "per_day": str(PER_DAY)} | (typed or {}),
        wrong=dict([wrong]) if wrong is not None else {},
        address_chars_max=ADDRESS_CHARS_MAX,
        origin_chars_max=ORIGIN_CHARS_MAX,
    )
    return HTMLResponse(page, status_code=200 if wrong is None else 422, headers=_NOT_KEPT)


def _on(news: str) -> RedirectResponse:
    return RedirectResponse(f"{PAGE}?news={news}", status_code=303)


def _count(text: str) -> int:
    """Read how many questions a day; what is no number is none that can be."""
    text = text.strip()
    if not (text.isascii() and text.isdigit()):
        raise SiteWrong(said("How many questions a day are taken is a number, from 1 to {most}.", most=PER_DAY_MAX))
    return int(text)
