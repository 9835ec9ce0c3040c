"""Refunds: money given back, at most what was taken; the fee stays with the processor."""

from tests.strict_stripe.balance import by_card, move
from tests.strict_stripe.listing import PAGING, listing, matching
from tests.strict_stripe.metadata import merged
from tests.strict_stripe.refusals import invalid, missing
from tests.strict_stripe.routes import Routes, route
from tests.strict_stripe.world import Object, Params, World

ACTIVE = ("pending", "requires_action", "succeeded")


def create(world: World, params: Params) -> Object:
    charge = charge_meant(world, params)
    amount = _amount(charge, params)
    return refund(world, charge, amount, reason=params.get("reason"), metadata=params.get("metadata"))


def charge_meant(world: World, params: Params) -> Object:
    """The charge that `payment_intent` or `charge` among the parameters means."""
    if ("charge" in params) == ("payment_intent" in params):
        raise missing("charge") if "charge" not in params else invalid("Specify either charge or payment_intent.")
    if "charge" in params:
        return world.get("charge", params["charge"], param="charge")
    intent = world.get("payment_intent", params["payment_intent"], param="payment_intent")
    if intent["status"] != "succeeded":
        message = f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund."
        raise invalid(message, code="payment_intent_unexpected_state", param="payment_intent")
    return world.get("charge", intent["latest_charge"])


def _amount(charge: Object, params: Params) -> int:
    left = charge["amount"] - charge["amount_refunded"]
    if not charge["paid"]:
        raise invalid(f"Charge {charge['id']} has not been paid.", code="charge_not_refundable")
    if charge["disputed"]:
        raise invalid(f"Charge {charge['id']} has been charged back; cannot issue a refund.", code="charge_disputed")
    if not left:
        raise invalid(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    amount = int(params.get("amount", left))
    if amount < 1:
        raise invalid("Invalid positive integer", code="parameter_invalid_integer", param="amount")
    if amount > left:
        message = f"Refund amount (${amount / 100:.2f}) is greater than unrefunded amount on charge (${left / 100:.2f})"
        raise invalid(message, param="amount")
    return amount


def refund(
    world: World, charge: Object, amount: int, *, reason: str | None = None, metadata: Params | None = None
) -> Object:
    made = world.add(
        "refund",
        world.new_id("re" if by_card(charge) else "pyr"),
        amount=amount,
        balance_transaction=None,
        charge=charge["id"],
        currency=charge["currency"],
        destination_details=_destination(charge),
        metadata=merged({}, metadata),
        payment_intent=charge["payment_intent"],
        reason=reason,
        receipt_number=None,
        source_transfer_reversal=None,
        status="pending" if world.terms.refunds_pend else "succeeded",
        transfer_reversal=None,
    )
    made["balance_transaction"] = move(world, "refund" if by_card(charge) else "payment_refund", -amount, made)["id"]
    _count(world, charge, amount)
    world.tell("refund.created", made)
    world.tell("charge.refunded", charge)
    return made


def _destination(charge: Object) -> Object:
    if not by_card(charge):
        return {"type": "us_bank_transfer", "us_bank_transfer": {"reference": None, "reference_status": None}}
    return {
        "type": "card",
        "card": {"reference_status": "pending", "reference_type": "acquirer_reference_number", "type": "refund"},
    }


def _count(world: World, charge: Object, amount: int) -> None:
    refunded = charge["amount_refunded"] + amount
    world.change(charge, amount_refunded=refunded, refunded=refunded == charge["amount"])


def succeed(world: World, made: Object) -> None:
    """A pending refund arrived."""
    _tell_update(world, made, status="succeeded")


def fail(world: World, made: Object) -> None:
    """The bank sent the money back: it is in the balance again, and the charge counts as less refunded."""
    if made["status"] not in ACTIVE:
        raise invalid(f"Refund {made['id']} is {made['status']}.")
    returned = move(world, "refund_failure", made["amount"], made)
    charge = world.get("charge", made["charge"])
    _count(world, charge, -made["amount"])
    _tell_update(
        world,
        made,
        status="failed",
        failure_reason="lost_or_stolen_card",
        failure_balance_transaction=returned["id"],
    )
    world.tell("refund.failed", made)


def _tell_update(world: World, made: Object, **fields: object) -> None:
    world.change(made, "refund.updated", **fields)
    world.tell("charge.refund.updated", made)


def update(world: World, params: Params, refund_id: str) -> Object:
    made = world.get("refund", refund_id, in_path=True)
    _tell_update(world, made, metadata=merged(made["metadata"], params.get("metadata")))
    return made


def retrieve(world: World, params: Params, refund_id: str) -> Object:
    return world.get("refund", refund_id, in_path=True)


def list_all(world: World, params: Params) -> Object:
    return listing(world, "refund", params, "/v1/refunds", matching(params, "charge", "payment_intent"))


ROUTES: Routes = {
    ("post", "/v1/refunds"): route(create, "amount charge metadata payment_intent reason"),
    ("get", "/v1/refunds"): route(list_all, f"{PAGING} charge created payment_intent"),
    ("get", "/v1/refunds/{refund}"): route(retrieve),
    ("post", "/v1/refunds/{refund}"): route(update, "metadata"),
}
