"""What the API asks of subscriptions and of their items."""

from tests.strict_stripe.listing import PAGING, listing, matching
from tests.strict_stripe.metadata import merged
from tests.strict_stripe.refusals import Refusal, invalid, missing, no_such
from tests.strict_stripe.routes import Routes, beyond_the_double, route
from tests.strict_stripe.subscriptions import ENDED, finish, new_subscription, period_end, reprice, start
from tests.strict_stripe.world import Object, Params, World


def create(world: World, params: Params) -> Object:
    customer = world.get("customer", params["customer"], param="customer")
    if customer.get("deleted"):
        raise no_such("customer", customer["id"], param="customer")
    wanted = [_wanted(world, item, at) for at, item in enumerate(params.get("items", []))]
    if not wanted:
        raise missing("items")
    chosen = params.get("default_payment_method") or customer["invoice_settings"]["default_payment_method"]
    if not chosen:
        message = (
            "This customer has no attached payment source or default payment method. Please consider adding a default "
            "payment method."
        )
        raise invalid(message, code="resource_missing")
    method = world.get("payment_method", chosen, param="default_payment_method")
    metadata = merged({}, params.get("metadata"))
    subscription = new_subscription(world, customer["id"], wanted, metadata=metadata)
    start(world, subscription, method, off_session=bool(params.get("off_session")))
    return subscription


def _wanted(world: World, item: Params, at: int) -> tuple[Object, int]:
    if "price" not in item:
        raise missing(f"items[{at}][price]")
    return price_of(world, item["price"], f"items[{at}][price]"), item.get("quantity", 1)


def update(world: World, params: Params, subscription_id: str) -> Object:
    subscription = world.get("subscription", subscription_id, in_path=True)
    if subscription["status"] in ENDED and params.keys() - {"cancellation_details", "metadata"}:
        raise invalid("A canceled subscription can only update its cancellation_details and metadata.")
    proration = params.get("proration_behavior", "create_prorations")
    for at, change in enumerate(params.pop("items", [])):
        _change_item(world, subscription, change, at, proration)
    fields = _fields(world, subscription, params)
    world.change(subscription, "customer.subscription.updated", **fields)
    return subscription


def _fields(world: World, subscription: Object, params: Params) -> Params:
    fields: Params = {"metadata": merged(subscription["metadata"], params.get("metadata"))}
    if "default_payment_method" in params:
        method = world.get("payment_method", params["default_payment_method"], param="default_payment_method")
        fields["default_payment_method"] = method["id"]
    if "cancel_at_period_end" in params:
        leaving = params["cancel_at_period_end"]
        details = {**subscription["cancellation_details"], "reason": "cancellation_requested" if leaving else None}
        fields |= {
            "cancel_at_period_end": leaving,
            "cancel_at": period_end(subscription) if leaving else None,
            "canceled_at": world.timestamp() if leaving else None,
            "cancellation_details": {**details, **params.get("cancellation_details", {})},
        }
    return fields


def _change_item(world: World, subscription: Object, change: Params, at: int, proration: str) -> None:
    items = {item["id"]: item for item in subscription["items"]["data"]}
    if "id" not in change:
        raise beyond_the_double("a second item of a subscription")
    if change["id"] not in items:
        raise no_such("subscription_item", change["id"], param=f"items[{at}][id]")
    item = items[change["id"]]
    price = price_of(world, change["price"], f"items[{at}][price]") if "price" in change else item["price"]
    reprice(world, subscription, item, price, change.get("quantity", item["quantity"]), proration)


def cancel(world: World, params: Params, subscription_id: str) -> Object:
    subscription = _running(world, subscription_id)
    subscription["cancellation_details"].update(params.get("cancellation_details", {}))
    finish(world, subscription, reason="cancellation_requested")
    return subscription


def _running(world: World, subscription_id: str) -> Object:
    subscription = world.get("subscription", subscription_id, in_path=True)
    if subscription["status"] in ENDED:
        raise _ended(subscription_id)
    return subscription


def _ended(subscription_id: str) -> Refusal:
    # Stripe says of a canceled subscription that there is none, once it is to be changed.
    return no_such("subscription", subscription_id, in_path=True)


def price_of(world: World, price_id: str, param: str) -> Object:
    """A price that a subscription may take."""
    price = world.get("price", price_id, param=param)
    if price["type"] != "recurring":
        raise invalid(
            "The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`.",
            param=param,
        )
    return price


def retrieve(world: World, params: Params, subscription_id: str) -> Object:
    return world.get("subscription", subscription_id, in_path=True)


def list_all(world: World, params: Params) -> Object:
    status = params.get("status")
    keep = matching(params, "customer")

    def wanted(one: Object) -> bool:
        if status in ("all", None):
            return keep(one) and (status == "all" or one["status"] != "canceled")
        return keep(one) and (one["status"] in ENDED if status == "ended" else one["status"] == status)

    return listing(world, "subscription", params, "/v1/subscriptions", wanted)


def retrieve_item(world: World, params: Params, item_id: str) -> Object:
    return world.get("subscription_item", item_id, in_path=True)


def update_item(world: World, params: Params, item_id: str) -> Object:
    item = world.get("subscription_item", item_id, in_path=True)
    subscription = _running(world, item["subscription"])
    item["metadata"] = merged(item["metadata"], params.pop("metadata", None))
    proration = params.pop("proration_behavior", "create_prorations")
    _change_item(world, subscription, {**params, "id": item_id}, 0, proration)
    world.tell("customer.subscription.updated", subscription)
    return item


def list_items(world: World, params: Params) -> Object:
    keep = matching(params, "subscription")
    return listing(world, "subscription_item", params, "/v1/subscription_items", keep)


ROUTES: Routes = {
    ("post", "/v1/subscriptions"): route(create, "customer default_payment_method items metadata off_session"),
    ("get", "/v1/subscriptions"): route(list_all, f"{PAGING} created customer status"),
    ("get", "/v1/subscriptions/{subscription_exposed_id}"): route(retrieve),
    ("post", "/v1/subscriptions/{subscription_exposed_id}"): route(
        update,
        "cancel_at_period_end cancellation_details default_payment_method items metadata proration_behavior",
    ),
    ("delete", "/v1/subscriptions/{subscription_exposed_id}"): route(
        cancel, "cancellation_details invoice_now prorate"
    ),
    ("get", "/v1/subscription_items"): route(list_items, f"{PAGING} subscription"),
    ("get", "/v1/subscription_items/{item}"): route(retrieve_item),
    ("post", "/v1/subscription_items/{item}"): route(update_item, "metadata price proration_behavior quantity"),
}
