"""The operator's pages so far: sign in by the printed link, look through the eyes of a tier, sign out."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from presence.errors import NotSignedIn
from presence.sessions.operator import OPERATOR_COOKIE, SESSION_SECONDS
from presence.sessions.passkeys import OPERATOR
from presence.web.deps import ListenerDep, ServicesDep, cookie_name, set_cookie
from presence.web.limits import Limited
from presence.web.pages import render
from trustgraph import tier_named

router = APIRouter(prefix="/operator")


@router.get("", response_class=HTMLResponse)
def sign_in_page(request: Request, services: ServicesDep, listener: ListenerDep, token: str = "") -> HTMLResponse:
    """Ask for one click, so that a preview of the link does not spend it; who is in makes a passkey here."""
    page = render(request, "operator.html", token=token, passkeys=services.passkeys.count(OPERATOR))
    return HTMLResponse(page)


@router.post("", dependencies=[Depends(Limited("sign_ins"))])
def sign_in(request: Request, services: ServicesDep, token: Annotated[str, Form()]) -> RedirectResponse:
    """Spend the token, and open the studio."""
    secret = services.operator.sign_in(token)
    response = RedirectResponse("/studio", status_code=303)
    set_cookie(request, response, OPERATOR_COOKIE, secret, SESSION_SECONDS)
    return response


@router.post("/preview")
def preview(
    request: Request, services: ServicesDep, listener: ListenerDep, tier: Annotated[str, Form()]
) -> RedirectResponse:
    """Look through the eyes of a tier."""
    services.operator.look_as(listener.operator_session, tier_named(tier))
    return RedirectResponse("/", status_code=303)


@router.post("/sign-out")
def sign_out(request: Request, services: ServicesDep, listener: ListenerDep) -> RedirectResponse:
    """End the session."""
    secret = request.cookies.get(cookie_name(request, OPERATOR_COOKIE))
    if listener.operator_session is None or secret is None:
        raise NotSignedIn
    services.operator.sign_out(secret)
    response = RedirectResponse("/", status_code=303)
    response.delete_cookie(cookie_name(request, OPERATOR_COOKIE), path="/")
    return response
