"""Customers: created, changed, deleted."""

from typing import Any

from tests.strict_stripe import subscriptions
from tests.strict_stripe.listing import PAGING, listing, matching
from tests.strict_stripe.metadata import merged
from tests.strict_stripe.methods import attached
from tests.strict_stripe.refusals import invalid, no_such
from tests.strict_stripe.routes import Routes, route
from tests.strict_stripe.world import Object, Params, World

TEXTS = ("description", "email", "name", "phone")
FIELDS = "address description email invoice_settings metadata name phone preferred_locales shipping tax_exempt"
EMAIL_LENGTH_MAX = 512


def new_customer(world: World, **given: Any) -> Object:
    customer = world.add(
        "customer",
        world.new_id("cus", 14),
        address=None,
        balance=0,
        currency=None,
        default_source=None,
        delinquent=False,
        description=None,
        discount=None,
        email=None,
        invoice_prefix=world.letters(8).upper(),
        invoice_settings={
            "custom_fields": None,
            "default_payment_method": None,
            "footer": None,
            "rendering_options": None,
        },
        metadata={},
        name=None,
        next_invoice_sequence=1,
        phone=None,
        preferred_locales=[],
        shipping=None,
        tax_exempt="none",
        test_clock=None,
    )
    customer.update(_fields(world, customer, given))
    world.tell("customer.created", customer)
    return customer


def live_customer(world: World, customer_id: str, *, param: str = "customer") -> Object:
    """The customer, unless she is deleted."""
    customer = world.get("customer", customer_id, param=param)
    if customer.get("deleted"):
        raise no_such("customer", customer_id, param=param)
    return customer


def create(world: World, params: Params) -> Object:
    method = params.pop("payment_method", None)
    customer = new_customer(world, **params)
    if method:
        attached(world, method, customer["id"])
    return customer


def retrieve(world: World, params: Params, customer_id: str) -> Object:
    customer = world.get("customer", customer_id, in_path=True)
    return {"id": customer_id, "object": "customer", "deleted": True} if customer.get("deleted") else customer


def update(world: World, params: Params, customer_id: str) -> Object:
    customer = _living(world, customer_id)
    world.change(customer, "customer.updated", **_fields(world, customer, params))
    return customer


def delete(world: World, params: Params, customer_id: str) -> Object:
    customer = _living(world, customer_id)
    for subscription in world.newest_first("subscription"):
        if subscription["customer"] == customer_id and subscription["status"] not in subscriptions.ENDED:
            subscriptions.finish(world, subscription, reason="cancellation_requested")
    world.tell("customer.deleted", customer)
    customer["deleted"] = True
    return {"id": customer_id, "object": "customer", "deleted": True}


def list_all(world: World, params: Params) -> Object:
    return listing(world, "customer", params, "/v1/customers", matching(params, "email"))


def _living(world: World, customer_id: str) -> Object:
    customer = world.get("customer", customer_id, in_path=True)
    if customer.get("deleted"):
        raise no_such("customer", customer_id, in_path=True)
    return customer


def _fields(world: World, customer: Object, given: Params) -> Params:
    fields = {name: value for name, value in given.items() if name != "expand"}
    if "metadata" in fields:
        fields["metadata"] = merged(customer["metadata"], fields["metadata"])
    for name in TEXTS:
        if fields.get(name) == "":
            fields[name] = None
    if fields.get("email") and "@" not in fields["email"]:
        raise invalid(f"Invalid email address: {fields['email']}", code="email_invalid", param="email")
    if "invoice_settings" in fields:
        fields["invoice_settings"] = {**customer["invoice_settings"], **fields["invoice_settings"]}
        if method := fields["invoice_settings"]["default_payment_method"]:
            world.get("payment_method", method, param="invoice_settings[default_payment_method]")
    return fields


ROUTES: Routes = {
    ("post", "/v1/customers"): route(create, f"{FIELDS} payment_method"),
    ("get", "/v1/customers"): route(list_all, f"{PAGING} created email"),
    ("get", "/v1/customers/{customer}"): route(retrieve),
    ("post", "/v1/customers/{customer}"): route(update, FIELDS),
    ("delete", "/v1/customers/{customer}"): route(delete),
}
