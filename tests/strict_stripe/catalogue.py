"""The catalogue: products and their prices."""

from decimal import Decimal
from typing import Any

from tests.strict_stripe.listing import PAGING, listing, matching
from tests.strict_stripe.metadata import merged
from tests.strict_stripe.refusals import invalid, missing
from tests.strict_stripe.routes import Routes, beyond_the_double, route
from tests.strict_stripe.world import Object, Params, World

INTERVALS_PLAYED = ("month", "year")


def new_product(world: World, *, hidden: bool = False, **given: Any) -> Object:
    """A product; one made inside a checkout (`product_data`) is not told of."""
    fields: Object = {
        "active": True,
        "default_price": None,
        "description": None,
        "images": [],
        "marketing_features": [],
        "metadata": {},
        "name": "",
        "package_dimensions": None,
        "shippable": None,
        "statement_descriptor": None,
        "tax_code": None,
        "type": "service",
        "unit_label": None,
        "updated": world.timestamp(),
        "url": None,
    }
    product_id = given.pop("id", None) or world.new_id("prod", 14)
    if product_id in world.table("product"):
        raise invalid(f"Product already exists: {product_id}", code="resource_already_exists", param="id")
    product = world.add("product", product_id, **{**fields, **given})
    if not hidden:
        world.tell("product.created", product)
    return product


def new_price(world: World, data: Params, *, where: str = "", hidden: bool = False) -> Object:
    """A price from the parameters of `prices.create` or from `price_data`; `where` is the place to complain of."""
    product = _product_of(world, data, where, hidden=hidden)
    amount, amount_decimal = _amount_of(data, where)
    recurring = _recurring_of(data.get("recurring"), where)
    price = world.add(
        "price",
        world.new_id("price"),
        active=data.get("active", not hidden),
        billing_scheme="per_unit",
        currency=_currency(data["currency"], where),
        custom_unit_amount=None,
        lookup_key=data.get("lookup_key"),
        metadata=merged({}, data.get("metadata")),
        nickname=data.get("nickname"),
        product=product["id"],
        recurring=recurring,
        tax_behavior=data.get("tax_behavior", "unspecified"),
        tiers_mode=None,
        transform_quantity=None,
        type="recurring" if recurring else "one_time",
        unit_amount=amount,
        unit_amount_decimal=amount_decimal,
    )
    if not hidden:
        world.tell("price.created", price)
    return price


def _inside(where: str, name: str) -> str:
    return f"{where}[{name}]" if where else name


def _currency(currency: str, where: str) -> str:
    if len(currency) != 3 or not currency.isalpha():
        raise invalid(f"Invalid currency: {currency}", param=_inside(where, "currency"))
    return currency.lower()


def _product_of(world: World, data: Params, where: str, *, hidden: bool) -> Object:
    if "product" in data and "product_data" in data:
        raise invalid("You may only specify one of these parameters: product, product_data.")
    if "product_data" in data:
        return new_product(world, hidden=hidden, **data["product_data"])
    if "product" not in data:
        raise missing(_inside(where, "product"))
    return world.get("product", data["product"], param=_inside(where, "product"))


def _amount_of(data: Params, where: str) -> tuple[int | None, str]:
    if "unit_amount" in data and "unit_amount_decimal" in data:
        raise invalid("You may only specify one of these parameters: unit_amount, unit_amount_decimal.")
    if "unit_amount" not in data and "unit_amount_decimal" not in data:
        raise missing(_inside(where, "unit_amount"))
    exact = Decimal(data["unit_amount_decimal"] if "unit_amount_decimal" in data else data["unit_amount"])
    if exact < 0:
        raise invalid("This value must be greater than or equal to 0.", param=_inside(where, "unit_amount"))
    whole = int(exact) if exact == exact.to_integral_value() else None
    return whole, format(exact.normalize(), "f")


def _recurring_of(recurring: Params | None, where: str) -> Object | None:
    if recurring is None:
        return None
    if recurring["interval"] not in INTERVALS_PLAYED or recurring.get("usage_type", "licensed") != "licensed":
        raise beyond_the_double(f"{_inside(where, 'recurring')}: {recurring}")
    return {
        "interval": recurring["interval"],
        "interval_count": recurring.get("interval_count", 1),
        "meter": None,
        "trial_period_days": None,
        "usage_type": "licensed",
    }


def create_product(world: World, params: Params) -> Object:
    price_data = params.pop("default_price_data", None)
    product = new_product(world, **{**params, "metadata": merged({}, params.get("metadata"))})
    if price_data:
        price = new_price(world, {**price_data, "product": product["id"]}, where="default_price_data")
        world.change(product, default_price=price["id"])
    return product


def update_product(world: World, params: Params, product_id: str) -> Object:
    product = world.get("product", product_id, in_path=True)
    metadata = merged(product["metadata"], params.pop("metadata", None))
    world.change(product, "product.updated", **{**params, "metadata": metadata, "updated": world.timestamp()})
    return product


def retrieve_product(world: World, params: Params, product_id: str) -> Object:
    return world.get("product", product_id, in_path=True)


def list_products(world: World, params: Params) -> Object:
    keep, ids = matching(params, "active"), params.get("ids")
    return listing(world, "product", params, "/v1/products", lambda one: keep(one) and (not ids or one["id"] in ids))


def create_price(world: World, params: Params) -> Object:
    _free_lookup_key(world, params)
    return new_price(world, params)


def update_price(world: World, params: Params, price_id: str) -> Object:
    price = world.get("price", price_id, in_path=True)
    if params.get("lookup_key") != price["lookup_key"]:
        _free_lookup_key(world, params)
    params.pop("transfer_lookup_key", None)
    metadata = merged(price["metadata"], params.pop("metadata", None))
    world.change(price, "price.updated", **{**params, "metadata": metadata})
    return price


def _free_lookup_key(world: World, params: Params) -> None:
    key = params.get("lookup_key")
    for price in world.table("price").values():
        if key and price["lookup_key"] == key:
            if not params.get("transfer_lookup_key"):
                raise invalid(f"A price (`{price['id']}`) already uses that lookup key.", param="lookup_key")
            world.change(price, "price.updated", lookup_key=None)


def retrieve_price(world: World, params: Params, price_id: str) -> Object:
    return world.get("price", price_id, in_path=True)


def list_prices(world: World, params: Params) -> Object:
    keep, keys = matching(params, "active", "product", "type", "currency"), params.get("lookup_keys")
    return listing(
        world, "price", params, "/v1/prices", lambda one: keep(one) and (not keys or one["lookup_key"] in keys)
    )


ROUTES: Routes = {
    ("post", "/v1/products"): route(
        create_product,
        "active default_price_data description id images metadata name statement_descriptor url unit_label",
    ),
    ("get", "/v1/products"): route(list_products, f"{PAGING} active created ids"),
    ("get", "/v1/products/{id}"): route(retrieve_product),
    ("post", "/v1/products/{id}"): route(
        update_product, "active default_price description images metadata name statement_descriptor url"
    ),
    ("post", "/v1/prices"): route(
        create_price,
        "active currency lookup_key metadata nickname product product_data recurring tax_behavior "
        "transfer_lookup_key unit_amount unit_amount_decimal",
    ),
    ("get", "/v1/prices"): route(list_prices, f"{PAGING} active created currency lookup_keys product type"),
    ("get", "/v1/prices/{price}"): route(retrieve_price),
    ("post", "/v1/prices/{price}"): route(
        update_price, "active lookup_key metadata nickname tax_behavior transfer_lookup_key"
    ),
}
