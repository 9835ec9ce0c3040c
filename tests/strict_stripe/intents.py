"""Payment intents: the will to be paid, from the first attempt to the last."""

from typing import Any

from tests.strict_stripe import charges
from tests.strict_stripe.listing import PAGING, listing, matching
from tests.strict_stripe.metadata import merged
from tests.strict_stripe.methods import attached, usable
from tests.strict_stripe.refusals import Refusal, card_error, invalid, missing, no_such, wrong_state
from tests.strict_stripe.routes import Routes, beyond_the_double, route
from tests.strict_stripe.world import AUTHENTICATION_REQUIRED, Object, Params, Trouble, World

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


# --- what happens to an intent ---------------------------------------------------------------------------------------


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


# --- what the API asks -----------------------------------------------------------------------------------------------


def create(world: World, params: Params) -> Object:
    confirm, off_session = params.pop("confirm", False), bool(params.pop("off_session", False))
    return_url, strict = params.pop("return_url", None), params.pop("error_on_requires_action", False)
    if off_session and not confirm:
        raise invalid("You can only set `off_session` when `confirm` is `true`.", param="off_session")
    fields = _fields(world, params)
    if confirm:
        _check_return(fields, return_url)
    intent = new_intent(world, **fields)
    return _confirm(world, intent, off_session=off_session, strict=strict) if confirm else intent


def confirm(world: World, params: Params, intent_id: str) -> Object:
    intent = world.get("payment_intent", intent_id, in_path=True)
    if intent["status"] not in OPEN:
        raise _unexpected(intent, "confirm")
    if "payment_method" in params:
        intent["payment_method"] = _method_for(world, params["payment_method"], intent["customer"])
    _check_return(intent, params.get("return_url"))
    off_session, strict = bool(params.get("off_session")), params.get("error_on_requires_action", False)
    return _confirm(world, intent, off_session=off_session, strict=strict)


def _confirm(world: World, intent: Object, *, off_session: bool, strict: bool) -> Object:
    if not intent["payment_method"]:
        message = (
            "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the "
            "PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a "
            "payment method."
        )
        raise wrong_state(message, "payment_intent_unexpected_state", payment_intent=dict(intent))
    method = world.get("payment_method", intent["payment_method"])
    trouble = attempt(world, intent, method, off_session=off_session or strict)
    if trouble:
        facts = {"charge": intent["latest_charge"], "payment_intent": dict(intent), "payment_method": dict(method)}
        raise card_error(trouble.code, trouble.decline_code, trouble.message, **facts)
    return intent


def _check_return(intent: Params, return_url: str | None) -> None:
    """Stripe may choose a method that redirects, so it wants to know the way back, or that none will."""
    automatic = intent["automatic_payment_methods"]
    if automatic["allow_redirects"] == "always" and not return_url:
        raise invalid(
            "This PaymentIntent is configured to accept payment methods enabled in your Dashboard. Because some of "
            "these payment methods might redirect your customer off of your page, you must provide a `return_url`. "
            "If you don't want to accept redirect-based payment methods, set `automatic_payment_methods[enabled]` to "
            "`true` and `automatic_payment_methods[allow_redirects]` to `never` when creating Setup Intents and "
            "Payment Intents."
        )


def _fields(world: World, params: Params) -> Params:
    fields = {**params, "metadata": merged({}, params.get("metadata"))}
    automatic = params.get("automatic_payment_methods", {"enabled": True})
    fields["automatic_payment_methods"] = {"allow_redirects": "always", **automatic}
    if params.get("capture_method", "automatic_async") == "manual":
        raise beyond_the_double("capturing by hand")
    if customer := params.get("customer"):
        _living_customer(world, customer)
    if method := params.get("payment_method"):
        fields["payment_method"] = _method_for(world, method, customer)
    return fields


def _living_customer(world: World, customer_id: str) -> None:
    if world.get("customer", customer_id, param="customer").get("deleted"):
        raise no_such("customer", customer_id, param="customer")


def _method_for(world: World, method_id: str, customer: str | None) -> str:
    method = usable(world, method_id)
    if method["customer"] and method["customer"] != customer:
        message = (
            "The provided PaymentMethod cannot be used: it belongs to a customer. Please include the Customer in the "
            "`customer` parameter on the PaymentIntent."
        )
        raise invalid(message, param="payment_method")
    return str(method["id"])


def update(world: World, params: Params, intent_id: str) -> Object:
    intent = world.get("payment_intent", intent_id, in_path=True)
    if "amount" in params:
        if intent["status"] not in OPEN:
            raise _unexpected(intent, "update")
        check_amount(world, params["amount"])
    metadata = merged(intent["metadata"], params.pop("metadata", None))
    world.change(intent, **{**params, "metadata": metadata})
    return intent


def cancel(world: World, params: Params, intent_id: str) -> Object:
    intent = world.get("payment_intent", intent_id, in_path=True)
    if intent["status"] not in OPEN:
        raise _unexpected(intent, "cancel")
    world.change(
        intent,
        status="canceled",
        canceled_at=world.timestamp(),
        cancellation_reason=params.get("cancellation_reason"),
        next_action=None,
    )
    world.tell("payment_intent.canceled", intent)
    return intent


def _unexpected(intent: Object, deed: str) -> Refusal:
    message = f"You cannot {deed} this PaymentIntent because it has a status of {intent['status']}."
    return wrong_state(message, "payment_intent_unexpected_state", payment_intent=dict(intent))


def retrieve(world: World, params: Params, intent_id: str) -> Object:
    return world.get("payment_intent", intent_id, in_path=True)


def list_all(world: World, params: Params) -> Object:
    return listing(world, "payment_intent", params, "/v1/payment_intents", matching(params, "customer"))


def intent_or_charge(world: World, params: Params) -> Object:
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


ROUTES: Routes = {
    ("post", "/v1/payment_intents"): route(
        create,
        "amount automatic_payment_methods capture_method confirm currency customer description "
        "error_on_requires_action metadata off_session payment_method receipt_email return_url setup_future_usage "
        "statement_descriptor statement_descriptor_suffix",
    ),
    ("get", "/v1/payment_intents"): route(list_all, f"{PAGING} created customer"),
    ("get", "/v1/payment_intents/{intent}"): route(retrieve),
    ("post", "/v1/payment_intents/{intent}"): route(update, "amount description metadata receipt_email"),
    ("post", "/v1/payment_intents/{intent}/confirm"): route(
        confirm, "error_on_requires_action off_session payment_method return_url"
    ),
    ("post", "/v1/payment_intents/{intent}/cancel"): route(cancel, "cancellation_reason"),
}
