"""The balance: every movement of money with the fee the processor took, and the payouts to the bank."""

from tests.strict_stripe.listing import PAGING, listing, matching
from tests.strict_stripe.routes import Routes, route
from tests.strict_stripe.world import Object, Params, World

CATEGORIES = {
    "adjustment": "dispute",
    "charge": "charge",
    "payment": "charge",
    "payment_refund": "refund",
    "payout": "payout",
    "payout_failure": "payout_reversal",
    "refund": "refund",
    "refund_failure": "refund_failure",
}


def move(world: World, kind: str, amount: int, source: Object, *, fee: int = 0, category: str = "") -> Object:
    """Book a movement; a payment's money becomes available after a while, other movements count at once."""
    wait = world.terms.available_after_seconds if kind in ("charge", "payment") else 0
    words = "Dispute fee" if kind == "adjustment" else "Stripe processing fees"
    detail = {
        "amount": fee,
        "application": None,
        "currency": source["currency"],
        "description": words,
        "type": "stripe_fee",
    }
    movement = world.add(
        "balance_transaction",
        world.new_id("txn"),
        amount=amount,
        available_on=world.timestamp() + wait,
        balance_type="payments",
        currency=source["currency"],
        description=source.get("description"),
        exchange_rate=None,
        fee=fee,
        fee_details=[detail] if fee else [],
        net=amount - fee,
        reporting_category=category or CATEGORIES[kind],
        source=source["id"],
        status="pending" if wait else "available",
        type=kind,
    )
    if wait:
        world.schedule(movement["available_on"], lambda: world.change(movement, status="available"))
    return movement


def by_card(charge: Object) -> bool:
    """The balance calls what comes by other ways a payment, and what goes back a payment refund."""
    return bool(charge["payment_method_details"]["type"] == "card")


def settle_charge(world: World, charge: Object) -> None:
    """Book a successful charge, now or when the terms say the fee is known."""
    delay = world.terms.fee_delay_seconds
    if delay:
        world.schedule(world.timestamp() + delay, lambda: _book(world, charge, told=True))
    else:
        _book(world, charge, told=False)


def _book(world: World, charge: Object, *, told: bool) -> None:
    fee = world.terms.fee_of(charge["amount"])
    movement = move(world, "charge" if by_card(charge) else "payment", charge["amount"], charge, fee=fee)
    world.change(charge, "charge.updated" if told else None, balance_transaction=movement["id"])


def retrieve_balance(world: World, params: Params) -> Object:
    return {
        "object": "balance",
        "available": _sums(world, "available"),
        "livemode": world.livemode,
        "pending": _sums(world, "pending"),
    }


def _sums(world: World, status: str) -> list[Object]:
    movements = world.table("balance_transaction").values()
    net = sum(movement["net"] for movement in movements if movement["status"] == status)
    return [{"amount": net, "currency": world.terms.currency, "source_types": {"card": net}}]


def retrieve(world: World, params: Params, movement_id: str) -> Object:
    return world.get("balance_transaction", movement_id, in_path=True)


def list_all(world: World, params: Params) -> Object:
    keep = matching(params, "currency", "source", "type")
    if "payout" in params:
        world.get("payout", params["payout"], param="payout")
    inside = paid_out_with(world, params.get("payout"))
    return listing(
        world,
        "balance_transaction",
        params,
        "/v1/balance_transactions",
        lambda one: keep(one) and (inside is None or one["id"] in inside),
    )


def paid_out_with(world: World, payout_id: str | None) -> set[str] | None:
    if payout_id is None:
        return None
    return {movement for movement, payout in world.paid_out.items() if payout == payout_id}


ROUTES: Routes = {
    ("get", "/v1/balance"): route(retrieve_balance),
    ("get", "/v1/balance_transactions"): route(list_all, f"{PAGING} created currency payout source type"),
    ("get", "/v1/balance_transactions/{id}"): route(retrieve),
}
