"""Payment intents: the will to be paid, from the first attempt to the last."""

from typing import Any

from tests.strict_stripe import charges
from tests.strict_stripe.methods import attached
from tests.strict_stripe.refusals import card_error, invalid
from tests.strict_stripe.world import AUTHENTICATION_REQUIRED, Object, Trouble, World

AMOUNT_MAX = 99_999_999
OPEN = ("requires_payment_method", "requires_confirmation", "requires_action")
AUTHENTICATION_FAILED = Trouble(
    "payment_intent_authentication_failure",
    "generic_decline",
    "The provided PaymentMethod has failed authentication.",
)
DEBIT_FAILED = Trouble(
    "payment_method_bank_account_blocked", "generic_decline", "The bank account could not be debited."
)


def new_intent(world: World, amount: int, currency: str, **given: Any) -> Object:
    check_amount(world, amount)
    intent_id = world.new_id("pi")
    fields = {
        "amount": amount,
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "application": None,
        "application_fee_amount": None,
        "automatic_payment_methods": {"allow_redirects": "always", "enabled": True},
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": "automatic_async",
        "client_secret": f"{intent_id}_secret_{world.letters(25)}",
        "confirmation_method": "automatic",
        "currency": currency.lower(),
        "customer": None,
        "description": None,
        "last_payment_error": None,
        "latest_charge": None,
        "metadata": {},
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": None,
        "payment_method_configuration_details": None,
        "payment_method_options": {},
        "payment_method_types": ["card"],
        "processing": None,
        "receipt_email": None,
        "review": None,
        "setup_future_usage": None,
        "shipping": None,
        "source": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": None,
        "status": "requires_confirmation" if given.get("payment_method") else "requires_payment_method",
        "transfer_data": None,
        "transfer_group": None,
        **given,
    }
    intent = world.add("payment_intent", intent_id, **fields)
    world.tell("payment_intent.created", intent)
    return intent


def check_amount(world: World, amount: int, *, param: str = "amount") -> None:
    if amount < world.terms.amount_min:
        least = f"${world.terms.amount_min / 100:.2f} {world.terms.currency}"
        raise invalid(f"Amount must be at least {least}", code="amount_too_small", param=param)
    if amount > AMOUNT_MAX:
        raise invalid("Amount must be no more than $999,999.99", code="amount_too_large", param=param)


def attempt(world: World, intent: Object, method: Object, *, off_session: bool = False) -> Trouble | None:
    """Try to take the money; the trouble is handed back once the intent and its charge tell of it."""
    trouble = world.troubles.popleft() if world.troubles else world.troubled_methods.get(method["id"])
    intent["payment_method"] = method["id"]
    if trouble == AUTHENTICATION_REQUIRED and not off_session:
        _ask_for_authentication(world, intent)
        return None
    if trouble:
        _decline(world, intent, method, trouble)
        return trouble
    _receive(world, intent, charges.new_charge(world, intent, method, status="pending"))
    return None


def _ask_for_authentication(world: World, intent: Object) -> None:
    redirect = {"return_url": None, "url": f"{world.base_address}/authenticate/{intent['id']}"}
    action = {"type": "redirect_to_url", "redirect_to_url": redirect}
    world.change(intent, status="requires_action", next_action=action)
    world.tell("payment_intent.requires_action", intent)


def _receive(world: World, intent: Object, charge: Object) -> None:
    if intent["setup_future_usage"] and intent["customer"]:
        attached(world, intent["payment_method"], intent["customer"])
    charges.succeed(world, charge)
    world.change(
        intent,
        status="succeeded",
        amount_received=intent["amount"],
        latest_charge=charge["id"],
        last_payment_error=None,
        next_action=None,
        processing=None,
    )
    world.tell("payment_intent.succeeded", intent)


def _decline(world: World, intent: Object, method: Object, trouble: Trouble, charge: Object | None = None) -> None:
    charge = charge or charges.new_charge(world, intent, method, status="failed")
    charges.fail(world, charge, trouble)
    error = card_error(trouble.code, trouble.decline_code, trouble.message, charge=charge["id"]).error
    world.change(
        intent,
        status="requires_payment_method",
        latest_charge=charge["id"],
        last_payment_error={**error, "payment_method": dict(method)},
        next_action=None,
        payment_method=None,
        processing=None,
    )
    world.tell("payment_intent.payment_failed", intent)


def attempt_later(world: World, intent: Object, method: Object) -> None:
    """A debit whose outcome only days will tell."""
    charge = charges.new_charge(world, intent, method, status="pending")
    intent["payment_method_types"] = [method["type"]]
    world.change(intent, status="processing", payment_method=method["id"], latest_charge=charge["id"])
    world.tell("payment_intent.processing", intent)
    world.tell("charge.pending", charge)


def end_debit(world: World, intent: Object, *, succeeded: bool) -> None:
    charge = world.get("charge", intent["latest_charge"])
    method = world.get("payment_method", intent["payment_method"])
    if succeeded:
        _receive(world, intent, charge)
    else:
        _decline(world, intent, method, DEBIT_FAILED, charge)


def authenticate(world: World, intent: Object, *, succeeded: bool) -> None:
    """The customer came back from her bank."""
    method = world.get("payment_method", intent["payment_method"])
    if succeeded:
        _receive(world, intent, charges.new_charge(world, intent, method, status="pending"))
    else:
        _decline(world, intent, method, AUTHENTICATION_FAILED)
