"""OAuth 2.1: programs register, a listener is asked, and what they get is a key as she could have made it herself.

The protocol's own handlers check what comes (`mcp.server.auth`); what is registered, asked and agreed to is sealed and
handed on, so that nothing is kept for a program that nobody lets in.
"""

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import parse_qs, urlsplit

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import ValidationError

from presence.bootstrap import Services
from presence.errors import BearerWrong, OwnKeyNeeded, ProgramWrong, UnknownKey
from presence.sessions.bearer import LABEL_CHARS_MAX
from presence.sessions.letting_in import (
    ADDRESSES_MAX,
    ASKED_CHARS_MAX,
    NAME_CHARS_MAX,
    PUBLIC,
    SECRET,
    Asked,
    Program,
    is_an_address_to_come_back_to,
    place_of,
    with_answer,
)
from presence.sessions.listeners import SESSION_COOKIE
from presence.sessions.tokens import well_formed
from presence.web.clients import client_of
from presence.web.deps import ListenerDep, ServicesDep, cookie_of
from presence.web.key_form import KeyForm, choices
from presence.web.keys import OwnKeyDep
from presence.web.limits import Limited
from presence.web.pages import render
from presence.web.protected import RESOURCES

if TYPE_CHECKING:
    from mcp.server.auth.handlers.authorize import AuthorizationHandler
    from mcp.server.auth.handlers.token import TokenHandler

    from presence.web.letting_in_provider import Provider

router = APIRouter()
SERVER = "/.well-known/oauth-authorization-server"
AUTHORIZE, CONSENT, TOKEN = "/oauth/authorize", "/oauth/consent", "/oauth/token"
FORM = "application/x-www-form-urlencoded"
NOT_KEPT = {"Cache-Control": "no-store"}
ASKING = {
    **NOT_KEPT,
    # A window that a program opened stays its own, so that it hears what comes back.
    "Cross-Origin-Opener-Policy": "unsafe-none",
}
limited = Depends(Limited("keys"))
Sealed = Annotated[str, Query(max_length=ASKED_CHARS_MAX)]


@router.get(SERVER)
def about_letting_in(request: Request, services: ServicesDep) -> JSONResponse:
    """Say how a program is let in (RFC 8414)."""
    origin = _origin(request, services)
    return JSONResponse(
        {
            "issuer": origin,
            "authorization_endpoint": f"{origin}{AUTHORIZE}",
            "token_endpoint": f"{origin}{TOKEN}",
            "registration_endpoint": f"{origin}/oauth/register",
            "revocation_endpoint": f"{origin}/oauth/revoke",
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code"],
            "token_endpoint_auth_methods_supported": [PUBLIC, SECRET],
            "revocation_endpoint_auth_methods_supported": [PUBLIC],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
        }
    )


@router.post("/oauth/register", status_code=201, dependencies=[limited])
async def register_program(request: Request, services: ServicesDep) -> JSONResponse:
    """Register a program (RFC 7591); its `client_id` is what it said, sealed, and nothing is kept."""
    return await run_in_threadpool(_registered, services, await request.body())


def _registered(services: Services, said: bytes) -> JSONResponse:
    from mcp.shared.auth import OAuthClientMetadata  # the protocol's types take a second, so they open when needed

    from presence.web.letting_in_provider import registered

    try:
        told = OAuthClientMetadata.model_validate_json(said)
    except ValidationError as error:
        where = ", ".join(sorted({str(one["loc"][0]) for one in error.errors() if one["loc"]})) or "the body"
        return _refused("invalid_client_metadata", f"This is wrong: {where}. Send JSON as RFC 7591 has it.")
    addresses = tuple(str(one) for one in told.redirect_uris or [])
    if not addresses:
        return _refused("invalid_redirect_uri", "redirect_uris: send at least one.")
    if not all(map(is_an_address_to_come_back_to, addresses)):
        return _refused("invalid_redirect_uri", "redirect_uris: use https, this device, or a scheme of your own.")
    if len(addresses) > ADDRESSES_MAX:
        return _refused("invalid_redirect_uri", f"redirect_uris: send at most {ADDRESSES_MAX}.")
    name = " ".join("".join(filter(str.isprintable, told.client_name or "")).split())[:NAME_CHARS_MAX]
    program = Program(name, addresses, PUBLIC if told.token_endpoint_auth_method == PUBLIC else SECRET)
    ident = services.letting_in.register(program)
    record = registered(services.letting_in, ident, program).model_dump(mode="json", exclude_none=True)
    return JSONResponse(record, status_code=201, headers=NOT_KEPT)


@router.get(AUTHORIZE)
async def authorize_program(request: Request, services: ServicesDep) -> Response:
    """Look at what a program asks for, and lead to the page where its listener decides.

    Whatever is wrong is told to the program by a press of hers alone: anybody may register where people are sent
    (RFC 9700, section 4.11.2).
    """
    asked = await (await run_in_threadpool(_authorizing, request, services)).handle(request)
    if asked.status_code == 400:  # it cannot be told to the program, so whoever is here is told
        raise ProgramWrong(_why(asked))
    there = asked.headers["location"]
    if there.startswith(f"{CONSENT}?"):
        asked.headers.update(ASKING)
        return asked
    back = with_answer(there, {"iss": _origin(request, services)})
    why = parse_qs(urlsplit(there).query).get("error_description", [""])[0]
    shown = {"back": back, "why": why, "place": place_of(there)}
    page = await run_in_threadpool(render, request, "letting_in_wrong.html", **shown)
    return HTMLResponse(page, status_code=400, headers=ASKING)


@router.get(CONSENT, response_class=HTMLResponse)
def ask_listener(request: Request, services: ServicesDep, listener: ListenerDep, asked: Sealed = "") -> HTMLResponse:
    """Ask a listener whether a program may speak for her, and how far."""
    wanted = services.letting_in.asked(asked)
    how = {"program": wanted.name, "place": place_of(wanted.address), "sealed": asked}
    if listener.did is None or listener.how != "key":
        return HTMLResponse(render(request, "letting_in_unknown.html", how=listener.how, **how), headers=ASKING)
    return HTMLResponse(render(request, "letting_in.html", **how, **choices(request.state.tier)), headers=ASKING)


@router.post(CONSENT, response_class=HTMLResponse, dependencies=[limited])
def agree(
    request: Request, asked: Sealed, did: OwnKeyDep, services: ServicesDep, form: Annotated[KeyForm, Form()]
) -> HTMLResponse:
    """Lead back to the program, with the code of a key."""
    wanted = services.letting_in.asked(asked)
    session = services.sessions.find(well_formed(cookie_of(request, SESSION_COOKIE)))
    if session is None or session.did != did:
        raise OwnKeyNeeded
    label = wanted.name or place_of(wanted.address) or "a program"
    code = services.letting_in.agree(wanted, session, form.wanted(label[:LABEL_CHARS_MAX]))
    return _led_back(request, services, wanted, {"code": code})


@router.post(f"{CONSENT}/no", response_class=HTMLResponse, dependencies=[limited])
def refuse(request: Request, asked: Sealed, _did: OwnKeyDep, services: ServicesDep) -> HTMLResponse:
    """Lead back to the program with her no."""
    return _led_back(request, services, services.letting_in.asked(asked), {"error": "access_denied"})


@router.post(TOKEN)
async def give_key(request: Request, services: ServicesDep) -> Response:
    """Give a program its key for the code that it carries (RFC 6749, 7636)."""
    limits = request.app.state.limits
    await run_in_threadpool(limits.count, limits.sign_ins, [client_of(request)])
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        return _refused("invalid_request", f"Send {FORM}.")

    given: Response = await (await run_in_threadpool(_giving, request, services)).handle(request)
    return given


@router.post("/oauth/revoke", dependencies=[limited])
def end_key(services: ServicesDep, token: Annotated[str, Form(max_length=255)] = "") -> Response:
    """End a key (RFC 7009): whoever has its secret may, and one that is none is as good as over."""
    if not token:
        return _refused("invalid_request", "token: send the key that is to end.")
    with suppress(BearerWrong, UnknownKey):
        key = services.bearers.find(token, None)
        services.bearers.revoke(key.did, key.ident)
    return Response(headers=NOT_KEPT)


def _led_back(request: Request, services: Services, asked: Asked, told: dict[str, str]) -> HTMLResponse:
    back = with_answer(asked.address, {**told, "state": asked.state, "iss": _origin(request, services)})
    shown = {"place": place_of(asked.address), "back": back, "is_let_in": "code" in told}
    return HTMLResponse(render(request, "letting_in_done.html", **shown), headers=ASKING)


def _origin(request: Request, services: Services) -> str:
    return services.origins.of(request.headers.get("host", ""))


def _authorizing(request: Request, services: Services) -> "AuthorizationHandler":
    from mcp.server.auth.handlers.authorize import AuthorizationHandler

    return AuthorizationHandler(_provider(request, services))


def _giving(request: Request, services: Services) -> "TokenHandler":
    from mcp.server.auth.handlers.token import TokenHandler
    from mcp.server.auth.middleware.client_auth import ClientAuthenticator

    provider = _provider(request, services)
    return TokenHandler(provider, ClientAuthenticator(provider))


def _provider(request: Request, services: Services) -> "Provider":
    from presence.web.letting_in_provider import Provider

    origin = _origin(request, services)
    return Provider(services.letting_in, frozenset(f"{origin}{path}" for path in RESOURCES))


def _refused(error: str, why: str) -> JSONResponse:
    told: dict[str, Any] = {"error": error, "error_description": why}
    return JSONResponse(told, status_code=400, headers=NOT_KEPT)


def _why(response: Response) -> str:
    told = json.loads(bytes(response.body))
    return str(told.get("error_description") or told["error"])
