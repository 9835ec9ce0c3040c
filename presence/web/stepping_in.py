"""“She may look in”: a listener's choice, and what she is told while the artist answers her."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import JSONResponse, RedirectResponse
from pydantic import BaseModel, ConfigDict, Field

from presence.asking.contracts import Listener
from presence.bootstrap import Services
from presence.errors import NotInPerson
from presence.stepping_in.consent import May
from presence.web.deps import ListenerDep, ServicesDep, keep_listener
from presence.web.limits import Limited

router = APIRouter()
limited = Depends(Limited("documents"))
IN_PERSON = ("cookie", "key", "mail")
HERS = {"Cache-Control": "no-store"}
Ident = Annotated[str, Form(max_length=64, pattern=r"^[\w-]*$")]


class LookingInBody(BaseModel):
    """Where the artist may look in; `here` needs a conversation."""

    model_config = ConfigDict(extra="forbid")

    may: May
    conversation: str | None = Field(None, max_length=64)


@router.post("/looking-in", dependencies=[limited])
def choose(
    request: Request,
    services: ServicesDep,
    listener: ListenerDep,
    may: Annotated[May, Form()],
    conversation: Ident = "",
    answer: Ident = "",
) -> RedirectResponse:
    """Keep the choice, and lead back to where it was made."""
    _choose(services, listener, may, conversation or None)
    place = f"/answers/{answer}#looking-in" if answer else "/#looking-in"
    response = RedirectResponse(place, status_code=303)
    keep_listener(request, response)
    return response


@router.put("/api/looking-in", dependencies=[limited])
def choose_by_script(
    request: Request, body: LookingInBody, services: ServicesDep, listener: ListenerDep
) -> JSONResponse:
    """Do the same, and stay on the page."""
    _choose(services, listener, body.may, body.conversation)
    response = JSONResponse({"may": services.stepping_in.chosen(listener.ident, body.conversation)}, headers=HERS)
    keep_listener(request, response)
    return response


@router.get("/api/looking-in")
def chosen(
    services: ServicesDep, listener: ListenerDep, conversation: Annotated[str | None, Query(max_length=64)] = None
) -> JSONResponse:
    """Say where the artist may look in, as far as it concerns a conversation."""
    return JSONResponse({"may": services.stepping_in.chosen(listener.ident, conversation)}, headers=HERS)


@router.get("/api/conversations/{conversation}")
def conversation_now(conversation: str, services: ServicesDep, listener: ListenerDep) -> JSONResponse:
    """Say whether the artist is in a conversation of one's own, what she began in it, and where she answers now."""
    services.conversations.questions(listener, conversation)  # refuses somebody else's
    here = services.stepping_in.here(listener.ident, conversation)
    told: dict[str, Any] = {"may": services.stepping_in.chosen(listener.ident, conversation), "is_hers": here.is_hers}
    told["begun"] = [{"id": ident, "events": f"/api/questions/{ident}/events"} for ident in here.begun]
    if here.open_turn is not None:
        told["open"] = {"id": here.open_turn, "events": f"/api/questions/{here.open_turn}/events"}
    return JSONResponse(told, headers=HERS)


@router.post("/answers/{ident}/enough")
def stop_waiting(ident: str, services: ServicesDep, listener: ListenerDep) -> RedirectResponse:
    """Wait for the artist no more; what she wrote stays."""
    services.counter.readable(ident, listener)
    services.processes.stop(ident)
    return RedirectResponse(f"/answers/{ident}", status_code=303)


def _choose(services: Services, listener: Listener, may: May, conversation: str | None) -> None:
    if listener.how not in IN_PERSON:
        raise NotInPerson
    if conversation is not None:
        services.conversations.questions(listener, conversation)
    services.stepping_in.choose(listener.ident, may, conversation)
