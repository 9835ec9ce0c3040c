"""Signing in with a key: a challenge, a signature over it, a session."""

from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response

from presence.errors import SignInUnsafe
from presence.sessions.listener import LISTENER_COOKIE, ident_of
from presence.sessions.listeners import KEY_SECONDS, SESSION_COOKIE
from presence.sessions.origins import is_safe_for_secrets
from presence.sessions.tokens import well_formed
from presence.web.deps import ListenerDep, ServicesDep, cookie_name, cookie_of, set_cookie
from presence.web.limits import Limited
from presence.web.trust import EnvelopeDep

router = APIRouter(prefix="/auth")
limited = Depends(Limited("sign_ins"))


def safe_place(request: Request) -> None:
    """Refuse to sign anybody in where the session could be read on its way."""
    if not is_safe_for_secrets(request.url.scheme, request.headers.get("host", "")):
        raise SignInUnsafe


@router.post("/challenge", dependencies=[limited])
def challenge(request: Request, services: ServicesDep) -> JSONResponse:
    """Give what a client has to sign, once, within a minute."""
    safe_place(request)
    told: dict[str, Any] = services.challenges.new(request.headers.get("host", ""))
    return JSONResponse(told)


@router.post("/session", status_code=201, dependencies=[limited])
def begin(request: Request, envelope: EnvelopeDep, services: ServicesDep, listener: ListenerDep) -> JSONResponse:
    """Open a session for the key that signed; what was asked from this browser before is hers from now on.

    Who came by mail before brings her own key with it: what the held one had is that one's now.
    """
    safe_place(request)
    did = services.challenges.proven(envelope)
    if listener.how == "mail" and listener.did is not None and listener.did != did:
        moved = services.held_keys.move(listener.did, did)
        if moved is not None:
            services.people.arrivals.with_own_key(moved.mailbox, listener.did, did, had=moved.had)
    token = well_formed(cookie_of(request, LISTENER_COOKIE))
    secret = services.sessions.begin(did, asked_as=ident_of(token) if token else None)
    response = JSONResponse({"did": did, "seconds": KEY_SECONDS}, status_code=201)
    set_cookie(request, response, SESSION_COOKIE, secret, KEY_SECONDS)
    return response


@router.delete("/session", status_code=204)
def end(request: Request, services: ServicesDep) -> Response:
    """End the session at once."""
    secret = well_formed(cookie_of(request, SESSION_COOKIE))
    response = Response(status_code=204)
    if secret is not None:
        services.sessions.end(secret)
        response.delete_cookie(cookie_name(request, SESSION_COOKIE), path="/")
    return response
