"""Payment methods: saved cards, among them Stripe's own test cards and their troubles."""

from typing import Any

from tests.strict_stripe.listing import PAGING, listing, matching
from tests.strict_stripe.metadata import merged
from tests.strict_stripe.refusals import invalid, missing
from tests.strict_stripe.routes import Routes, beyond_the_double, route
from tests.strict_stripe.world import (
    AUTHENTICATION_REQUIRED,
    CARD_DECLINED,
    INSUFFICIENT_FUNDS,
    Object,
    Params,
    Trouble,
    World,
)

# Names that stand for a card in tests; each use makes a card of its own.
TEST_CARDS: dict[str, tuple[str, str, Trouble | None]] = {
    "pm_card_visa": ("visa", "4242", None),
    "pm_card_mastercard": ("mastercard", "4444", None),
    "pm_card_chargeDeclined": ("visa", "0002", CARD_DECLINED),
    "pm_card_chargeDeclinedInsufficientFunds": ("visa", "9995", INSUFFICIENT_FUNDS),
    "pm_card_authenticationRequired": ("visa", "3184", AUTHENTICATION_REQUIRED),
    "tok_visa": ("visa", "4242", None),
    "tok_chargeDeclined": ("visa", "0002", CARD_DECLINED),
}
EXP_YEAR = 2034
# What a charge tells of its method.
CARD_TOLD = ("brand", "checks", "country", "exp_month", "exp_year", "fingerprint", "funding", "last4", "wallet")
ACCOUNT_TOLD = ("account_holder_type", "account_type", "bank_name", "fingerprint", "last4", "routing_number")
NO_ADDRESS = dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"))


def billing_details(email: str | None = None, name: str | None = None) -> Object:
    return {"address": dict(NO_ADDRESS), "email": email, "name": name, "phone": None, "tax_id": None}


def new_card(world: World, test_name: str = "pm_card_visa", **fields: Any) -> Object:
    brand, last4, trouble = TEST_CARDS[test_name]
    method = world.add(
        "payment_method",
        world.new_id("pm"),
        **{
            "allow_redisplay": "unspecified",
            "billing_details": billing_details(),
            "card": _card(world, brand, last4),
            "customer": None,
            "metadata": {},
            "type": "card",
            **fields,
        },
    )
    if trouble:
        world.troubled_methods[method["id"]] = trouble
    return method


def _card(world: World, brand: str, last4: str) -> Object:
    return {
        "brand": brand,
        "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"},
        "country": "US",
        "display_brand": brand,
        "exp_month": 12,
        "exp_year": EXP_YEAR,
        "fingerprint": world.letters(16),
        "funding": "credit",
        "generated_from": None,
        "last4": last4,
        "networks": {"available": [brand], "preferred": None},
        "regulated_status": "unregulated",
        "three_d_secure_usage": {"supported": True},
        "wallet": None,
    }


def new_bank_account(world: World, **fields: Any) -> Object:
    """A method whose money arrives days later."""
    account = {
        "account_holder_type": "individual",
        "account_type": "checking",
        "bank_name": "STRIPE TEST BANK",
        "financial_connections_account": None,
        "fingerprint": world.letters(16),
        "last4": "6789",
        "networks": None,
        "routing_number": "110000000",
        "status_details": None,
    }
    shared = {"allow_redisplay": "unspecified", "billing_details": billing_details(), "customer": None, "metadata": {}}
    return world.add(
        "payment_method",
        world.new_id("pm"),
        **{**shared, "us_bank_account": account, "type": "us_bank_account", **fields},
    )


def charged_with(method: Object) -> Object:
    """The method as a charge tells of it in `payment_method_details`."""
    if method["type"] != "card":
        account = {name: method["us_bank_account"][name] for name in ACCOUNT_TOLD}
        return {"type": "us_bank_account", "us_bank_account": account}
    card = {name: method["card"][name] for name in CARD_TOLD}
    return {"type": "card", "card": {**card, "network": method["card"]["brand"], "three_d_secure": None}}


def usable(world: World, method_id: str, *, param: str = "payment_method") -> Object:
    """A method by its id or by the name of a test card."""
    if method_id in TEST_CARDS:
        return new_card(world, method_id)
    return world.get("payment_method", method_id, param=param)


def attached(world: World, method_id: str, customer_id: str) -> Object:
    """The method, saved with the customer."""
    method = usable(world, method_id)
    if method["customer"] not in (None, customer_id):
        raise invalid(
            "The payment method you provided has already been attached to a customer.",
            code="payment_method_unexpected_state",
        )
    if method["customer"] is None:
        world.change(method, customer=customer_id)
        world.tell("payment_method.attached", method)
    return method


def create(world: World, params: Params) -> Object:
    if "type" not in params:
        raise missing("type")
    if params["type"] != "card":
        raise beyond_the_double(f"a payment method of type {params['type']}")
    token = params.get("card", {}).get("token")
    if token not in TEST_CARDS:
        raise invalid(
            "Sending credit card numbers directly to the Stripe API is generally unsafe; name a test token.",
            param="card[token]",
        )
    return new_card(world, token, metadata=merged({}, params.get("metadata")))


def retrieve(world: World, params: Params, method_id: str) -> Object:
    return world.get("payment_method", method_id, in_path=True)


def update(world: World, params: Params, method_id: str) -> Object:
    method = world.get("payment_method", method_id, in_path=True)
    world.change(method, "payment_method.updated", metadata=merged(method["metadata"], params.get("metadata")))
    return method


def attach(world: World, params: Params, method_id: str) -> Object:
    world.get("customer", params["customer"], param="customer")
    return attached(world, method_id, params["customer"])


def detach(world: World, params: Params, method_id: str) -> Object:
    method = world.get("payment_method", method_id, in_path=True)
    if method["customer"] is None:
        raise invalid("The payment method you provided is not attached to a customer so detachment is impossible.")
    world.change(method, "payment_method.detached", customer=None)
    return method


def list_all(world: World, params: Params) -> Object:
    keep = matching(params, "type", "customer")
    return listing(
        world, "payment_method", params, "/v1/payment_methods", lambda one: bool(one["customer"]) and keep(one)
    )


def list_of_customer(world: World, params: Params, customer_id: str) -> Object:
    world.get("customer", customer_id, in_path=True)
    keep = matching({**params, "customer": customer_id}, "type", "customer")
    return listing(world, "payment_method", params, f"/v1/customers/{customer_id}/payment_methods", keep)


def retrieve_of_customer(world: World, params: Params, customer_id: str, method_id: str) -> Object:
    world.get("customer", customer_id, in_path=True)
    return world.get("payment_method", method_id, in_path=True)


ROUTES: Routes = {
    ("post", "/v1/payment_methods"): route(create, "type card metadata"),
    ("get", "/v1/payment_methods"): route(list_all, f"{PAGING} type customer"),
    ("get", "/v1/payment_methods/{payment_method}"): route(retrieve),
    ("post", "/v1/payment_methods/{payment_method}"): route(update, "metadata"),
    ("post", "/v1/payment_methods/{payment_method}/attach"): route(attach, "customer"),
    ("post", "/v1/payment_methods/{payment_method}/detach"): route(detach),
    ("get", "/v1/customers/{customer}/payment_methods"): route(list_of_customer, f"{PAGING} type"),
    ("get", "/v1/customers/{customer}/payment_methods/{payment_method}"): route(retrieve_of_customer),
}
