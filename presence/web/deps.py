"""What handlers are given: the services, and who is asking."""

from typing import Annotated

from fastapi import Depends, Request, Response

from presence.asking.contracts import Listener
from presence.bootstrap import Services
from presence.sessions.listener import LISTENER_COOKIE, LISTENER_SECONDS, ident_of
from presence.sessions.listeners import SESSION_COOKIE
from presence.sessions.operator import OPERATOR_COOKIE
from presence.sessions.tokens import new_token, well_formed
from trustgraph import Tier

# What a key opens at most that the node holds for somebody.
HELD_TIER_MAX = int(Tier.SUPPORTER)


def services_of(request: Request) -> Services:
    """Give the live objects that the lifespan put there."""
    services: Services = request.app.state.services
    return services


def cookie_name(request: Request, name: str) -> str:
    """Where there is TLS, a cookie says that it belongs to this host alone."""
    return f"__Host-{name}" if request.url.scheme == "https" else name


def listener_of(request: Request, services: "ServicesDep") -> Listener:
    """Say who asks: by a session, or else by a cookie that names nobody and is kept only once she asks."""
    token = well_formed(request.cookies.get(cookie_name(request, LISTENER_COOKIE)))
    request.state.listener_token = token or new_token()
    operator = services.operator.session(request.cookies.get(cookie_name(request, OPERATOR_COOKIE)))
    session = services.sessions.find(well_formed(request.cookies.get(cookie_name(request, SESSION_COOKIE))))
    listener = Listener(ident_of(request.state.listener_token), operator)
    if session is not None:
        tier_max = HELD_TIER_MAX if session.how == "mail" else int(Tier.INNER)
        listener = Listener(session.did, operator, session.did, tier_max, session.how)
    request.state.listener = listener
    request.state.operator_session = operator
    request.state.tier = services.standings(listener).tier
    return listener


def keep_listener(request: Request, response: Response) -> None:
    """Set the cookie that owns this listener's questions."""
    set_cookie(request, response, LISTENER_COOKIE, request.state.listener_token, LISTENER_SECONDS)


def set_cookie(request: Request, response: Response, name: str, value: str, seconds: int) -> None:
    """Set a cookie that scripts cannot read and other sites cannot send."""
    response.set_cookie(
        cookie_name(request, name),
        value,
        max_age=seconds,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
        path="/",
    )


ServicesDep = Annotated[Services, Depends(services_of)]
ListenerDep = Annotated[Listener, Depends(listener_of)]
