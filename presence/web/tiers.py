"""What each tier opens, as the artist set it, and how one comes in. It tells nothing of what lies behind."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from presence.web.cards_shown import live_subscription, shown_subscriptions
from presence.web.deps import ListenerDep, ServicesDep
from presence.web.known import known
from presence.web.pages import render

router = APIRouter()


@router.get("/tiers", response_class=HTMLResponse)
def tiers_page(request: Request, services: ServicesDep, listener: ListenerDep) -> HTMLResponse:
    """Show what each tier opens; the same for everybody, but for where she stands."""
    page = render(
        request,
        "tiers.html",
        terms=services.people.terms.all(),
        follow=services.people.rules.follow,
        is_known=known(listener) is not None,
        supporter=shown_subscriptions(services),
        subscription=live_subscription(services, known(listener)),
    )
    return HTMLResponse(page)
