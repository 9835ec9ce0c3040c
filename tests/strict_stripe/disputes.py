"""Disputes and fraud warnings: what a cardholder's bank does to a charge."""

import stripe

from tests.strict_stripe.balance import move
from tests.strict_stripe.listing import PAGING, listing, matching
from tests.strict_stripe.metadata import merged
from tests.strict_stripe.refusals import invalid
from tests.strict_stripe.routes import Routes, route
from tests.strict_stripe.shapes import AnyOf, Scalar, record_shape
from tests.strict_stripe.world import Object, Params, World

ANSWER_WITHIN_SECONDS = 7 * 86_400
CLOSED = ("won", "lost")
EVIDENCE = tuple(
    name
    for name, shape in record_shape(stripe.Dispute.Evidence).fields.items()
    if isinstance(shape, AnyOf) and Scalar(str) in shape.shapes
)


def dispute(world: World, charge: Object, *, amount: int | None = None, reason: str = "fraudulent") -> Object:
    """The bank takes the money back, and the processor its fee."""
    if not charge["paid"] or charge["disputed"]:
        raise invalid(f"Charge {charge['id']} cannot be disputed.")
    made = _new_dispute(world, charge, amount or charge["amount"] - charge["amount_refunded"], reason)
    world.change(charge, "charge.updated", disputed=True)
    world.tell("charge.dispute.created", made)
    taken = move(world, "adjustment", -made["amount"], made, fee=world.terms.dispute_fee)
    made["balance_transactions"].append(dict(taken))
    world.tell("charge.dispute.funds_withdrawn", made)
    return made


def _new_dispute(world: World, charge: Object, amount: int, reason: str) -> Object:
    brand = charge["payment_method_details"].get("card", {}).get("brand", "visa")
    card = {"brand": brand, "case_type": "chargeback", "network": brand, "network_reason_code": "10.4"}
    return world.add(
        "dispute",
        world.new_id("du"),
        amount=amount,
        balance_transactions=[],
        charge=charge["id"],
        currency=charge["currency"],
        enhanced_eligibility_types=[],
        evidence={**dict.fromkeys(EVIDENCE), "enhanced_evidence": {}},
        evidence_details={
            "due_by": world.timestamp() + ANSWER_WITHIN_SECONDS,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
            "submission_method": "not_submitted",
        },
        is_charge_refundable=False,
        metadata={},
        payment_intent=charge["payment_intent"],
        payment_method_details={"card": card, "type": "card"},
        reason=reason,
        status="needs_response",
    )


def close(world: World, made: Object, *, won: bool) -> None:
    """Won: the money comes back, the fee only where the terms say so. Lost: all stays as it is."""
    if made["status"] in CLOSED:
        raise invalid("This dispute is already closed.")
    world.change(made, status="won" if won else "lost")
    if won:
        fee = -world.terms.dispute_fee if world.terms.dispute_fee_returned else 0
        returned = move(world, "adjustment", made["amount"], made, fee=fee, category="dispute_reversal")
        made["balance_transactions"].append(dict(returned))
        world.tell("charge.dispute.funds_reinstated", made)
    world.tell("charge.dispute.closed", made)


def warn(world: World, charge: Object) -> Object:
    """The card's network believes that the cardholder will call the payment a fraud."""
    warning = world.add(
        "radar.early_fraud_warning",
        world.new_id("issfr"),
        actionable=not charge["refunded"] and not charge["disputed"],
        charge=charge["id"],
        fraud_type="made_with_stolen_card",
        payment_intent=charge["payment_intent"],
    )
    world.tell("radar.early_fraud_warning.created", warning)
    return warning


def retrieve(world: World, params: Params, dispute_id: str) -> Object:
    return world.get("dispute", dispute_id, in_path=True)


def update(world: World, params: Params, dispute_id: str) -> Object:
    made = world.get("dispute", dispute_id, in_path=True)
    if made["status"] in CLOSED:
        raise invalid("This dispute is already closed.")
    evidence = {**made["evidence"], **params.get("evidence", {})}
    details = {**made["evidence_details"], "has_evidence": any(evidence[name] for name in EVIDENCE)}
    fields: Params = {"evidence": evidence, "metadata": merged(made["metadata"], params.get("metadata"))}
    if params.get("submit", True) and details["has_evidence"]:
        details |= {"submission_count": details["submission_count"] + 1, "submission_method": "manual"}
        fields["status"] = "under_review"
    world.change(made, "charge.dispute.updated", **fields, evidence_details=details)
    return made


def accept(world: World, params: Params, dispute_id: str) -> Object:
    made = world.get("dispute", dispute_id, in_path=True)
    close(world, made, won=False)
    return made


def list_all(world: World, params: Params) -> Object:
    return listing(world, "dispute", params, "/v1/disputes", matching(params, "charge", "payment_intent"))


def retrieve_warning(world: World, params: Params, warning_id: str) -> Object:
    return world.get("radar.early_fraud_warning", warning_id, in_path=True)


def list_warnings(world: World, params: Params) -> Object:
    keep = matching(params, "charge", "payment_intent")
    return listing(world, "radar.early_fraud_warning", params, "/v1/radar/early_fraud_warnings", keep)


ROUTES: Routes = {
    ("get", "/v1/disputes"): route(list_all, f"{PAGING} charge created payment_intent"),
    ("get", "/v1/disputes/{dispute}"): route(retrieve),
    ("post", "/v1/disputes/{dispute}"): route(update, "evidence metadata submit"),
    ("post", "/v1/disputes/{dispute}/close"): route(accept),
    ("get", "/v1/radar/early_fraud_warnings"): route(list_warnings, f"{PAGING} charge created payment_intent"),
    ("get", "/v1/radar/early_fraud_warnings/{early_fraud_warning}"): route(retrieve_warning),
}
