"""“My wallet”: what a listener has, what is set aside, where it went, and her own limits. Nobody else's."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse

from billing import Receipt, Wallet
from billing.money import MICROS, parsed
from presence.bootstrap import Services
from presence.errors import NotPublished
from presence.paying.statement import PRACTICE, Told, has_practiced, statement_of
from presence.web.amounts import Amount
from presence.web.cards_shown import PageWaitedFor, shown_cards, shown_subscription
from presence.web.deps import ListenerDep, ServicesDep
from presence.web.known import known, must_be_known, must_own
from presence.web.limits import Limited
from presence.web.pages import render

router = APIRouter()
PAGE = "/wallet"
LINES_MAX = 200
PRACTICE_MICROS = 5 * MICROS
_HERS = {"Cache-Control": "no-store"}


@router.get("/wallet", response_class=HTMLResponse)
def wallet_page(
    request: Request, services: ServicesDep, listener: ListenerDep, waiting: PageWaitedFor = ""
) -> HTMLResponse:
    """Show a listener her wallet; who has no key is told how to get one."""
    did, paying = known(listener), services.paying
    if did is None:
        return HTMLResponse(render(request, "wallet_unknown.html", waiting=waiting), headers=_HERS)
    wallet = paying.wallets.find(did)
    movements = paying.wallets.movements(wallet) if wallet else 0  # before the lines: one more is none left out
    lines = statement_of(paying.wallets, wallet, newest=LINES_MAX) if wallet else []
    page = render(
        request,
        "wallet.html",
        waiting=waiting,
        wallet=wallet,
        gift=wallet.gift_at(paying.wallets.millis()) if wallet else 0,
        lines=lines,
        left_out=max(0, movements - len(lines)),
        receipts=paying.receipts.of_owner(did, LINES_MAX),
        asked=services.history.paid_for(listener, request.state.tier, LINES_MAX),
        practice=_practice(services, lines, movements),
        is_practice=services.settings.billing.is_practice,
        cards=shown_cards(services, did),
        subscription=shown_subscription(services, did),
        day_max=_written(services, wallet.day_max if wallet else None),
        month_max=_written(services, wallet.month_max if wallet else None),
    )
    return HTMLResponse(page, headers=_HERS)


@router.get("/api/wallet")
def wallet_of_program(services: ServicesDep, listener: ListenerDep) -> JSONResponse:
    """Tell the same to the owner's programs."""
    did, paying = must_own(listener), services.paying
    wallet = paying.wallets.find(did)
    lines = statement_of(paying.wallets, wallet, newest=LINES_MAX) if wallet else []
    told = {
        "currency": paying.currency.code,
        **_amounts(wallet, paying.wallets.millis()),
        "statement": [
            {"kind": line.kind, "at": line.at // 1000, "micros": line.micros, "receipt": line.receipt} for line in lines
        ],
        "receipts": [_listed(receipt) for receipt in paying.receipts.of_owner(did, LINES_MAX)],
    }
    return JSONResponse(told, headers=_HERS)


@router.post("/wallet/limits", dependencies=[Depends(Limited("documents"))])
def set_limits(services: ServicesDep, listener: ListenerDep, day: Amount = "", month: Amount = "") -> RedirectResponse:
    """Keep her own limits for a day and a month; empty is none."""
    did = must_be_known(listener)
    services.paying.wallets.limit(did, day_max=_read(day), month_max=_read(month))
    return RedirectResponse(PAGE, status_code=303)


@router.post("/wallet/practice", dependencies=[Depends(Limited("documents"))])
def practice(services: ServicesDep, listener: ListenerDep) -> RedirectResponse:
    """Give practice credit, once; only a demo does that."""
    if not services.settings.billing.is_practice:
        raise NotPublished
    wallet = services.paying.wallets.open(must_be_known(listener))
    ident = f"{PRACTICE}:{wallet.ident}"
    services.paying.wallets.give(wallet.owner, PRACTICE_MICROS, ident, why=PRACTICE)
    return RedirectResponse(PAGE, status_code=303)


def _practice(services: Services, lines: Sequence[Told], movements: int) -> int:
    """Give how much practice credit there is to be had; who has moved more than is read here got hers long ago."""
    has_it = has_practiced(lines) or movements > len(lines)
    return PRACTICE_MICROS if services.settings.billing.is_practice and not has_it else 0


def _amounts(wallet: Wallet | None, at: int) -> dict[str, Any]:
    if wallet is None:
        nothing = {"balance_micros": 0, "set_aside_micros": 0, "available_micros": 0, "gift_micros": 0}
        return {**nothing, "gift_expires_at": None, "day_max_micros": None, "month_max_micros": None, "closed": False}
    gift, ends = wallet.gift_at(at), wallet.gift_expires_at
    return {
        "balance_micros": wallet.posted,
        "set_aside_micros": wallet.held + wallet.gift_held,
        "available_micros": wallet.available + gift,
        "gift_micros": gift,
        "gift_expires_at": None if ends is None or not gift else ends // 1000,
        "day_max_micros": wallet.day_max,
        "month_max_micros": wallet.month_max,
        "closed": wallet.frozen_because is not None,
    }


def _listed(receipt: Receipt) -> dict[str, Any]:
    said = receipt.said
    return {"id": receipt.ident, "at": said["at"], "micros": said["micros"], "url": f"/receipts/{receipt.ident}.json"}


def _read(text: str) -> int | None:
    return parsed(text) if text.strip() else None


def _written(services: Services, micros: int | None) -> str:
    """Write a limit as the form takes it."""
    if micros is None:
        return ""
    return services.paying.currency.written(micros)
