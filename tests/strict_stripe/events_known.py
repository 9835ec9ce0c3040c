"""The events the SDK knows: the snapshot names, and the thin ones with the class each has."""

import typing
from functools import cache

import stripe
from stripe.events import _event_classes

from tests.strict_stripe.shapes import Record, answer_shape


@cache
def snapshot_names() -> frozenset[str]:
    """The names an `event` may carry in its `type`."""
    return frozenset(typing.get_args(stripe.Event.__annotations__["type"]))


@cache
def _thin_classes() -> dict[str, tuple[str, str]]:
    return dict(_event_classes._V2_EVENT_CLASS_LOOKUP)


def is_thin_name(name: str) -> bool:
    return name in _thin_classes()


def thin_event_shape(name: str) -> Record | None:
    """The shape of a thin event as `/v2/core/events/{id}` returns it."""
    place = _thin_classes().get(name)
    return answer_shape(*place) if place else None
