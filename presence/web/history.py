"""“My questions”: what a listener asked here, with what she paid, and the way back to each answer."""

import json
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse

from presence.asking.contracts import Listener
from presence.errors import SignInFirst
from presence.web.deps import ListenerDep, ServicesDep
from presence.web.known import known
from presence.web.limits import Limited
from presence.web.pages import render

router = APIRouter(prefix="/history")
HERS = {"Cache-Control": "no-store"}


@router.get("", response_class=HTMLResponse)
def history_page(
    request: Request,
    services: ServicesDep,
    listener: ListenerDep,
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
) -> HTMLResponse:
    """Show a page of what she asked, the newest first; without a key, what was asked with this browser."""
    past, number, pages = services.history.page(_herself(listener), request.state.tier, page)
    shown = render(request, "history.html", past=past, number=number, pages=pages, is_known=known(listener) is not None)
    return HTMLResponse(shown, headers=HERS)


@router.get("/copy.json", dependencies=[Depends(Limited("documents"))])
def copy(request: Request, services: ServicesDep, listener: ListenerDep) -> Response:
    """Give all of it as a file, with the answers that are open to her."""
    told = json.dumps(services.history.copy(_herself(listener), request.state.tier), ensure_ascii=False, indent=1)
    headers = {**HERS, "Content-Disposition": 'attachment; filename="my-questions.json"'}
    return Response(f"{told}\n", media_type="application/json", headers=headers)


def _herself(listener: Listener) -> Listener:
    """Refuse a room that is embedded elsewhere: all who read there ask under one name."""
    if listener.how == "embed":
        raise SignInFirst
    return listener
