"""Expansion: `expand[]` puts objects where ids stand, and shows what is otherwise left out."""

from copy import deepcopy
from typing import Any

from tests.strict_stripe.checkout import lines_of
from tests.strict_stripe.listing import list_object
from tests.strict_stripe.refusals import Refusal, invalid
from tests.strict_stripe.shapes import AnyOf, ListOf, Resource, Scalar, Shape, resource_shape
from tests.strict_stripe.world import Object, World

DEPTH_MAX = 4


def rendered(world: World, thing: Object, expand: list[str]) -> Object:
    """A copy of the object with every path of `expand` followed."""
    copy = deepcopy(thing)
    for path in expand:
        steps = path.split(".")
        if len(steps) > DEPTH_MAX:
            raise invalid(
                f"You cannot expand more than {DEPTH_MAX} levels of a property. Property: {path}", param="expand"
            )
        _follow(world, copy, steps, path)
    return copy


def _follow(world: World, thing: Object, steps: list[str], path: str) -> None:
    name, rest = steps[0], steps[1:]
    if thing["object"] == "list":
        if name != "data":
            raise _cannot(path)
        for item in thing["data"]:
            if rest:
                _follow(world, item, rest, path)
        return
    if (thing["object"], name) in _LEFT_OUT:
        thing[name] = deepcopy(_LEFT_OUT[thing["object"], name](world, thing))
    elif not _expandable(thing, name):
        raise _cannot(path)
    thing[name] = _expanded(world, thing.get(name), rest, path)


def _expanded(world: World, value: Any, rest: list[str], path: str) -> Any:
    if isinstance(value, list):
        return [_expanded(world, one, rest, path) for one in value]
    if isinstance(value, str):
        found = world.find(value)
        if found is None:
            return value
        value = deepcopy(found)
        if value.get("deleted"):
            return {"id": value["id"], "object": value["object"], "deleted": True}
    if isinstance(value, dict) and rest:
        if "object" not in value:  # a plain part of the object, such as `parent` of an invoice
            value[rest[0]] = _expanded(world, value.get(rest[0]), rest[1:], path)
        else:
            _follow(world, value, rest, path)
    return value


def _expandable(thing: Object, name: str) -> bool:
    shape = resource_shape(thing["object"])
    return bool(shape and name in shape.fields and _leads_on(shape.fields[name]))


def _leads_on(shape: Shape) -> bool:
    """Whether an object, or a part that may hold one, can stand there."""
    if isinstance(shape, AnyOf):
        return any(_leads_on(one) for one in shape.shapes)
    if isinstance(shape, ListOf):
        return _leads_on(shape.item)
    return not isinstance(shape, Scalar) and (isinstance(shape, Resource) or hasattr(shape, "fields"))


def _cannot(path: str) -> Refusal:
    return invalid(f"This property cannot be expanded ({path}).", param="expand")


def _refunds(world: World, charge: Object) -> Object:
    refunds = [one for one in world.newest_first("refund") if one["charge"] == charge["id"]]
    return list_object(refunds, f"/v1/charges/{charge['id']}/refunds")


def _payments(world: World, invoice: Object) -> Object:
    payments = [one for one in world.newest_first("invoice_payment") if one["invoice"] == invoice["id"]]
    return list_object(payments, f"/v1/invoices/{invoice['id']}/payments")


def _subscriptions(world: World, customer: Object) -> Object:
    running = [one for one in world.newest_first("subscription") if one["customer"] == customer["id"]]
    return list_object(
        [one for one in running if one["status"] != "canceled"], f"/v1/customers/{customer['id']}/subscriptions"
    )


_LEFT_OUT = {
    ("charge", "refunds"): _refunds,
    ("checkout.session", "line_items"): lambda world, session: lines_of(world, session["id"], {}),
    ("customer", "subscriptions"): _subscriptions,
    ("invoice", "payments"): _payments,
}
