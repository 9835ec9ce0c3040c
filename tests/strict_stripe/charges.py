"""Charges: one attempt to take money each, with its outcome."""

from tests.strict_stripe.balance import settle_charge
from tests.strict_stripe.listing import PAGING, listing, matching
from tests.strict_stripe.metadata import merged
from tests.strict_stripe.methods import charged_with
from tests.strict_stripe.routes import Routes, route
from tests.strict_stripe.world import Object, Params, Trouble, World

APPROVED: Object = {
    "advice_code": None,
    "network_advice_code": None,
    "network_decline_code": None,
    "network_status": "approved_by_network",
    "reason": None,
    "risk_level": "normal",
    "seller_message": "Payment complete.",
    "type": "authorized",
}


def new_charge(world: World, intent: Object, method: Object, *, status: str) -> Object:
    succeeded = status == "succeeded"
    return world.add(
        "charge",
        world.new_id("ch" if method["type"] == "card" else "py"),
        amount=intent["amount"],
        amount_captured=intent["amount"] if succeeded else 0,
        amount_refunded=0,
        application=None,
        application_fee=None,
        application_fee_amount=None,
        balance_transaction=None,
        billing_details=method["billing_details"],
        calculated_statement_descriptor="STRICT STRIPE",
        captured=succeeded,
        currency=intent["currency"],
        customer=intent["customer"],
        description=intent["description"],
        disputed=False,
        failure_balance_transaction=None,
        failure_code=None,
        failure_message=None,
        fraud_details={},
        metadata=dict(intent["metadata"]),
        on_behalf_of=None,
        outcome=dict(APPROVED) if status != "failed" else None,
        paid=succeeded,
        payment_intent=intent["id"],
        payment_method=method["id"],
        payment_method_details=charged_with(method),
        receipt_email=intent["receipt_email"],
        receipt_number=None,
        receipt_url=None,
        refunded=False,
        review=None,
        shipping=None,
        source=None,
        source_transfer=None,
        statement_descriptor=None,
        statement_descriptor_suffix=None,
        status=status,
        transfer_data=None,
        transfer_group=None,
    )


def succeed(world: World, charge: Object) -> None:
    """Money was taken: booked at once, or when the terms say the fee is known."""
    world.change(charge, status="succeeded", paid=True, captured=True, amount_captured=charge["amount"])
    if not world.terms.fee_delay_seconds:
        settle_charge(world, charge)
    world.tell("charge.succeeded", charge)
    if world.terms.fee_delay_seconds:
        settle_charge(world, charge)


def fail(world: World, charge: Object, trouble: Trouble) -> None:
    outcome = {
        **APPROVED,
        "network_status": "declined_by_network",
        "reason": trouble.decline_code,
        "seller_message": trouble.message,
        "type": "issuer_declined",
    }
    fields = {"status": "failed", "paid": False, "outcome": outcome}
    world.change(charge, "charge.failed", **fields, failure_code=trouble.code, failure_message=trouble.message)


def retrieve(world: World, params: Params, charge_id: str) -> Object:
    return world.get("charge", charge_id, in_path=True)


def update(world: World, params: Params, charge_id: str) -> Object:
    charge = world.get("charge", charge_id, in_path=True)
    metadata = merged(charge["metadata"], params.pop("metadata", None))
    world.change(charge, "charge.updated", **{**params, "metadata": metadata})
    return charge


def list_all(world: World, params: Params) -> Object:
    return listing(world, "charge", params, "/v1/charges", matching(params, "customer", "payment_intent"))


ROUTES: Routes = {
    ("get", "/v1/charges"): route(list_all, f"{PAGING} created customer payment_intent"),
    ("get", "/v1/charges/{charge}"): route(retrieve),
    ("post", "/v1/charges/{charge}"): route(update, "description metadata receipt_email"),
}
