"""Checkout sessions as the API sees them: opened, read, expired. What the customer does is in `paying`."""

from typing import Any

from tests.strict_stripe.catalogue import new_price
from tests.strict_stripe.checkout_rules import LIFETIME_SECONDS, check, check_mode, check_total, one_currency
from tests.strict_stripe.listing import PAGING, listing, matching, page
from tests.strict_stripe.metadata import merged
from tests.strict_stripe.refusals import invalid, missing, wrong_state
from tests.strict_stripe.routes import Routes, beyond_the_double, route
from tests.strict_stripe.taxes import automatic, check_behaviour
from tests.strict_stripe.world import Object, Params, World

ECHOED = ("billing_address_collection", "locale", "submit_type")  # said back, and of no effect here


def create(world: World, params: Params) -> Object:
    check(world, params)
    lines = [_line(world, item, at, params["mode"]) for at, item in enumerate(params["line_items"])]
    currency, total = one_currency(lines), sum(line["amount_total"] for line in lines)
    check_total(world, total)
    session_id = world.new_id("cs_live" if world.livemode else "cs_test", 58)
    fields = _session(world, params, session_id, currency, total)
    check_behaviour(fields["automatic_tax"], lines)
    session = world.add("checkout.session", session_id, **fields)
    world.lines_of_sessions[session_id] = lines
    world.schedule(session["expires_at"], lambda: _expire_unpaid(world, session))
    return session


def _line(world: World, item: Params, at: int, mode: str) -> Object:
    where = f"line_items[{at}]"
    if "quantity" not in item:
        raise invalid(f"Quantity is required. Add `quantity` to `{where}`", param=f"{where}[quantity]")
    if item["quantity"] < 1:
        raise invalid("This value must be greater than or equal to 1.", param=f"{where}[quantity]")
    price = _price(world, item, where)
    check_mode(price, mode)
    if price["unit_amount"] is None:
        raise beyond_the_double("a price in fractions of a minor unit")
    amount = price["unit_amount"] * item["quantity"]
    return world.add(
        "item",
        world.new_id("li"),
        amount_discount=0,
        amount_subtotal=amount,
        amount_tax=0,
        amount_total=amount,
        currency=price["currency"],
        description=world.get("product", price["product"])["name"],
        metadata=merged({}, item.get("metadata")),
        price=dict(price),
        quantity=item["quantity"],
    )


def _price(world: World, item: Params, where: str) -> Object:
    if ("price" in item) == ("price_data" in item):
        if "price" in item:
            raise invalid("You may only specify one of these parameters: price, price_data.", param=where)
        raise missing(f"{where}[price]")
    if "price_data" in item:
        return new_price(world, item["price_data"], where=f"{where}[price_data]", hidden=True)
    price = world.get("price", item["price"], param=f"{where}[price]")
    if not price["active"]:
        raise invalid(
            "The price specified is inactive. This field only accepts active prices.", param=f"{where}[price]"
        )
    return price


def _session(world: World, params: Params, session_id: str, currency: str, total: int) -> Params:
    unused = (
        "client_secret consent consent_collection currency_conversion customer_details "
        "invoice invoice_creation payment_intent payment_link payment_method_configuration_details "
        "recovered_from setup_intent shipping_address_collection shipping_cost subscription"
    )
    given = (
        "cancel_url",
        "client_reference_id",
        "customer",
        "customer_email",
        "success_url",
        "allow_promotion_codes",
        *ECHOED,
    )
    subscribing = params["mode"] == "subscription"
    world.wishes[session_id] = params.get("subscription_data" if subscribing else "payment_intent_data", {})
    customer_creation = params.get("customer_creation", "always" if subscribing else "if_required")
    return {
        **dict.fromkeys(unused.split()),
        **{name: params.get(name) for name in given},
        "adaptive_pricing": {"enabled": params.get("adaptive_pricing", {}).get("enabled", True)},
        "after_expiration": None,
        "amount_subtotal": total,
        "amount_total": total,
        "automatic_tax": automatic(params),
        "currency": currency,
        "custom_fields": [],
        "custom_text": dict.fromkeys(("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")),
        "customer_creation": None if "customer" in params else customer_creation,
        "expires_at": params.get("expires_at", world.timestamp() + LIFETIME_SECONDS),
        "metadata": merged({}, params.get("metadata")),
        "mode": params["mode"],
        "payment_method_collection": "always" if subscribing else "if_required",
        "payment_method_options": {},
        "payment_method_types": _methods(params),
        "payment_status": "unpaid",
        "phone_number_collection": {"enabled": False},
        "saved_payment_method_options": None,
        "shipping_options": [],
        "status": "open",
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": "hosted_page",
        "url": f"{world.base_address}/pay/{session_id}",
    }


def _methods(params: Params) -> list[str]:
    eligible = ["card"] if params["mode"] == "subscription" else ["card", "us_bank_account"]
    allowed = params.get("allowed_payment_method_types", eligible)
    chosen = [method for method in eligible if method in allowed]
    if not chosen:
        raise invalid("No eligible payment method is among those allowed.", param="allowed_payment_method_types")
    return chosen


def expire(world: World, session: Object) -> None:
    world.change(session, status="expired", url=None)
    world.tell("checkout.session.expired", session)


def _expire_unpaid(world: World, session: Object) -> None:
    if session["status"] == "open":
        expire(world, session)


def expire_asked(world: World, params: Params, session_id: str) -> Object:
    session = world.get("checkout.session", session_id, in_path=True)
    if session["status"] != "open":
        message = (
            'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of '
            f'"{session["status"]}".'
        )
        raise wrong_state(message, "")
    expire(world, session)
    return session


def update(world: World, params: Params, session_id: str) -> Object:
    session = world.get("checkout.session", session_id, in_path=True)
    session["metadata"] = merged(session["metadata"], params.get("metadata"))
    return session


def retrieve(world: World, params: Params, session_id: str) -> Object:
    return world.get("checkout.session", session_id, in_path=True)


def list_all(world: World, params: Params) -> Object:
    keep = matching(params, "customer", "payment_intent", "status", "subscription")
    return listing(world, "checkout.session", params, "/v1/checkout/sessions", keep)


def line_items(world: World, params: Params, session_id: str) -> Object:
    world.get("checkout.session", session_id, in_path=True)
    return lines_of(world, session_id, params)


def lines_of(world: World, session_id: str, params: Any) -> Object:
    return page(world.lines_of_sessions[session_id], "item", params, f"/v1/checkout/sessions/{session_id}/line_items")


ROUTES: Routes = {
    ("post", "/v1/checkout/sessions"): route(
        create,
        "adaptive_pricing allow_promotion_codes allowed_payment_method_types automatic_tax "
        "billing_address_collection cancel_url client_reference_id customer customer_creation customer_email "
        "expires_at line_items locale metadata mode payment_intent_data submit_type subscription_data success_url "
        "ui_mode",
    ),
    ("get", "/v1/checkout/sessions"): route(list_all, f"{PAGING} created customer payment_intent status subscription"),
    ("get", "/v1/checkout/sessions/{session}"): route(retrieve),
    ("post", "/v1/checkout/sessions/{session}"): route(update, "metadata"),
    ("post", "/v1/checkout/sessions/{session}/expire"): route(expire_asked),
    ("get", "/v1/checkout/sessions/{session}/line_items"): route(line_items, PAGING),
}
