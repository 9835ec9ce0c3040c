"""Taxes: worked out when the place of the customer is known, on top of a price or within it."""

from decimal import ROUND_HALF_UP, Decimal

from tests.strict_stripe.refusals import invalid
from tests.strict_stripe.routes import beyond_the_double
from tests.strict_stripe.world import Object, Params, World

BEHAVIOURS = ("exclusive", "inclusive")


def automatic(params: Params) -> Object:
    """What a new session says of it: nothing can be worked out before the customer gives her address."""
    asked = params.get("automatic_tax", {})
    if "liability" in asked:
        raise beyond_the_double("the tax of a connected account")
    if not asked.get("enabled"):
        return {"enabled": False, "liability": None, "provider": None, "status": None}
    if "customer" in params:
        raise beyond_the_double("a customer whose address is kept, or not")
    return {
        "enabled": True,
        "liability": {"type": "self"},
        "provider": "stripe",
        "status": "requires_location_inputs",
    }


def check_behaviour(session_tax: Object, lines: list[Object]) -> None:
    for line in lines:
        if session_tax["enabled"] and line["price"]["tax_behavior"] not in BEHAVIOURS:
            raise invalid(
                "Automatic tax needs a tax behavior: set `tax_behavior` on the price, or a default in your tax "
                "settings.",
                param="automatic_tax[enabled]",
            )


def tax_of(world: World, amount: int, behaviour: str) -> int:
    """The tax of an amount in minor units, rounded half up."""
    rate = world.terms.tax_rate
    part = amount * rate if behaviour == "exclusive" else amount * rate / (1 + rate)
    return int(Decimal(part).quantize(Decimal(1), rounding=ROUND_HALF_UP)) if world.terms.knows_the_place else 0


def on_top(tax: int, behaviour: str) -> int:
    return tax if behaviour == "exclusive" else 0


def work_out(world: World, session: Object) -> None:
    """The customer gave her address: the session says what it comes to."""
    if not session["automatic_tax"]["enabled"]:
        return
    lines = world.lines_of_sessions[session["id"]]
    for line in lines:
        behaviour = line["price"]["tax_behavior"]
        tax = tax_of(world, line["amount_subtotal"], behaviour)
        line.update(amount_tax=tax, amount_total=line["amount_subtotal"] + on_top(tax, behaviour))
    session["amount_total"] = sum(line["amount_total"] for line in lines)
    session["total_details"] = {**session["total_details"], "amount_tax": sum(line["amount_tax"] for line in lines)}
    session["automatic_tax"] = {**session["automatic_tax"], "status": status(world)}


def status(world: World) -> str:
    return "complete" if world.terms.knows_the_place else "failed"


def on_invoice(world: World, subscription: Object, lines: list[Object]) -> Object:
    """What an invoice's tax adds to its fields."""
    total = sum(line["amount"] for line in lines)
    nothing = dict.fromkeys(("disabled_reason", "liability", "provider", "status"))
    if not subscription["automatic_tax"]["enabled"]:
        return {"automatic_tax": {**nothing, "enabled": False}, "total_taxes": []}
    if total < 0:
        raise beyond_the_double("the tax of a credit")
    behaviour = world.get("price", lines[0]["pricing"]["price_details"]["price"])["tax_behavior"]
    tax = tax_of(world, total, behaviour)
    added = on_top(tax, behaviour)
    told = {
        "amount": tax,
        "tax_behavior": behaviour,
        "tax_rate_details": {"tax_rate": "txr_strict"},
        "taxability_reason": "standard_rated",
        "taxable_amount": total + added - tax,
        "type": "tax_rate_details",
    }
    return {
        "amount_due": total + added,
        "amount_remaining": total + added,
        "automatic_tax": {
            **nothing,
            "enabled": True,
            "liability": {"type": "self"},
            "provider": "stripe",
            "status": status(world),
        },
        "subtotal_excluding_tax": total + added - tax,
        "total": total + added,
        "total_excluding_tax": total + added - tax,
        "total_taxes": [told] if tax else [],
    }
