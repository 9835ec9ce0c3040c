"""What the API asks of payment intents: create, confirm, change, cancel, read."""

from tests.strict_stripe.intents import OPEN, attempt, check_amount, new_intent
from tests.strict_stripe.listing import PAGING, listing, matching
from tests.strict_stripe.metadata import merged
from tests.strict_stripe.methods import usable
from tests.strict_stripe.refusals import Refusal, card_error, invalid, no_such, wrong_state
from tests.strict_stripe.routes import Routes, beyond_the_double, route
from tests.strict_stripe.world import Object, Params, World


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
