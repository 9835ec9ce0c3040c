"""Paying by card: into the wallet, as a tip, for a tier; and the processor's messages.

The payment itself happens on the processor's own page. What comes back to ours is only a reason to look.
"""

import asyncio
from contextlib import suppress
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Header, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from billing.cards import CardsAway, CardsRefused
from billing.money import MICROS, parsed
from billing.tips import tip_from_wallet
from presence.bootstrap import Services
from presence.errors import NoCards
from presence.paying.cards import CardSide
from presence.sessions.tokens import new_token
from presence.web.amounts import Amount
from presence.web.cards_shown import about_taken
from presence.web.deps import ListenerDep, ServicesDep
from presence.web.known import known, must_be_known
from presence.web.limits import Limited
from presence.web.pages import render

router = APIRouter()
WALLET, TIERS = "/wallet", "/tiers"
TIP_MICROS = 5 * MICROS
_MONEY = Depends(Limited("documents"))


@router.post("/stripe/webhook", include_in_schema=False)
async def webhook(
    request: Request, services: ServicesDep, stripe_signature: Annotated[str | None, Header()] = None
) -> Response:
    """Take a message in: written down before it is answered, looked into afterwards."""
    side = cards_of(services)
    payload = await request.body()
    await asyncio.to_thread(side.inbox.receive, payload, stripe_signature)
    if services.cards_worker is not None:
        services.cards_worker.wake()
    return Response(status_code=200)


@router.post("/wallet/top-up", response_class=HTMLResponse, dependencies=[_MONEY])
def top_up(request: Request, services: ServicesDep, listener: ListenerDep, amount: Amount = "") -> HTMLResponse:
    """Open the payment page for the wallet."""
    owner, side = must_be_known(listener), cards_of(services)
    name = f"Wallet at {services.settings.artist_name}"
    payment = side.cards.begin(owner, _minor(services, amount), name=name, back=_back(services, request, WALLET))
    return _on_to(request, payment.url)


@router.post("/wallet/auto", response_class=HTMLResponse, dependencies=[_MONEY])
def auto_top_up(
    request: Request, services: ServicesDep, listener: ListenerDep, amount: Amount = "", below: Amount = "",
    month: Amount = "",
) -> HTMLResponse:  # fmt: skip
    """Pay in now, and let it happen by itself from now on, within her limit for a month."""
    owner, side = must_be_known(listener), cards_of(services)
    name = f"Wallet at {services.settings.artist_name}"
    payment = side.auto.begin(
        owner,
        _minor(services, amount),
        below=_minor(services, below),
        month_max=_minor(services, month),
        name=name,
        back=_back(services, request, WALLET),
    )
    return _on_to(request, payment.url)


@router.post("/wallet/auto/off", dependencies=[_MONEY])
def auto_top_up_off(services: ServicesDep, listener: ListenerDep) -> RedirectResponse:
    """Top up no more by itself."""
    cards_of(services).auto.turn_off(must_be_known(listener))
    return RedirectResponse(WALLET, status_code=303)


@router.get("/tip", response_class=HTMLResponse)
def tip_page(request: Request, services: ServicesDep, listener: ListenerDep) -> HTMLResponse:
    """Say where a tip goes, and ask how much."""
    page = render(
        request,
        "tip.html",
        cards=services.cards is not None,
        is_known=known(listener) is not None,
        offered=services.paying.currency.written(_offered(services, known(listener))),
        example=TIP_MICROS,
        taken=about_taken(TIP_MICROS, services.paying.currency),
    )
    return HTMLResponse(page)


def _offered(services: Services, owner: str | None) -> int:
    """Give what stands in the form at first: where no cards are taken, no more than her wallet holds."""
    wallet = services.paying.wallets.find(owner) if owner is not None and services.cards is None else None
    return min(TIP_MICROS, wallet.available) if wallet is not None and wallet.available else TIP_MICROS


@router.post("/tip", response_class=HTMLResponse, dependencies=[_MONEY])
def tip(
    request: Request,
    services: ServicesDep,
    listener: ListenerDep,
    amount: Amount = "",
    by: Annotated[str, Form()] = "card",
    once: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    """Open the payment page for a tip, for which nobody has to be known; or give it from the wallet, once."""
    if by == "wallet":
        paying, owner = services.paying, must_be_known(listener)
        tip_from_wallet(paying.lane, paying.receipts, owner, parsed(amount), once or new_token(), services.trust.now)
        return RedirectResponse(WALLET, status_code=303)
    name, side = f"A tip for {services.settings.artist_name}", cards_of(services)
    back, minor = _back(services, request, WALLET), _minor(services, amount)
    payment = side.cards.begin(listener.payer, minor, purpose="tip", name=name, back=back)
    return _on_to(request, payment.url)


@router.get("/wallet/back", response_class=HTMLResponse)
def come_back(services: ServicesDep, paid: str = "", to: str = WALLET) -> RedirectResponse:
    """Come back from a payment page; what was paid is looked up at once, or again and again until it is there."""
    to = to if to in (WALLET, TIERS) else WALLET
    is_known = not paid
    with suppress(CardsAway):
        try:
            is_known = is_known or cards_of(services).cards.is_over(paid)
        except CardsRefused:  # there is no such page
            is_known = True
    return RedirectResponse(to if is_known else f"{to}?{urlencode({'waiting': paid})}", status_code=303)


@router.post("/wallet/refund", dependencies=[_MONEY])
def refund(services: ServicesDep, listener: ListenerDep) -> RedirectResponse:
    """Pay back what is left in the wallet, to the cards that it came from."""
    cards_of(services).cards.refund_unspent(must_be_known(listener))
    return RedirectResponse(WALLET, status_code=303)


@router.post("/tiers/subscribe", response_class=HTMLResponse, dependencies=[_MONEY])
def subscribe(
    request: Request,
    services: ServicesDep,
    listener: ListenerDep,
    every: Annotated[str, Form()] = "month",
    by: Annotated[str, Form()] = "card",
) -> Response:
    """Subscribe to what the artist offers to supporters, by card or from the wallet."""
    owner, side = must_be_known(listener), cards_of(services)
    offered = services.paying.pricing.current()[1].supporter
    amount = getattr(offered, every, None) if offered is not None and every in ("month", "year") else None
    if offered is None or amount is None:
        raise CardsRefused("This presence does not offer that.")
    gift = parsed(offered.gift or "0")
    if by == "wallet":
        side.subscriptions.begin_from_wallet(owner, every, parsed(amount), gift_micros=gift)
        return RedirectResponse(TIERS, status_code=303)
    name = f"Supporter of {services.settings.artist_name}"
    minor, back = _minor(services, amount), _back(services, request, TIERS)
    url = side.subscriptions.begin(owner, every, minor, name=name, back=back, gift_micros=gift)
    return _on_to(request, url)


@router.post("/tiers/cancel", dependencies=[_MONEY])
def cancel(services: ServicesDep, listener: ListenerDep, again: Annotated[str, Form()] = "") -> RedirectResponse:
    """End her subscription with what is paid for, or let it go on."""
    owner, side = must_be_known(listener), cards_of(services)
    live = [one for one in side.subscriptions.of_owner(owner) if one.is_live]
    if not live:
        raise CardsRefused("You have no subscription here.")
    for one in live[:1] if again else live:  # of two that were begun at once none goes on behind her back
        (side.subscriptions.resume if again else side.subscriptions.cancel)(one.ident)
    return RedirectResponse(TIERS, status_code=303)


@router.post("/tiers/portal", response_class=HTMLResponse, dependencies=[_MONEY])
def portal(request: Request, services: ServicesDep, listener: ListenerDep) -> HTMLResponse:
    """Lead to the processor's own page for cards and invoices."""
    owner, side = must_be_known(listener), cards_of(services)
    of_card = [one for one in side.subscriptions.of_owner(owner) if one.customer]
    if not of_card:
        raise CardsRefused("You have no subscription by card here.")
    return _on_to(request, side.subscriptions.portal(of_card[0].ident, _back(services, request, TIERS)))


def cards_of(services: Services) -> CardSide:
    """Give what takes cards, or raise `NoCards`."""
    if services.cards is None:
        raise NoCards
    return services.cards


def _minor(services: Services, amount: str) -> int:
    minor, rest = services.paying.currency.minor_of(parsed(amount))
    if rest:
        raise CardsRefused("A card pays whole cents: give an amount such as 10 or 7.50.")
    return minor


def _back(services: Services, request: Request, to: str) -> str:
    return f"{services.origins.of(request.headers.get('host', ''))}/wallet/back?to={to}"


def _on_to(request: Request, url: str | None) -> HTMLResponse:
    """Lead on to a page elsewhere: a form may not do so itself, by our policy, but a page may."""
    if url is None:
        raise CardsAway
    page = render(request, "on_to_payment.html", url=url)
    return HTMLResponse(page, headers={"Refresh": f"0; url={url}", "Cache-Control": "no-store"})
