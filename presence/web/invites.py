"""Following an invite: who invites, for what, and one button."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from presence.errors import PresenceError
from presence.people.invites import Invite
from presence.problems import sentence_of
from presence.sessions.tokens import TOKEN_CHARS
from presence.web.deps import ListenerDep, ServicesDep
from presence.web.known import known, must_be_known
from presence.web.limits import Limited
from presence.web.pages import render

router = APIRouter(prefix="/invite")
Token = Annotated[str, Path(max_length=4 * TOKEN_CHARS)]  # one that was copied with more around it opens nothing
# The address is the secret: it is kept by no cache, and told to no other site. A stricter policy than this one, and
# browsers send the form with a null origin, which is refused as if it came from elsewhere.
_HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "same-origin"}


@router.get("/{token}", response_class=HTMLResponse)
def invite_page(request: Request, token: Token, services: ServicesDep, listener: ListenerDep) -> HTMLResponse:
    """Show what the invite opens; a preview of the link takes no place."""
    invite = services.people.invites.find(token)
    did = known(listener)
    has_place = did is not None and services.people.invites.has_taken(invite.ident, did)
    page = render(
        request,
        "invite.html",
        invite=invite,
        secret=token,
        refusal=None if has_place else _refusal(invite, services.people.invites.now()),
        has_place=has_place,
        terms=services.people.terms.of(1),
    )
    return HTMLResponse(page, headers=_HEADERS)


@router.post("/{token}", dependencies=[Depends(Limited("sign_ins"))])
def take_invite(request: Request, token: Token, services: ServicesDep, listener: ListenerDep) -> Response:
    """Take a place and come in; who is not known by a key yet is led to signing in."""
    is_page = "text/html" in request.headers.get("accept", "")
    if known(listener) is None and is_page:
        return RedirectResponse(f"/sign-in?next={quote(f'/invite/{token}', safe='')}", status_code=303)
    let_in = services.people.invites.take(token, must_be_known(listener))
    if is_page:
        return RedirectResponse(f"/invite/{token}", status_code=303, headers=_HEADERS)
    return JSONResponse({"tier": "follower", "until": let_in.until}, headers=_HEADERS)


def _refusal(invite: Invite, now: float) -> str | None:
    refusal: PresenceError | None = invite.refusal(now)
    return None if refusal is None else sentence_of(refusal)
