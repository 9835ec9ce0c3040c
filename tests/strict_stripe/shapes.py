"""Shapes: what a value may look like, read from an annotation of the SDK.

The same reading serves both directions: the `TypedDict` classes say what a
request may carry, the resource classes say what an answer may carry. The SDK
writes an enumeration as `Literal[…] | str`; here the list is closed, so that a
misspelt word is refused as Stripe would refuse it.
"""

import importlib
import inspect
import sys
import types
import typing
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any, ForwardRef, Literal, Union

from stripe import StripeObject
from stripe._object_classes import OBJECT_CLASSES
from stripe._request_options import RequestOptions


@dataclass(frozen=True, slots=True)
class Anything:
    pass


@dataclass(frozen=True, slots=True)
class Nothing:
    pass


@dataclass(frozen=True, slots=True)
class Scalar:
    kind: type


@dataclass(frozen=True, slots=True)
class Choice:
    words: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class ListOf:
    item: "Shape"


@dataclass(frozen=True, slots=True)
class MapOf:
    value: "Shape"


@dataclass(frozen=True, slots=True)
class Resource:
    """A whole object of Stripe's, named by its class (`Charge`); `None` is any of them."""

    class_name: str | None


@dataclass(frozen=True, slots=True)
class AnyOf:
    shapes: tuple["Shape", ...]


@dataclass(slots=True)
class Record:
    """Named fields and nothing else; read from the class on first use."""

    source: type
    read: Callable[[type], "tuple[dict[str, Shape], frozenset[str]]"]
    _known: "tuple[dict[str, Shape], frozenset[str]] | None" = field(default=None, repr=False)

    @property
    def fields(self) -> "dict[str, Shape]":
        return self._contents()[0]

    @property
    def required(self) -> frozenset[str]:
        return self._contents()[1]

    def _contents(self) -> "tuple[dict[str, Shape], frozenset[str]]":
        if self._known is None:
            self._known = self.read(self.source)
        return self._known


Shape = Anything | Nothing | Scalar | Choice | ListOf | MapOf | Resource | AnyOf | Record

OPTIONS_NOT_PARAMS = frozenset(RequestOptions.__annotations__)
SCALARS = (str, int, float, bool, Decimal)


@cache
def request_shape(module: str, class_name: str) -> Record:
    """The shape of a request's parameters."""
    return record_shape(getattr(importlib.import_module(module), class_name))


@cache
def answer_shape(module: str, class_name: str) -> Record:
    """The shape of an object in an answer."""
    return record_shape(getattr(importlib.import_module(module), class_name))


@cache
def resource_shape(kind: str) -> Record | None:
    """The shape of a resource by its `object` word, or None for a word the SDK does not know."""
    place = OBJECT_CLASSES.get(kind)
    return answer_shape(*place) if place else None


@cache
def record_shape(source: type) -> Record:
    return Record(source, _resource_fields if issubclass(source, StripeObject) else _param_fields)


def _param_fields(source: type) -> tuple[dict[str, Shape], frozenset[str]]:
    names = vars(sys.modules[source.__module__])
    fields: dict[str, Shape] = {}
    required = set()
    for name, annotation in source.__annotations__.items():
        if name in OPTIONS_NOT_PARAMS:
            continue
        resolved = _resolved(annotation, names)
        if typing.get_origin(resolved) is typing.NotRequired:
            resolved = typing.get_args(resolved)[0]
        else:
            required.add(name)
        # Functional TypedDicts carry the names Python cannot write, such as `from`.
        fields[name] = shape_of(resolved, names)
    return fields, frozenset(required)


def _resource_fields(source: type) -> tuple[dict[str, Shape], frozenset[str]]:
    names = vars(sys.modules[source.__module__])
    renamed = {there: here for here, there in getattr(source, "_field_remappings", {}).items()}
    fields: dict[str, Shape] = {}
    required = set()
    for ancestor in reversed(source.__mro__):
        if not issubclass(ancestor, StripeObject) or ancestor is StripeObject:
            continue
        for name, annotation in inspect.get_annotations(ancestor).items():
            resolved = _resolved(annotation, names)
            if name.startswith("_") or typing.get_origin(resolved) is typing.ClassVar:
                continue
            wire_name = renamed.get(name, name)
            fields[wire_name] = shape = shape_of(resolved, names)
            if not _may_be_missing(shape):
                required.add(wire_name)
    return fields, frozenset(required)


def _may_be_missing(shape: Shape) -> bool:
    return isinstance(shape, Nothing | Anything) or (isinstance(shape, AnyOf) and Nothing() in shape.shapes)


def _resolved(annotation: Any, names: dict[str, Any]) -> Any:
    """The annotation itself where it was written as text; a class that only type checkers see stays a name."""
    if isinstance(annotation, ForwardRef):
        annotation = annotation.__forward_arg__
    if not isinstance(annotation, str):
        return annotation
    try:
        return eval(annotation, {**vars(typing), **names})
    except NameError:
        return ForwardRef(annotation)


def shape_of(annotation: Any, names: dict[str, Any]) -> Shape:
    annotation = _resolved(annotation, names)
    origin, inner = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is Literal:
        return Choice(inner)
    if origin in (Union, types.UnionType):
        return _union([shape_of(one, names) for one in inner])
    if origin is list:
        return ListOf(shape_of(inner[0], names))
    if origin is dict:
        return MapOf(shape_of(inner[1], names))
    if isinstance(annotation, ForwardRef):
        return Resource(annotation.__forward_arg__)
    return _plain(origin or annotation, inner, names)


def _plain(annotation: Any, inner: tuple[Any, ...], names: dict[str, Any]) -> Shape:
    """An annotation with nothing around it."""
    if annotation in (None, type(None)):
        return Nothing()
    if annotation in SCALARS:
        return Scalar(annotation)
    if not isinstance(annotation, type) or annotation is object:
        return Anything()
    if annotation.__name__ == "UntypedStripeObject":
        return MapOf(shape_of(inner[0], names) if inner else Anything())
    if annotation.__name__ in ("ListObject", "SearchResultObject"):
        return Resource(annotation.__name__)
    if getattr(annotation, "OBJECT_NAME", None):
        return Resource(annotation.__name__)
    if issubclass(annotation, StripeObject) or hasattr(annotation, "__required_keys__"):
        found: Shape = record_shape(annotation) if annotation is not StripeObject else Resource(None)  # type: ignore[arg-type]
        return found
    return Anything()


def _union(shapes: list[Shape]) -> Shape:
    """One shape of several; words beside a bare `str` are the closed list they stand for."""
    if any(isinstance(shape, Choice) and any(shape.words) for shape in shapes):
        shapes = [shape for shape in shapes if shape != Scalar(str)]
    flat: list[Shape] = []
    for shape in shapes:
        flat.extend(shape.shapes if isinstance(shape, AnyOf) else [shape])
    distinct = [shape for at, shape in enumerate(flat) if shape not in flat[:at]]
    return distinct[0] if len(distinct) == 1 else AnyOf(tuple(distinct))
