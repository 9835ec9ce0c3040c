"""Asking to follow: a name and a few words. The artist, or her rule, lets in."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from presence.people.names import NAME_CHARS_MAX
from presence.people.requests import WORDS_CHARS_MAX
from presence.web.deps import ListenerDep, ServicesDep
from presence.web.known import known, must_be_known
from presence.web.limits import Limited
from presence.web.pages import render
from trustgraph import Tier

router = APIRouter(prefix="/follow")


@router.get("", response_class=HTMLResponse)
def follow_page(request: Request, services: ServicesDep, listener: ListenerDep) -> HTMLResponse:
    """Ask, or say how it stands with what was asked."""
    did, people = known(listener), services.people
    page = render(
        request,
        "follow.html",
        is_known=did is not None,
        waits=did is not None and people.requests.state(did) == "waiting",
        is_in=did is not None and services.trust.tier_of(did).tier >= Tier.FOLLOWER,  # after it: she may be let in now
        at_once=people.rules.follow.how == "open",
        name=(people.names.of(did) if did else None) or "",
        name_chars_max=NAME_CHARS_MAX,
        words_chars_max=WORDS_CHARS_MAX,
    )
    return HTMLResponse(page)


@router.post("", dependencies=[Depends(Limited("documents"))])
def ask_to_follow(
    services: ServicesDep,
    listener: ListenerDep,
    name: Annotated[str, Form(max_length=400)] = "",
    words: Annotated[str, Form(max_length=4_000)] = "",
) -> RedirectResponse:
    """Take in a request to follow."""
    services.people.requests.ask(must_be_known(listener), name=name, words=words)
    return RedirectResponse("/follow", status_code=303)
