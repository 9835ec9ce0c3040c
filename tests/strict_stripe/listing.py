"""Listing: newest first, page by page."""

from collections.abc import Callable, Iterable
from typing import Any

from tests.strict_stripe.refusals import invalid, no_such
from tests.strict_stripe.world import Object, Params, World

LIMIT_DEFAULT = 10
LIMIT_MAX = 100
PAGING = "limit starting_after ending_before"

Keep = Callable[[Object], bool]


def listing(world: World, kind: str, params: Params, url: str, keep: Keep = lambda thing: True) -> Object:
    """One page of a table."""
    things = [thing for thing in world.newest_first(kind) if keep(thing) and not thing.get("deleted")]
    return page(things, kind, params, url)


def page(things: list[Object], kind: str, params: Params, url: str) -> Object:
    limit = params.get("limit", LIMIT_DEFAULT)
    if not 1 <= limit <= LIMIT_MAX:
        raise invalid(f"This value must be between 1 and {LIMIT_MAX} (inclusive).", param="limit")
    if "starting_after" in params and "ending_before" in params:
        raise invalid("You may only specify one of these parameters: ending_before, starting_after.")
    if "ending_before" in params:
        newer = things[: _place(things, kind, params["ending_before"], "ending_before")]
        return list_object(newer[-limit:], url, has_more=len(newer) > limit)
    if "starting_after" in params:
        things = things[_place(things, kind, params["starting_after"], "starting_after") + 1 :]
    return list_object(things[:limit], url, has_more=len(things) > limit)


def _place(things: list[Object], kind: str, object_id: str, param: str) -> int:
    for at, thing in enumerate(things):
        if thing["id"] == object_id:
            return at
    raise no_such(kind, object_id, param=param)


def list_object(data: Iterable[Object], url: str, *, has_more: bool = False) -> Object:
    return {"object": "list", "data": list(data), "has_more": has_more, "url": url}


def created_within(created: Any) -> Keep:
    """The filter behind `created=…` and `created[gte]=…`."""
    if created is None:
        return lambda thing: True
    if isinstance(created, int):
        return lambda thing: bool(thing["created"] == created)
    low = max(created.get("gte", 0), created.get("gt", -1) + 1)
    high = min(created.get("lte", 1 << 62), created.get("lt", (1 << 62) + 1) - 1)
    return lambda thing: low <= thing["created"] <= high


def matching(params: Params, *names: str) -> Keep:
    """The filter of parameters that must equal the field of the same name."""
    in_time = created_within(params.get("created"))
    wanted = {name: params[name] for name in names if name in params}
    return lambda thing: in_time(thing) and all(thing.get(name) == value for name, value in wanted.items())
