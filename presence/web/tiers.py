"""What each tier opens, as the artist set it, and how one comes in. It tells nothing of what lies behind."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from knowledge.library import Counts
from presence.bootstrap import Services
from presence.web.cards_shown import PageWaitedFor, given_to_supporters, shown_subscription, shown_subscriptions
from presence.web.deps import ListenerDep, ServicesDep
from presence.web.known import known
from presence.web.pages import render

router = APIRouter()
EXAMPLES_MAX = 2


@dataclass(frozen=True, slots=True)
class Open:
    """What a tier has to ask about: how much, and questions to begin with."""

    counts: Counts
    examples: list[str]


@router.get("/tiers", response_class=HTMLResponse)
def tiers_page(
    request: Request, services: ServicesDep, listener: ListenerDep, waiting: PageWaitedFor = ""
) -> HTMLResponse:
    """Show what each tier opens; the same for everybody, but for where she stands."""
    did = known(listener)
    wallet = services.paying.wallets.find(did) if did is not None else None
    page = render(
        request,
        "tiers.html",
        waiting=waiting,
        terms=services.people.terms.all(),
        open_to=open_to(services, request.state.tier),
        follow=services.people.rules.follow,
        is_known=did is not None,
        supporter=shown_subscriptions(services),
        gift=given_to_supporters(services),
        subscription=shown_subscription(services, did),
        spendable=wallet.available if wallet is not None else 0,
    )
    return HTMLResponse(page)


def open_to(services: Services, tier: int) -> list[Open]:
    """Give what each tier has to ask about, up to one's own: what lies above it is not even counted."""
    counts = [services.library.counts(lower) for lower in range(tier + 1)]
    return [
        Open(counted, services.library.examples(lower, EXAMPLES_MAX) if lower == tier else [])
        for lower, counted in enumerate(counts)
    ]
