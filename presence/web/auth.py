"""Signing in with a key: a challenge, a signature over it, a session."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from presence.errors import SignInUnsafe
from presence.sessions.listener import LISTENER_COOKIE, ident_of
from presence.sessions.listeners import KEY_SECONDS, SESSION_COOKIE
from presence.sessions.origins import is_safe_for_secrets
from presence.sessions.tokens import well_formed
from presence.web.deps import ServicesDep, cookie_name, set_cookie
from presence.web.trust import EnvelopeDep

router = APIRouter(prefix="/auth")


def safe_place(request: Request) -> None:
    """Refuse to sign anybody in where the session could be read on its way."""
    if not is_safe_for_secrets(request.url.scheme, request.headers.get("host", "")):
        raise SignInUnsafe


@router.post("/challenge")
def challenge(request: Request, services: ServicesDep) -> JSONResponse:
    """Give what a client has to sign, once, within a minute."""
    safe_place(request)
    told: dict[str, Any] = services.challenges.new(request.headers.get("host", ""))
    return JSONResponse(told)


@router.post("/session", status_code=201)
def begin(request: Request, envelope: EnvelopeDep, services: ServicesDep) -> JSONResponse:
    """Open a session for the key that signed; what was asked from this browser before is hers from now on."""
    safe_place(request)
    did = services.challenges.proven(envelope)
    token = well_formed(request.cookies.get(cookie_name(request, LISTENER_COOKIE)))
    secret = services.sessions.begin(did, asked_as=ident_of(token) if token else None)
    response = JSONResponse({"did": did, "seconds": KEY_SECONDS}, status_code=201)
    set_cookie(request, response, SESSION_COOKIE, secret, KEY_SECONDS)
    return response


@router.delete("/session", status_code=204)
def end(request: Request, services: ServicesDep) -> Response:
    """End the session at once."""
    secret = well_formed(request.cookies.get(cookie_name(request, SESSION_COOKIE)))
    if secret is not None:
        services.sessions.end(secret)
    response = Response(status_code=204)
    response.delete_cookie(cookie_name(request, SESSION_COOKIE), path="/")
    return response
