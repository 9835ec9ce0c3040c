"""What Stripe asks of a checkout session before it opens one."""

from urllib.parse import urlsplit

from tests.strict_stripe.customers import live_customer
from tests.strict_stripe.intents import check_amount
from tests.strict_stripe.refusals import invalid, missing
from tests.strict_stripe.routes import beyond_the_double
from tests.strict_stripe.world import Object, Params, World

LIFETIME_SECONDS = 86_400
LIFETIME_SECONDS_MIN = 1800
REFERENCE_LENGTH_MAX = 200
# What a session may ask for the payment or subscription it will make.
WISHES = {
    "payment_intent_data": "description metadata receipt_email setup_future_usage statement_descriptor "
    "statement_descriptor_suffix",
    "subscription_data": "description metadata",
}
ONLY_IN = {
    "customer_creation": "payment",
    "invoice_creation": "payment",
    "payment_intent_data": "payment",
    "subscription_data": "subscription",
    "submit_type": "payment",
}


def check(world: World, params: Params) -> None:
    if "mode" not in params:
        raise missing("mode")
    if params["mode"] == "setup" or params.get("ui_mode", "hosted_page") != "hosted_page":
        raise beyond_the_double("a checkout that neither takes money nor has a page of its own")
    for name in ("success_url", "line_items"):
        if not params.get(name):
            raise missing(name)
    for name, mode in ONLY_IN.items():
        if name in params and params["mode"] != mode:
            raise invalid(f"You can not pass `{name}` in `{params['mode']}` mode.", param=name)
    _check_wishes(params)
    _check_customer(world, params)
    _check_urls(params)
    _check_moment(world, params)
    if len(params.get("client_reference_id", "")) > REFERENCE_LENGTH_MAX:
        raise invalid(f"Invalid string; must be at most {REFERENCE_LENGTH_MAX} characters", param="client_reference_id")


def _check_wishes(params: Params) -> None:
    for name, played in WISHES.items():
        for wish in params.get(name, {}):
            if wish not in played.split():
                raise beyond_the_double(f"{name}[{wish}]")


def _check_customer(world: World, params: Params) -> None:
    if "customer" in params:
        live_customer(world, params["customer"])
        for name in ("customer_email", "customer_creation"):
            if name in params:
                raise invalid(f"You may only specify one of these parameters: customer, {name}.")


def _check_urls(params: Params) -> None:
    for name in ("success_url", "cancel_url"):
        parts = urlsplit(params.get(name, "https://example.com"))
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise invalid("Not a valid URL", code="url_invalid", param=name)


def _check_moment(world: World, params: Params) -> None:
    lasting = params.get("expires_at", world.timestamp() + LIFETIME_SECONDS) - world.timestamp()
    if not LIFETIME_SECONDS_MIN <= lasting <= LIFETIME_SECONDS:
        message = "The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session creation."
        raise invalid(message, param="expires_at")


def check_mode(price: Object, mode: str) -> None:
    if mode == "payment" and price["type"] == "recurring":
        raise invalid(
            "You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use "
            "only one-time prices.",
            param="mode",
        )
    if mode == "subscription" and price["type"] == "one_time":
        raise beyond_the_double("a one-time price beside a subscription")


def one_currency(lines: list[Object]) -> str:
    currencies = sorted({line["currency"] for line in lines})
    if len(currencies) > 1:
        raise invalid(f"All line items must have the same currency, not {', '.join(currencies)}.")
    return str(currencies[0])


def check_total(world: World, total: int) -> None:
    if total < world.terms.amount_min:
        least = f"${world.terms.amount_min / 100:.2f} {world.terms.currency}"
        message = f"The Checkout Session's total amount due must add up to at least {least}"
        raise invalid(message, code="amount_too_small")
    check_amount(world, total)
