"""Payouts: what is available goes to the bank, and sometimes comes back."""

from tests.strict_stripe.balance import move
from tests.strict_stripe.listing import PAGING, listing, matching
from tests.strict_stripe.refusals import invalid
from tests.strict_stripe.routes import Routes, route
from tests.strict_stripe.world import Object, Params, World

ARRIVAL_SECONDS = 86_400


def pay_out(world: World, *, succeeded: bool = True) -> Object:
    """Pay out everything available and not yet paid out; a failed one comes back whole."""
    waiting = [
        movement
        for movement in world.table("balance_transaction").values()
        if movement["status"] == "available" and movement["id"] not in world.paid_out
    ]
    amount = sum(movement["net"] for movement in waiting)
    if amount <= 0:
        raise invalid(
            "You have insufficient funds in your Stripe account for this transfer.", code="balance_insufficient"
        )
    payout = _new_payout(world, amount)
    for movement in waiting:
        world.paid_out[movement["id"]] = payout["id"]
    payout["balance_transaction"] = _part(world, "payout", -amount, payout)
    world.tell("payout.created", payout)
    if succeeded:
        world.change(payout, "payout.paid", status="paid")
        world.change(payout, "payout.reconciliation_completed", reconciliation_status="completed")
    else:
        _fail(world, payout)
    return payout


def _fail(world: World, payout: Object) -> None:
    # The money is back in the balance, and the next payout takes the return itself.
    returned = move(world, "payout_failure", payout["amount"], payout)
    world.change(
        payout,
        "payout.failed",
        status="failed",
        failure_code="account_closed",
        failure_message="The bank account has been closed.",
        failure_balance_transaction=returned["id"],
    )


def _part(world: World, kind: str, amount: int, payout: Object) -> str:
    movement_id = str(move(world, kind, amount, payout)["id"])
    world.paid_out[movement_id] = payout["id"]
    return movement_id


def _new_payout(world: World, amount: int) -> Object:
    return world.add(
        "payout",
        world.new_id("po"),
        amount=amount,
        application_fee=None,
        application_fee_amount=None,
        arrival_date=world.timestamp() + ARRIVAL_SECONDS,
        automatic=True,
        balance_transaction=None,
        currency=world.terms.currency,
        description="STRIPE PAYOUT",
        destination=None,
        failure_balance_transaction=None,
        failure_code=None,
        failure_message=None,
        metadata={},
        method="standard",
        original_payout=None,
        reconciliation_status="in_progress",
        reversed_by=None,
        source_type="card",
        statement_descriptor=None,
        status="in_transit",
        trace_id=None,
        type="bank_account",
    )


def retrieve(world: World, params: Params, payout_id: str) -> Object:
    return world.get("payout", payout_id, in_path=True)


def list_all(world: World, params: Params) -> Object:
    return listing(world, "payout", params, "/v1/payouts", matching(params, "status"))


ROUTES: Routes = {
    ("get", "/v1/payouts"): route(list_all, f"{PAGING} created status"),
    ("get", "/v1/payouts/{payout}"): route(retrieve),
}
