"""The artist's people: who asks, by which links they come, who introduced whom. For the operator alone.

Followers are let in here by the door's key. Whatever needs the artist's own is signed in her browser.
"""

import io
from typing import Annotated

import segno
from fastapi import Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from presence.bootstrap import Services
from presence.errors import UnknownInvite
from presence.people.requests import AT_ONCE_MAX
from presence.people.requests import Request as FollowRequest
from presence.sessions.tokens import TOKEN_CHARS
from presence.web.deps import ListenerDep, ServicesDep
from presence.web.people import picture
from presence.web.studio.frame import render_studio, room_of_the_studio

router = room_of_the_studio()
PAGE = "/studio/people"
HOUR_SECONDS = 3600
_NOT_KEPT = {"Cache-Control": "no-store"}
Dids = Annotated[list[str] | None, Form(max_length=1_000)]


@router.get("/people", response_class=HTMLResponse)
def people_page(request: Request, services: ServicesDep, listener: ListenerDep) -> HTMLResponse:
    """Show requests, links, and everybody who was let in."""
    people = services.people
    waiting, whole = people.requests.waiting(), people.tree.whole()
    page = render_studio(
        request,
        "people.html",
        waiting=waiting,
        odd=_odd(services, waiting),
        at_once_max=AT_ONCE_MAX,
        door_is_open=people.door.is_open,
        doubt=services.trust.doubt,
        invites=people.invites.all(),
        now=people.invites.now(),
        follow=people.rules.follow,
        tree_seen_by=people.rules.tree_seen_by,
        whole=whole,
        picture=picture(services, whole.people) if whole.people else "",
    )
    return HTMLResponse(page)


@router.post("/people/let-in")
def let_in(
    request: Request,
    services: ServicesDep,
    listener: ListenerDep,
    did: Dids = None,
    oldest: Annotated[str, Form()] = "",
    confirmed: Annotated[str, Form()] = "",
) -> Response:
    """Let in as followers, by the door's key: fifty at once, after one look at their names."""
    chosen = [one for one in services.people.requests.waiting() if not one.needs_artist]
    if not oldest:
        chosen = [one for one in chosen if one.did in set(did or ())]
    if not confirmed:
        some = chosen[:AT_ONCE_MAX]
        return HTMLResponse(render_studio(request, "let_in.html", chosen=some, odd=_odd(services, some)))
    services.people.requests.let_in(one.did for one in chosen)
    return RedirectResponse(PAGE, status_code=303)


@router.post("/people/dismiss")
def dismiss(services: ServicesDep, did: Dids = None) -> RedirectResponse:
    """Put requests away; nobody is told."""
    services.people.requests.dismiss(did or ())
    return RedirectResponse(PAGE, status_code=303)


@router.post("/people/rules")
def set_rules(
    services: ServicesDep,
    follow: Annotated[str, Form()],
    tree_seen_by: Annotated[str, Form()],
    per_day: Annotated[int | None, Form()] = None,
) -> RedirectResponse:
    """Say how one becomes a follower, and who may see the tree."""
    services.people.rules.set_follow(follow, per_day)
    services.people.rules.set_tree_seen_by(tree_seen_by)
    return RedirectResponse(PAGE, status_code=303)


@router.post("/invites", response_class=HTMLResponse)
def make_invite(
    request: Request,
    services: ServicesDep,
    listener: ListenerDep,
    people: Annotated[int, Form()],
    hours: Annotated[float, Form()],
    label: Annotated[str, Form(max_length=400)] = "",
) -> HTMLResponse:
    """Make a link, and show it once."""
    made, token = services.people.invites.make(label, people_max=people, seconds=hours * HOUR_SECONDS)
    page = render_studio(request, "invite.html", invite=made, link=link_of(services, token), secret=token)
    return HTMLResponse(page, headers=_NOT_KEPT)


@router.post("/invites/{ident}/close")
def close_invite(ident: str, services: ServicesDep) -> RedirectResponse:
    """Let nobody more in by a link."""
    services.people.invites.close(ident)
    return RedirectResponse(PAGE, status_code=303)


@router.get("/invites/{ident}.svg")
def invite_code(
    ident: str, services: ServicesDep, token: Annotated[str, Query(max_length=TOKEN_CHARS)] = ""
) -> Response:
    """Draw a link as a code for cameras; its secret is not kept here, so it comes with the request."""
    if services.people.invites.find(token).ident != ident:
        raise UnknownInvite
    drawing = io.BytesIO()
    code = segno.make(link_of(services, token), error="m", micro=False)
    code.save(drawing, kind="svg", scale=8, border=4, dark="#000", light="#fff", xmldecl=False, nl=False)
    return Response(drawing.getvalue(), media_type="image/svg+xml", headers=_NOT_KEPT)


def link_of(services: Services, token: str) -> str:
    """Give the address of an invite."""
    return f"{services.origins.first}/invite/{token}"


def _odd(services: Services, asking: list[FollowRequest]) -> dict[str, list[str]]:
    """Say what is odd about the names of those who ask, by key."""
    named = {one.did: one.name for one in asking if one.name}
    return services.people.names.odd(named, services.settings.artist_name)
