"""“What is remembered of me”: to agree to, to read, to mend, to take along. Everything works without scripts."""

import json
import time
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from pydantic import BaseModel, ConfigDict, Field

from presence.asking.contracts import Listener
from presence.bootstrap import Services
from presence.errors import MemoryOff, NothingToRemember, SignInFirst, UnknownSource
from presence.languages import later
from presence.memory.house import noted_thing
from presence.memory.items import NAME_CHARS_MAX, WORDS_CHARS_MAX, Item, Kind
from presence.memory.showing import Showing
from presence.memory.signed import to_sign
from presence.web.deps import ListenerDep, ServicesDep
from presence.web.known import known
from presence.web.limits import Limited
from presence.web.pages import render

router = APIRouter()
PAGE = "/memory"
HERS = {"Cache-Control": "no-store"}
limited = Depends(Limited("documents"))
Hers = Literal["liked", "owns"]
Name = Annotated[str, Form(max_length=4 * NAME_CHARS_MAX)]
Words = Annotated[str, Form(max_length=4 * WORDS_CHARS_MAX)]
Ident = Annotated[str | None, Form(max_length=64)]
KINDS = {
    Kind.LIKED: later("What you like"),
    Kind.OWNS: later("What you have"),
    Kind.ASKED: later("What you asked about"),
    Kind.TOLD: later("What you were pointed to"),
}


class AgreementBody(BaseModel):
    """Whether anything may be remembered."""

    model_config = ConfigDict(extra="forbid")

    agreed: bool


class ItemBody(BaseModel):
    """What is to be remembered: an answer or a thing of ours by its id, or her own words."""

    model_config = ConfigDict(extra="forbid")

    kind: Hers = "liked"
    answer: str | None = Field(None, max_length=64)
    thing: str | None = Field(None, max_length=64)
    name: str | None = Field(None, max_length=4 * NAME_CHARS_MAX)


class WordsBody(BaseModel):
    """Her own words beside something; none take them away."""

    model_config = ConfigDict(extra="forbid")

    words: str = Field(max_length=4 * WORDS_CHARS_MAX)


@router.get("/memory", response_class=HTMLResponse)
def memory_page(request: Request, services: ServicesDep, listener: ListenerDep) -> HTMLResponse:
    """Show her what is remembered, as far as she may see it now."""
    did, tier = known(listener), request.state.tier
    if did is None:
        return HTMLResponse(render(request, "memory_unknown.html"), headers=HERS)
    items = services.memory.items(did, tier)
    page = render(
        request,
        "memory.html",
        agreed=services.memory.has_agreed(did),
        shelves=[(kind, words, [item for item in items if item.kind is kind]) for kind, words in KINDS.items()],
        bought=services.memory.bought(did, tier),
        shown=Showing(services.memory).is_shown(did),
        name_chars_max=NAME_CHARS_MAX,
        words_chars_max=WORDS_CHARS_MAX,
    )
    return HTMLResponse(page, headers=HERS)


@router.post("/memory/agree", dependencies=[limited])
def agree(services: ServicesDep, listener: ListenerDep) -> RedirectResponse:
    """Remember from now on."""
    services.memory.agree(herself(listener))
    return RedirectResponse(PAGE, status_code=303)


@router.post("/memory/forget", dependencies=[limited])
def forget(services: ServicesDep, listener: ListenerDep) -> RedirectResponse:
    """Remember nothing any more, and forget what was."""
    services.memory.forget(herself(listener))
    return RedirectResponse(PAGE, status_code=303)


@router.post("/memory/like", dependencies=[limited])
def like(
    request: Request,
    services: ServicesDep,
    listener: ListenerDep,
    kind: Annotated[Hers, Form()] = "liked",
    answer: Ident = None,
    thing: Ident = None,
) -> RedirectResponse:
    """Remember with one press; who has not agreed yet is led to where she can."""
    did = herself(listener)
    if services.memory.has_agreed(did) and services.people.terms.of(request.state.tier).remembers:
        body = ItemBody(kind=kind, answer=answer or None, thing=thing or None)
        _note(services, listener, request.state.tier, body)
    return RedirectResponse(PAGE, status_code=303)


@router.post("/memory/items", dependencies=[limited])
def add(
    services: ServicesDep, listener: ListenerDep, kind: Annotated[Hers, Form()] = "liked", name: Name = ""
) -> RedirectResponse:
    """Remember what she says herself."""
    herself(listener)
    services.memory.add(listener, Kind(kind), name)
    return RedirectResponse(PAGE, status_code=303)


@router.post("/memory/items/{ident}", dependencies=[limited])
def write(
    request: Request, ident: str, services: ServicesDep, listener: ListenerDep, words: Words = ""
) -> RedirectResponse:
    """Keep her own words beside something."""
    services.memory.write(herself(listener), request.state.tier, ident, words)
    return RedirectResponse(PAGE, status_code=303)


@router.post("/memory/items/{ident}/remove", dependencies=[limited])
def remove(request: Request, ident: str, services: ServicesDep, listener: ListenerDep) -> RedirectResponse:
    """Forget one thing."""
    services.memory.remove(herself(listener), request.state.tier, ident)
    return RedirectResponse(PAGE, status_code=303)


@router.get("/memory/copy.json")
def copy(request: Request, services: ServicesDep, listener: ListenerDep) -> Response:
    """Give all of it as a file."""
    told = json.dumps(told_of(services, herself(listener), request.state.tier), ensure_ascii=False, indent=1)
    headers = {**HERS, "Content-Disposition": 'attachment; filename="what-is-remembered.json"'}
    return Response(f"{told}\n", media_type="application/json", headers=headers)


@router.get("/api/memory/to-sign")
def copy_to_sign(request: Request, services: ServicesDep, listener: ListenerDep) -> JSONResponse:
    """Give the same for her own key to sign, so that she can show anywhere that it is hers."""
    did = herself(listener)
    told = told_of(services, did, request.state.tier)
    document = to_sign(did, services.trust.keys.root or "", int(time.time()), told["items"], told["bought"])
    return JSONResponse(document, headers=HERS)


@router.get("/api/memory")
def memory_of_program(request: Request, services: ServicesDep, listener: ListenerDep) -> JSONResponse:
    """Tell what is remembered of her, as far as she may see it now."""
    return JSONResponse(told_of(services, herself(listener), request.state.tier), headers=HERS)


@router.put("/api/memory", dependencies=[limited])
def agree_by_program(
    request: Request, body: AgreementBody, services: ServicesDep, listener: ListenerDep
) -> JSONResponse:
    """Remember from now on; or remember nothing any more, and forget what was."""
    did = herself(listener)
    if body.agreed:
        services.memory.agree(did)
    else:
        services.memory.forget(did)
    return memory_of_program(request, services, listener)


@router.post("/api/memory/items", status_code=201, dependencies=[limited])
def add_by_program(request: Request, body: ItemBody, services: ServicesDep, listener: ListenerDep) -> JSONResponse:
    """Remember an answer, a thing, or her own words; tells all of it."""
    did = herself(listener)
    _note(services, listener, request.state.tier, body)
    return JSONResponse(told_of(services, did, request.state.tier), status_code=201, headers=HERS)


@router.put("/api/memory/items/{ident}", status_code=204, dependencies=[limited])
def write_by_program(
    request: Request, ident: str, body: WordsBody, services: ServicesDep, listener: ListenerDep
) -> Response:
    """Keep her own words beside something."""
    services.memory.write(herself(listener), request.state.tier, ident, body.words)
    return Response(status_code=204)


@router.delete("/api/memory/items/{ident}", status_code=204, dependencies=[limited])
def remove_by_program(request: Request, ident: str, services: ServicesDep, listener: ListenerDep) -> Response:
    """Forget one thing."""
    services.memory.remove(herself(listener), request.state.tier, ident)
    return Response(status_code=204)


def herself(listener: Listener) -> str:
    """Give who signed in, or signed this request; a program's key does not open what is remembered of its owner."""
    did = listener.did if listener.how == "signature" else known(listener)
    if did is None:
        raise SignInFirst
    return did


def told_of(services: Services, did: str, tier: int) -> dict[str, Any]:
    """Give all that is remembered of somebody and may be seen at a tier."""
    memory = services.memory
    return {
        "agreed": memory.has_agreed(did),
        "shown_to_artist": Showing(memory).is_shown(did),
        "items": [_told(item) for item in memory.items(did, tier)],
        "bought": [{"name": thing.name, "kind": thing.kind, "url": thing.url} for thing in memory.bought(did, tier)],
    }


def _told(item: Item) -> dict[str, Any]:
    link = {"url": item.link} if item.link else {}
    told = {"id": item.ident, "kind": item.kind, "name": item.name, "words": item.words, "tier": item.tier}
    return {**told, "at": item.at, **link}


def _note(services: Services, listener: Listener, tier: int, body: ItemBody) -> None:
    if not services.memory.has_agreed(herself(listener)):
        raise MemoryOff
    if body.answer is not None:
        asked = services.counter.readable(body.answer, listener)
        services.memory.like_answer(listener, asked, tier)
    elif body.thing is not None:
        thing = services.acts.things.find(body.thing, tier)
        if thing is None:
            raise UnknownSource
        services.memory.note(listener, noted_thing(Kind(body.kind), thing))
    elif body.name is not None:
        services.memory.add(listener, Kind(body.kind), body.name)
    else:
        raise NothingToRemember
