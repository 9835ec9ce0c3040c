"""Who subscribed: by the names that they gave, or their codes; who ends, and whose renewal failed."""

import time
from dataclasses import dataclass
from typing import Literal

from fastapi import Request
from fastapi.responses import HTMLResponse

from billing.cards import Subscription
from billing.cards.subscribers import begun
from presence.people.names import code_of
from presence.web.deps import ServicesDep
from presence.web.studio.frame import render_studio, room_of_the_studio

router = room_of_the_studio()
PEOPLE_MAX = 500
_NOT_KEPT = {"Cache-Control": "no-store"}
How = Literal["runs", "ends", "failed", "over"]


@dataclass(frozen=True, slots=True)
class Told:
    """A subscription as the artist reads it."""

    subscription: Subscription
    name: str
    code: str
    how: How


@router.get("/subscribers", response_class=HTMLResponse)
def subscribers_page(request: Request, services: ServicesDep) -> HTMLResponse:
    """Show who subscribes, who ends, whose renewal failed, and who did once."""
    found = begun(services.database.snapshot)
    names = services.people.names.of_all({one.owner for one in found})
    told = [Told(one, names.get(one.owner, ""), code_of(one.owner), _how(one)) for one in found]
    live = [one.subscription for one in told if one.how != "over"]
    page = render_studio(
        request,
        "subscribers.html",
        live=[one for one in told if one.how in ("runs", "ends")][:PEOPLE_MAX],
        failed=[one for one in told if one.how == "failed"][:PEOPLE_MAX],
        over=[one for one in told if one.how == "over"][:PEOPLE_MAX],
        count=len(live),
        left_out=max(0, len(told) - PEOPLE_MAX),
        sums={every: sum(one.micros for one in live if one.every == every) for every in ("month", "year")},
        counts={every: sum(1 for one in live if one.every == every) for every in ("month", "year")},
        takes_cards=services.cards is not None,
        now=time.time(),
    )
    return HTMLResponse(page, headers=_NOT_KEPT)


def _how(one: Subscription) -> How:
    if one.state == "past_due":
        return "failed"
    if not one.is_live:
        return "over"
    return "ends" if one.ends else "runs"
