"""A receipt, for who paid: as a page, and as the signed copy that anybody can check offline."""

from contextlib import suppress
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from billing import Receipt
from billing.errors import BillingError
from billing.shares import ARTIST
from presence.asking.contracts import Listener
from presence.bootstrap import Services
from presence.errors import UnknownReceipt
from presence.paying.statement import paid_with
from presence.web.deps import ListenerDep, ServicesDep
from presence.web.pages import render

router = APIRouter(prefix="/receipts")
Ident = Annotated[str, Path(pattern=r"^[\w-]{1,64}$")]
_HERS = {"Cache-Control": "no-store", "Vary": "Accept"}


@router.get("/{ident}.json")
def receipt_copy(ident: Ident, services: ServicesDep, listener: ListenerDep) -> JSONResponse:
    """Give the payer's own copy, to be kept: signed, with what opens it, and with its place in the public log."""
    receipt = _hers(ident, services, listener)
    headers = {**_HERS, "Content-Disposition": f'attachment; filename="receipt-{receipt.ident}.json"'}
    return JSONResponse(own_copy(receipt, services, listener), headers=headers)


@router.get("/{ident}")
def receipt_page(request: Request, ident: Ident, services: ServicesDep, listener: ListenerDep) -> Response:
    """Show a receipt to who paid: a page to a browser, her copy to a program."""
    receipt = _hers(ident, services, listener)
    copy = own_copy(receipt, services, listener)
    if "text/html" not in request.headers.get("accept", ""):
        return JSONResponse(copy, headers=_HERS)
    names = {party.ident: party.name for party in services.paying.splits.parties()}
    names[ARTIST] = services.settings.artist_name
    page = render(
        request,
        "receipt.html",
        said=receipt.said,
        copy=copy,
        cards=services.cards is not None,
        shares=[(names.get(party, "Somebody who shares in it"), micros) for party, micros in receipt.said["shares"]],
    )
    return HTMLResponse(page, headers=_HERS)


def own_copy(receipt: Receipt, services: Services, listener: Listener) -> dict[str, Any]:
    """Put the payer's copy together: who paid and what was asked, where it is hers to know, and the proof."""
    copy = {**receipt.as_json(), "payer_is": receipt.owner}
    question = _question(receipt, services, listener)
    if question is not None:
        copy["question_is"] = question
    public = services.paying.public
    if public is not None:
        with suppress(BillingError):  # a log in doubt proves nothing; the receipt stands by itself
            if (proof := public.proof_of(receipt)) is not None:
                copy["log"] = proof
    return copy


def _hers(ident: str, services: Services, listener: Listener) -> Receipt:
    receipt = services.paying.receipts.find(ident)
    # Who reads a page in which a room is embedded asks with its owner's wallet, and is not its owner.
    if receipt is None or receipt.owner != listener.payer or listener.how == "embed":
        raise UnknownReceipt
    return receipt


def _question(receipt: Receipt, services: Services, listener: Listener) -> str | None:
    """Give the question that was paid for, if this listener asked it."""
    wallet = services.paying.wallets.find(receipt.owner)
    line = paid_with(services.paying.wallets, wallet, receipt.ident) if wallet else None
    ident = line.question if line is not None else None
    asked = services.counter.transcripts.find(ident) if ident else None
    return asked.question if asked is not None and asked.listener == listener.ident else None
