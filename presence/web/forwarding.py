"""Gives a question that the notes could not answer to the artist, once the listener asks for it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import JSONResponse, RedirectResponse
from pydantic import BaseModel, ConfigDict

from presence.web.deps import ListenerDep, ServicesDep
from presence.web.limits import Limited

router = APIRouter()


class ForwardBody(BaseModel):
    """Whether the listener's name goes with her question."""

    model_config = ConfigDict(extra="forbid")

    with_name: bool = False


@router.post("/api/questions/{ident}/forward", dependencies=[Depends(Limited("reports"))])
def forward(ident: str, body: ForwardBody, services: ServicesDep, listener: ListenerDep) -> JSONResponse:
    """Give an unanswered question of one's own to the artist; a second time changes nothing."""
    with_name = services.inbox.forward(ident, listener, with_name=body.with_name)
    return JSONResponse({"id": ident, "forwarded": True, "with_name": with_name})


@router.post("/answers/{ident}/forward", dependencies=[Depends(Limited("reports"))])
def forward_by_form(
    ident: str, services: ServicesDep, listener: ListenerDep, without_name: Annotated[str, Form()] = ""
) -> RedirectResponse:
    """Do the same from the answer's page, and lead back to it."""
    services.inbox.forward(ident, listener, with_name=not without_name)
    return RedirectResponse(f"/answers/{ident}", status_code=303)
