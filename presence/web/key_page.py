"""“My key”: where a listener sees her own code, saves her key, and opens it on another device."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from presence.web.deps import ListenerDep
from presence.web.pages import render

router = APIRouter()


@router.get("/key", response_class=HTMLResponse)
def key_page(request: Request, listener: ListenerDep) -> HTMLResponse:
    """Show what a key is for; the key itself is known to the browser alone."""
    return HTMLResponse(render(request, "key.html"))
