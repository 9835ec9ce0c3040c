"""Paying back: what listeners paid in and have not spent goes to their cards again, when the artist wants it."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from billing import Wallet
from presence.people.names import code_of
from presence.web.cards import cards_of
from presence.web.cards_shown import refundable
from presence.web.deps import ServicesDep
from presence.web.studio.frame import render_studio, room_of_the_studio

router = room_of_the_studio()
PAGE = "/studio/refunds"
WALLETS_MAX = 100
ID_CHARS = 64
_NOT_KEPT = {"Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True)
class Left:
    """What is left in a wallet, as the artist reads it; nobody's key is on the page."""

    wallet: Wallet
    name: str
    code: str
    micros: int


@router.get("/refunds", response_class=HTMLResponse)
def refunds_page(
    request: Request, services: ServicesDep, done: Annotated[str, Query(max_length=10)] = ""
) -> HTMLResponse:
    """Show in whose wallets something is left of what was paid in by card, the fullest first."""
    found = services.paying.wallets.filled(WALLETS_MAX + 1) if services.cards is not None else []
    names = services.people.names.of_all({one.owner for one in found})
    told = [Left(one, names.get(one.owner, ""), code_of(one.owner), refundable(services, one)) for one in found]
    page = render_studio(
        request,
        "refunds.html",
        left=[one for one in told[:WALLETS_MAX] if one.micros],
        is_all=len(found) <= WALLETS_MAX,
        takes_cards=services.cards is not None,
        done=done,
    )
    return HTMLResponse(page, headers=_NOT_KEPT)


@router.post("/refunds")
def pay_back(services: ServicesDep, wallet: Annotated[str, Form(max_length=ID_CHARS)] = "") -> RedirectResponse:
    """Pay back what is left in a wallet; the same form, sent twice, finds nothing the second time."""
    cards, found = cards_of(services).cards, services.paying.wallets.named(wallet)
    asked = cards.refund_unspent(found.owner, "by the artist") if found is not None else 0
    return RedirectResponse(f"{PAGE}?done={'asked' if asked else 'nothing'}", status_code=303)
