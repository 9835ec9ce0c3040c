"""Passkeys over HTTP: for listeners, who keep a sealed key here, and for the studio, which opens with one."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from presence.asking.contracts import Listener
from presence.errors import SignInFirst
from presence.sessions.operator import OPERATOR_COOKIE, SESSION_SECONDS
from presence.sessions.passkeys import OPERATOR, WRAPPED_CHARS_MAX
from presence.web.auth import limited, safe_place
from presence.web.deps import ListenerDep, ServicesDep, set_cookie
from presence.web.trust import operator_only

router = APIRouter(dependencies=[Depends(safe_place)])


class PasskeyBody(BaseModel):
    """What a passkey answered."""

    model_config = ConfigDict(extra="forbid")

    credential: dict[str, Any]


class KeptBody(PasskeyBody):
    """A new passkey, and the key that was sealed with what it gives."""

    wrapped: str = Field(min_length=1, max_length=WRAPPED_CHARS_MAX, pattern="^[A-Za-z0-9_-]+$")


def key_holder(listener: ListenerDep) -> str:
    """Give the did of a listener who holds her own key; refuse everybody else."""
    if listener.did is None or listener.how != "key":
        raise SignInFirst
    return listener.did


HolderDep = Annotated[str, Depends(key_holder)]
OperatorDep = Annotated[Listener, Depends(operator_only)]


@router.post("/api/passkeys/options", dependencies=[limited])
def options_to_save(request: Request, services: ServicesDep, holder: HolderDep) -> JSONResponse:
    """Give what the browser needs to make a passkey that keeps a listener's key."""
    return JSONResponse(services.passkeys.to_register(holder, _host(request)))


@router.post("/api/passkeys", status_code=201, dependencies=[limited])
def save(request: Request, body: KeptBody, services: ServicesDep, holder: HolderDep) -> JSONResponse:
    """Keep a listener's key, sealed with what her new passkey gives."""
    services.passkeys.register(holder, _host(request), body.credential, body.wrapped)
    return JSONResponse({"passkeys": services.passkeys.count(holder)}, status_code=201)


@router.post("/auth/passkey/options", dependencies=[limited])
def options_to_open(request: Request, services: ServicesDep) -> JSONResponse:
    """Give what the browser needs to show a listener's passkey."""
    return JSONResponse(services.passkeys.to_show(_host(request)))


@router.post("/auth/passkey", dependencies=[limited])
def open_kept(request: Request, body: PasskeyBody, services: ServicesDep) -> JSONResponse:
    """Give the sealed key back to whoever holds its passkey; the session is opened by the key itself."""
    shown = services.passkeys.shown(_host(request), body.credential)
    return JSONResponse({"did": shown.whose, "wrapped": shown.wrapped_key})


@router.post("/operator/passkeys/options")
def options_for_the_studio(request: Request, services: ServicesDep, operator: OperatorDep) -> JSONResponse:
    """Give what the browser needs to make a passkey for the studio."""
    return JSONResponse(services.passkeys.to_register(OPERATOR, _host(request)))


@router.post("/operator/passkeys", status_code=201)
def register_for_the_studio(
    request: Request, body: PasskeyBody, services: ServicesDep, operator: OperatorDep
) -> JSONResponse:
    """Let the studio be opened by a new passkey."""
    services.passkeys.register(OPERATOR, _host(request), body.credential)
    return JSONResponse({"passkeys": services.passkeys.count(OPERATOR)}, status_code=201)


@router.post("/operator/passkeys/remove")
def remove_from_the_studio(services: ServicesDep, operator: OperatorDep) -> RedirectResponse:
    """Forget every passkey of the studio, as after one was lost."""
    services.passkeys.remove_all(OPERATOR)
    return RedirectResponse("/operator", status_code=303)


@router.post("/operator/passkey/options", dependencies=[limited])
def options_to_enter(request: Request, services: ServicesDep) -> JSONResponse:
    """Give what the browser needs to open the studio with a passkey."""
    return JSONResponse(services.passkeys.to_show(_host(request), operator=True))


@router.post("/operator/passkey", status_code=201, dependencies=[limited])
def enter(request: Request, body: PasskeyBody, services: ServicesDep) -> Response:
    """Open a session of the operator for whoever holds a passkey of the studio."""
    services.passkeys.shown(_host(request), body.credential, operator=True)
    secret = services.operator.sign_in(services.operator.new_token())
    response = JSONResponse({"operator": True}, status_code=201)
    set_cookie(request, response, OPERATOR_COOKIE, secret, SESSION_SECONDS)
    return response


def _host(request: Request) -> str:
    return request.headers.get("host", "")
