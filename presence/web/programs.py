"""“Programs that speak for me”: what a listener let in, how far, and how she ends it; and keys for scripts of hers."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import Field

from presence.bootstrap import Services
from presence.web.deps import ListenerDep, ServicesDep
from presence.web.key_form import KeyForm, choices
from presence.web.keys import Label, OwnKeyDep
from presence.web.limits import Limited
from presence.web.pages import render
from presence.web.protected import MCP_FOR_SOMEBODY

router = APIRouter()
PAGE = "/programs"
HERS = {"Cache-Control": "no-store"}
limited = Depends(Limited("keys"))


class NamedKeyForm(KeyForm):
    """A key that its owner gives a name."""

    label: Label = Field()


@router.get(PAGE, response_class=HTMLResponse)
def programs_page(request: Request, services: ServicesDep, listener: ListenerDep) -> HTMLResponse:
    """Show what speaks for a listener; who has no key of her own is told how to get one."""
    if listener.did is None or listener.how != "key":
        return HTMLResponse(render(request, "programs_unknown.html", address=_address(request, services)), headers=HERS)
    return _page(request, services, listener.did)


@router.post(PAGE, response_class=HTMLResponse, dependencies=[limited])
def make_key_by_form(
    request: Request, form: Annotated[NamedKeyForm, Form()], did: OwnKeyDep, services: ServicesDep
) -> HTMLResponse:
    """Make a key, and show its secret this once."""
    _, secret = services.bearers.make(did, form.wanted(form.label))
    return _page(request, services, did, made=secret)


@router.post(f"{PAGE}/end", dependencies=[limited])
def end_key_by_form(
    did: OwnKeyDep, services: ServicesDep, ident: Annotated[str, Form(max_length=64)]
) -> RedirectResponse:
    """End a key at once."""
    services.bearers.revoke(did, ident)
    return RedirectResponse(PAGE, status_code=303)


def _address(request: Request, services: Services) -> str:
    return services.origins.of(request.headers.get("host", "")) + MCP_FOR_SOMEBODY


def _page(request: Request, services: Services, did: str, made: str | None = None) -> HTMLResponse:
    shown = {"keys": services.bearers.live_of(did), "made": made, "address": _address(request, services)}
    return HTMLResponse(render(request, "programs.html", **shown, **choices(request.state.tier)), headers=HERS)
