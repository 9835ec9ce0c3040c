"""“Let her see what I like”: a switch for listeners, and the artist's page of those who turned it on."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from pydantic import BaseModel, ConfigDict

from presence.bootstrap import Services
from presence.memory.showing import Showing
from presence.web.deps import ListenerDep, ServicesDep
from presence.web.limits import Limited
from presence.web.memory import HERS, PAGE, herself
from presence.web.studio.frame import render_studio
from presence.web.trust import operator_only

router = APIRouter()
limited = Depends(Limited("documents"))
STUDIO = "/studio/likes"


class ShownBody(BaseModel):
    """Whether the artist may see what she likes."""

    model_config = ConfigDict(extra="forbid")

    shown: bool


@router.post("/memory/show", dependencies=[limited])
def show(
    services: ServicesDep, listener: ListenerDep, shown: Annotated[Literal["yes", "no"], Form()]
) -> RedirectResponse:
    """Let the artist see what she likes, or not any more."""
    Showing(services.memory).show(herself(listener), yes=shown == "yes")
    return RedirectResponse(PAGE, status_code=303)


@router.put("/api/memory/shown", dependencies=[limited])
def show_by_program(body: ShownBody, services: ServicesDep, listener: ListenerDep) -> JSONResponse:
    """Do the same from a program."""
    did, showing = herself(listener), Showing(services.memory)
    showing.show(did, yes=body.shown)
    return JSONResponse({"shown": showing.is_shown(did)}, headers=HERS)


@router.get(STUDIO, response_class=HTMLResponse, dependencies=[Depends(operator_only)])
def likes_page(request: Request, services: ServicesDep) -> HTMLResponse:
    """Show the artist what those like who let her see it."""
    return HTMLResponse(render_studio(request, "likes.html", people=_likes(services)), headers=HERS)


@router.get("/api/studio/likes", dependencies=[Depends(operator_only)])
def likes(services: ServicesDep) -> JSONResponse:
    """Tell the same to her programs."""
    return JSONResponse({"people": _likes(services)}, headers=HERS)


def _likes(services: Services) -> list[dict[str, Any]]:
    return [
        {
            "name": services.people.names.shown(did),
            "likes": [{"name": item.name, "words": item.words, "url": _place(item.link)} for item in items],
        }
        for did, items in Showing(services.memory).likes().items()
        if items
    ]


def _place(link: str) -> str:
    """Give the page of a thing; the answers to a listener are hers alone."""
    return "" if link.startswith("/answers/") else link
