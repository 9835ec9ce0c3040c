"""What collaborators earned and were not paid: paid elsewhere, by bank or by hand, and booked here with a proof."""

from typing import Annotated

from fastapi import Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from billing.errors import BillingError, SplitWrong
from billing.money import parsed
from billing.payables import PROOF_CHARS_MAX
from presence.bootstrap import Services
from presence.paying.sharing import pay_out
from presence.problems import sentence_of
from presence.web.amounts import Amount
from presence.web.deps import ServicesDep
from presence.web.studio.frame import render_studio, room_of_the_studio

router = room_of_the_studio()
PAGE = "/studio/payouts"
PAST_MAX = 200
ID_CHARS = 64
_NOT_KEPT = {"Cache-Control": "no-store"}


@router.get("/payouts", response_class=HTMLResponse)
def payouts_page(
    request: Request, services: ServicesDep, booked: Annotated[str, Query(max_length=4)] = ""
) -> HTMLResponse:
    """Show what is owed to whom, and what was paid."""
    return _page(request, services, booked=bool(booked))


@router.post("/payouts")
def book(
    request: Request,
    services: ServicesDep,
    party: Annotated[str, Form(max_length=40)],
    once: Annotated[str, Form(min_length=1, max_length=ID_CHARS)],
    amount: Amount = "",
    proof: Annotated[str, Form(max_length=400)] = "",
) -> Response:
    """Book that a collaborator was paid; the same form, sent twice, is booked once."""
    paying, how = services.paying, " ".join(proof.split())
    try:
        paid = pay_out(paying.payables, paying.currency, party, once, proof=how, amount=amount.strip() or None)
        if amount.strip() and paying.currency.micros_of_minor(paid) != parsed(amount):
            raise SplitWrong("This form was sent before, with another amount: that one stands below.")
    except BillingError as error:
        typed = {"party": party, "amount": amount, "proof": proof}
        return _page(request, services, typed=typed, wrong=sentence_of(error), status_code=422)
    return RedirectResponse(f"{PAGE}?booked=yes", status_code=303)


def _page(
    request: Request,
    services: Services,
    *,
    booked: bool = False,
    typed: dict[str, str] | None = None,
    wrong: str = "",
    status_code: int = 200,
) -> HTMLResponse:
    paying = services.paying
    parties = paying.splits.parties()
    owed = {one.ident: paying.payables.owed(one.ident) for one in parties}
    page = render_studio(
        request,
        "payouts.html",
        parties=parties,
        names={one.ident: one.name for one in parties},
        owed=owed,
        payable={ident: micros - paying.currency.minor_of(micros)[1] for ident, micros in owed.items()},
        whole=sum(owed.values()),
        past=paying.payables.paid(PAST_MAX),
        booked=booked,
        typed=typed or {},
        wrong=wrong,
        proof_chars_max=PROOF_CHARS_MAX,
        written=paying.currency.written,
    )
    return HTMLResponse(page, status_code=status_code, headers=_NOT_KEPT)
