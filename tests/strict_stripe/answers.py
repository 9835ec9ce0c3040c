"""Answers: every object that leaves is held against the SDK's resource class.

A key the class does not know, a word outside its list, a missing field that
the class promises: each is a defect of the double, not of what is tested, and
stops it with `AnswerOutOfShape`.
"""

import json
from decimal import Decimal
from typing import Any

from tests.strict_stripe.events_known import thin_event_shape
from tests.strict_stripe.shapes import (
    AnyOf,
    Anything,
    Choice,
    ListOf,
    MapOf,
    Nothing,
    Record,
    Resource,
    Scalar,
    Shape,
    resource_shape,
)

DELETED_KEYS = {"id", "object", "deleted"}
LISTS = ("list", "search_result")


class AnswerOutOfShape(AssertionError):
    """The double is about to say something that the SDK's classes do not allow."""


def check_answer(value: Any, place: str = "answer") -> None:
    """Raise unless the object, and everything in it, is what its class describes."""
    if not isinstance(value, dict) or "object" not in value:
        raise AnswerOutOfShape(f"{place} is no object of Stripe's: {json.dumps(value)[:200]}")
    kind = value["object"]
    if kind in LISTS:
        _check_list(value, place)
    elif value.get("deleted") and value.keys() == DELETED_KEYS:
        return
    else:
        shape = thin_event_shape(value["type"]) if kind == "v2.core.event" else resource_shape(kind)
        if shape is None:
            raise AnswerOutOfShape(f"{place}: the SDK knows no object {kind!r}")
        _check_record(value, shape, f"{place}:{kind}")


def _check_list(value: dict[str, Any], place: str) -> None:
    # v2 lists carry no `object`; v1 lists carry these four, and a search a page.
    if value.keys() - {"object", "data", "has_more", "url", "total_count", "next_page"}:
        raise AnswerOutOfShape(f"{place}: keys of a list: {sorted(value)}")
    for at, item in enumerate(value["data"]):
        check_answer(item, f"{place}.data[{at}]")


def _check_record(value: Any, shape: Record, place: str) -> None:
    if not isinstance(value, dict):
        raise AnswerOutOfShape(f"{place} is {value!r}, not an object")
    if strange := value.keys() - shape.fields.keys():
        raise AnswerOutOfShape(f"{place} has keys the SDK does not know: {sorted(strange)}")
    if absent := shape.required - value.keys():
        raise AnswerOutOfShape(f"{place} lacks what the SDK promises: {sorted(absent)}")
    for name, one in value.items():
        if problem := _problem(one, shape.fields[name], f"{place}.{name}"):
            raise AnswerOutOfShape(problem)


def _problem(value: Any, shape: Shape, place: str) -> str | None:
    """What is wrong with a value, or None."""
    if isinstance(shape, AnyOf):
        return _nearest_problem(value, shape, place)
    if isinstance(shape, Anything):
        return None
    if isinstance(shape, Record | Resource):
        return _object_problem(value, shape, place)
    if isinstance(shape, ListOf | MapOf):
        return _many_problem(value, shape, place)
    return None if _fits(value, shape) else f"{place} is {value!r}, not {shape}"


def _nearest_problem(value: Any, shape: AnyOf, place: str) -> str | None:
    """None where one of the shapes takes it; else what the shape meant for such a value says."""
    problems = [_problem(value, one, place) for one in shape.shapes]
    if None in problems:
        return None
    meant = Record | Resource | MapOf if isinstance(value, dict) else ListOf if isinstance(value, list) else Choice
    said = [problem for one, problem in zip(shape.shapes, problems, strict=True) if isinstance(one, meant)]
    return (said or problems)[0]


def _object_problem(value: Any, shape: Record | Resource, place: str) -> str | None:
    try:
        if isinstance(shape, Record):
            _check_record(value, shape, place)
        else:
            check_answer(value, place)
    except AnswerOutOfShape as problem:
        return str(problem)
    if isinstance(shape, Resource) and shape.class_name and not _is_named(value["object"], shape.class_name):
        return f"{place} is a {value['object']}, not a {shape.class_name}"
    return None


def _is_named(kind: str, class_name: str) -> bool:
    if kind in LISTS:
        return class_name in ("ListObject", "SearchResultObject")
    shape = resource_shape(kind)
    return shape is not None and shape.source.__name__ == class_name


def _many_problem(value: Any, shape: ListOf | MapOf, place: str) -> str | None:
    wanted = list if isinstance(shape, ListOf) else dict
    if not isinstance(value, wanted):
        return f"{place} is {value!r}, not a {wanted.__name__}"
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    inner = shape.item if isinstance(shape, ListOf) else shape.value
    problems = (_problem(one, inner, f"{place}[{name}]") for name, one in pairs)
    return next((problem for problem in problems if problem), None)


def _fits(value: Any, shape: Shape) -> bool:
    if isinstance(shape, Nothing):
        return value is None
    if isinstance(shape, Choice):
        return value in shape.words
    assert isinstance(shape, Scalar)
    if shape.kind is Decimal:  # written as text, read as a decimal by the SDK
        return isinstance(value, str)
    if shape.kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return type(value) is shape.kind
