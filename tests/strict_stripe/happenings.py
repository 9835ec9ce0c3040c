"""Happenings: events read back through the API, for thirty days."""

from fnmatch import fnmatchcase

from tests.strict_stripe.listing import PAGING, created_within, listing
from tests.strict_stripe.refusals import invalid, no_such
from tests.strict_stripe.routes import Routes, route
from tests.strict_stripe.world import Object, Params, World

KEPT_SECONDS = 30 * 86_400
TYPES_MAX = 20


def list_all(world: World, params: Params) -> Object:
    if "type" in params and "types" in params:
        raise invalid("You may only specify one of these parameters: type, types.")
    patterns = params.get("types", [params["type"]] if "type" in params else ["*"])
    if len(patterns) > TYPES_MAX:
        raise invalid(f"You can pass at most {TYPES_MAX} types.", param="types")
    in_time = created_within(params.get("created"))
    return listing(
        world,
        "event",
        params,
        "/v1/events",
        lambda one: (
            _kept(world, one) and in_time(one) and any(fnmatchcase(one["type"], pattern) for pattern in patterns)
        ),
    )


def retrieve(world: World, params: Params, event_id: str) -> Object:
    event = world.get("event", event_id, in_path=True)
    if not _kept(world, event):
        raise no_such("event", event_id, in_path=True)
    return event


def _kept(world: World, event: Object) -> bool:
    return bool(event["created"] > world.timestamp() - KEPT_SECONDS)


def retrieve_thin(world: World, params: Params, event_id: str) -> Object:
    return world.get("v2.core.event", event_id, in_path=True)


ROUTES: Routes = {
    ("get", "/v1/events"): route(list_all, f"{PAGING} created type types"),
    ("get", "/v1/events/{id}"): route(retrieve),
    ("get", "/v2/core/events/{id}"): route(retrieve_thin),
}
