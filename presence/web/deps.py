"""What handlers are given: the services, and who is asking."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request, Response
from fastapi.concurrency import run_in_threadpool

from billing import Allowance
from presence.asking.contracts import Listener
from presence.bootstrap import Services
from presence.errors import BodyTooLarge, SignatureWrong
from presence.sessions.bearer import ANYBODY, carried
from presence.sessions.listener import LISTENER_COOKIE, LISTENER_SECONDS, ident_of
from presence.sessions.listeners import SESSION_COOKIE
from presence.sessions.operator import OPERATOR_COOKIE
from presence.sessions.signed_requests import SIGNATURE_HEADERS, Message
from presence.sessions.tokens import new_token, well_formed
from presence.web.clients import client_of
from trustgraph import Tier

if TYPE_CHECKING:
    from presence.web.limits import Limits

# What a key opens at most that the node holds for somebody.
HELD_TIER_MAX = int(Tier.SUPPORTER)


async def services_of(request: Request) -> Services:
    """Give the live objects that the lifespan put there; as a coroutine it needs no thread."""
    services: Services = request.app.state.services
    return services


def cookie_name(request: Request, name: str) -> str:
    """Where there is TLS, a cookie says that it belongs to this host alone."""
    return f"__Host-{name}" if request.scope["scheme"] == "https" else name


def cookie_of(request: Request, name: str) -> str | None:
    """Give a cookie; none where the request says by itself who sends it."""
    return cookies_of(request, name)[0]


def cookies_of(request: Request, *names: str) -> list[str | None]:
    """Give cookies; none where the request says by itself who sends it."""
    if not request.cookies or speaks_for_itself(request):
        return [None] * len(names)
    return [request.cookies.get(cookie_name(request, name)) for name in names]


def is_signed(request: Request) -> bool:
    """Whether a request claims to be signed by itself (RFC 9421)."""
    return any(name in request.headers for name in SIGNATURE_HEADERS)


def speaks_for_itself(request: Request) -> bool:
    """Whether a request claims to say by itself who sends it."""
    return is_signed(request) or bearer_of(request) is not None


def bearer_of(request: Request) -> str | None:
    """Give the bearer that a request carries."""
    return carried(request.headers.getlist("authorization"))


async def _signed_body(request: Request, services: Services) -> bytes | None:
    """Give the body that a signed request came with; nothing is read ahead of any other."""
    if not is_signed(request):
        return None
    bytes_max = services.settings.asking.body_bytes_max
    length = request.headers.get("content-length", "0")
    if "transfer-encoding" in request.headers or not length.isdigit() or int(length) > bytes_max:
        raise BodyTooLarge(bytes_max)
    try:
        return await request.body()
    except RuntimeError as error:  # somebody has read it as a form
        raise SignatureWrong("Forms are for browsers. Send what you sign as JSON.") from error


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks: known at once, or looked up where one may wait for the database, with what is to be done then."""

    known: Listener | None
    look_up: Callable[[], Listener]

    def __call__(self) -> Listener:
        return self.known or self.look_up()


async def asking_of(request: Request) -> Asking:
    """Say who asks: by a signature, a bearer, a session, or a cookie that names nobody, in this order.

    A signature or a bearer that does not hold is refused when it is looked up; it never falls back to what comes
    after it. Nothing is looked up for who says nothing of herself, and no thread is needed for that.
    """
    services: Services = request.app.state.services
    body = await _signed_body(request, services)
    looks_up = partial(_listening, request, services, body)
    is_known = body is None and bearer_of(request) is None and not _has_session(request)
    return Asking(looks_up() if is_known else None, looks_up)


async def listener_of(request: Request) -> Listener:
    """Say the same, looked up on a thread."""
    asking = await asking_of(request)
    if asking.known is not None:
        return asking.known
    return await run_in_threadpool(asking.look_up)


def _has_session(request: Request) -> bool:
    return cookies_of(request, OPERATOR_COOKIE, SESSION_COOKIE) != [None, None]


def _listening(request: Request, services: Services, body: bytes | None) -> Listener:
    if body is not None:
        listener = _signer(request, services, body)
    elif (bearer := bearer_of(request)) is not None:
        listener = _bearer(request, services, bearer)
    else:
        listener = _visitor(request, services)
    request.state.listener = listener
    request.state.operator_session = listener.operator_session
    listener = replace(listener, client=services.paying.client_name(client_of(request)))
    request.state.standing = services.standings(listener)
    request.state.tier = request.state.standing.tier
    return listener


def _signer(request: Request, services: Services, body: bytes) -> Listener:
    limits: Limits = request.app.state.limits
    limits.count(limits.signed, [client_of(request)])
    did = services.signed_requests.signer_of(_message(request), body)
    return Listener(did, did=did, how="signature")


def _bearer(request: Request, services: Services, bearer: str) -> Listener:
    if bearer == ANYBODY:
        return Listener(ident_of(new_token()))
    key = services.bearers.find(bearer, request.headers.get("origin"))
    # Who reads a page elsewhere is not its owner: what is asked there is not among her questions.
    ident = key.did if key.origin is None else f"embed:{key.ident}"
    request.state.embedded_in = key.origin
    spend = key.spend_micros_per_day
    allowance = None if spend is None else Allowance(f"key:{key.ident}", spend)
    return Listener(ident, None, key.did, key.tier_max, key.kind, key.questions_per_day, allowance=allowance)


def _visitor(request: Request, services: Services) -> Listener:
    token, of_operator, of_session = cookies_of(request, LISTENER_COOKIE, OPERATOR_COOKIE, SESSION_COOKIE)
    request.state.listener_token = well_formed(token) or new_token()
    operator = services.operator.session(of_operator)
    session = services.sessions.find(well_formed(of_session))
    if session is None:
        return Listener(ident_of(request.state.listener_token), operator)
    tier_max = HELD_TIER_MAX if session.how == "mail" else int(Tier.INNER)
    return Listener(session.did, operator, session.did, tier_max, session.how)


def _message(request: Request) -> Message:
    """Give a request as it came over the line: its path is not decoded, its host is what it was addressed to."""
    scope = request.scope
    path = scope.get("raw_path") or scope["path"].encode()
    query = b"?" + scope["query_string"] if scope["query_string"] else b""
    url = f"{request.url.scheme}://{request.headers.get('host', '')}{(path + query).decode('latin-1')}"
    return Message(request.method, url, request.headers)


def keep_listener(request: Request, response: Response) -> None:
    """Set the cookie that owns this listener's questions; who says by itself who she is needs none."""
    token = getattr(request.state, "listener_token", None)
    if token is not None:
        set_cookie(request, response, LISTENER_COOKIE, token, LISTENER_SECONDS)


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
