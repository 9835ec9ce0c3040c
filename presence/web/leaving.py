"""“Delete me”: one action, confirmed once, by page or by program."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import BaseModel, ConfigDict

from presence.asking.contracts import Listener
from presence.bootstrap import Services
from presence.errors import NotConfirmed
from presence.sessions.listener import LISTENER_COOKIE, ident_of
from presence.sessions.listeners import SESSION_COOKIE
from presence.sessions.tokens import well_formed
from presence.web.deps import ListenerDep, ServicesDep, cookie_name, cookie_of
from presence.web.known import known
from presence.web.limits import Limited
from presence.web.memory import HERS, herself
from presence.web.pages import render

router = APIRouter()
limited = Depends(Limited("documents"))
YES = "delete me"


class LeavingBody(BaseModel):
    """That she means it: the words “delete me”."""

    model_config = ConfigDict(extra="forbid")

    confirm: str = ""


@router.get("/memory/leave", response_class=HTMLResponse)
def leaving_page(request: Request, services: ServicesDep, listener: ListenerDep) -> HTMLResponse:
    """Say what goes and what has to stay, and ask once."""
    if known(listener) is None:
        return HTMLResponse(render(request, "memory_unknown.html"), headers=HERS)
    return HTMLResponse(render(request, "memory_leave.html", is_done=False), headers=HERS)


@router.post("/memory/leave", response_class=HTMLResponse, dependencies=[limited])
def leave(
    request: Request,
    services: ServicesDep,
    listener: ListenerDep,
    confirm: Annotated[Literal["yes"] | None, Form()] = None,
) -> HTMLResponse:
    """Delete everything of hers."""
    if confirm is None:
        herself(listener)
        raise NotConfirmed
    _leave(request, services, listener)
    request.state.listener = None
    response = HTMLResponse(render(request, "memory_leave.html", is_done=True), headers=HERS)
    _drop_cookies(request, response)
    return response


@router.delete("/api/me", dependencies=[limited])
def leave_by_program(request: Request, body: LeavingBody, services: ServicesDep, listener: ListenerDep) -> JSONResponse:
    """Delete everything of hers; tells how many questions there were, and what stays."""
    if body.confirm != YES:
        herself(listener)
        raise NotConfirmed
    count = _leave(request, services, listener)
    stays = ["ledger", "receipts", "signed_log", "invites_taken", "notes_of_the_artist"]
    response = JSONResponse({"deleted": {"questions": count}, "stays": stays}, headers=HERS)
    _drop_cookies(request, response)
    return response


def _leave(request: Request, services: Services, listener: Listener) -> int:
    did = herself(listener)
    token = well_formed(cookie_of(request, LISTENER_COOKIE))
    return services.leaving.leave(did, [ident_of(token)] if token else [])


def _drop_cookies(request: Request, response: Response) -> None:
    for name in (SESSION_COOKIE, LISTENER_COOKIE):
        secure = request.url.scheme == "https"
        response.delete_cookie(cookie_name(request, name), path="/", secure=secure, httponly=True, samesite="lax")
