"""“My people”: how a listener came in, whom she introduced, and what became of it. Nobody else's."""

import json
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from markupsafe import Markup

from presence.bootstrap import Services
from presence.languages import wording
from presence.people.names import NAME_CHARS_MAX, code_of, warnings
from presence.people.picture import drawn
from presence.people.tree import Mine, Person, Whole
from presence.web.deps import ListenerDep, ServicesDep
from presence.web.known import known, must_be_known
from presence.web.limits import Limited
from presence.web.pages import render
from presence.web.spoken_in import spoken
from presence.web.trust import rights
from trustgraph import Tier

router = APIRouter(prefix="/people")


@router.get("", response_class=HTMLResponse)
def people_page(request: Request, services: ServicesDep, listener: ListenerDep) -> HTMLResponse:
    """Show a listener her own part of who introduced whom."""
    did = known(listener)
    if did is None:
        return HTMLResponse(render(request, "people_unknown.html"))
    mine, name = services.people.tree.mine(did), services.people.names.of(did)
    may = rights(services, listener)
    page = render(
        request,
        "people.html",
        mine=mine,
        name=name or "",
        code=code_of(did),
        whole_code=did,
        odd=_odd(services, name),
        name_chars_max=NAME_CHARS_MAX,
        rights=[right for right in may if right["left"] > 0],
        rights_json=json.dumps(may),
        has_own_key=listener.how == "key",
        picture=_drawn(request, services, mine) if mine.chain and mine.chain[0].is_in else "",
        everybody=_everybody(services, request.state.tier),
    )
    return HTMLResponse(page)


@router.post("/name", dependencies=[Depends(Limited("documents"))])
def set_name(
    services: ServicesDep, listener: ListenerDep, name: Annotated[str, Form(max_length=400)] = ""
) -> RedirectResponse:
    """Give oneself a name; it proves nothing."""
    services.people.names.set(must_be_known(listener), name)
    return RedirectResponse("/people", status_code=303)


def picture(services: Services, people: tuple[Person, ...]) -> Markup:
    """Draw people; every word in it was escaped where it was written."""
    names = [wording(name) for name in services.people.terms.names()]
    return Markup(drawn(people, services.settings.artist_name, names))  # noqa: S704


def _drawn(request: Request, services: Services, mine: Mine) -> Markup:
    with spoken(request):
        return picture(services, _own_part(mine))


def _own_part(mine: Mine) -> tuple[Person, ...]:
    """Give those of whom the way up is known to her, those above first."""
    shown = {person.did: person for person in (*reversed(mine.chain), *mine.introduced)}
    for person in mine.trouble:
        if person.by in shown:
            shown.setdefault(person.did, person)
    return tuple(shown.values())


def _everybody(services: Services, tier: int) -> Whole | None:
    """Give the whole tree to the circle, where the artist wants that."""
    if services.people.rules.tree_seen_by != "circle" or tier < Tier.CIRCLE:
        return None
    return services.people.tree.whole()


def _odd(services: Services, name: str | None) -> list[str]:
    """Say what is odd about her own name; whether others here have it is not hers to find out."""
    return warnings(name, (), services.settings.artist_name) if name else []
