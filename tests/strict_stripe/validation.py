"""Validation: a decoded form becomes typed parameters, or is refused as Stripe refuses it."""

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from tests.strict_stripe.forms import path_of
from tests.strict_stripe.refusals import Refusal, invalid, missing, unknown_param
from tests.strict_stripe.shapes import AnyOf, Choice, ListOf, MapOf, Record, Scalar, Shape

METADATA_KEYS_MAX = 50
METADATA_KEY_LENGTH_MAX = 40
METADATA_VALUE_LENGTH_MAX = 500
TEXT_LENGTH_MAX = 5000


def validated(tree: dict[str, Any], shape: Record | None) -> dict[str, Any]:
    """The parameters with the types the SDK's classes give them."""
    if shape is None:
        for name in tree:
            raise unknown_param(name)
        return {}
    params = _record(tree, shape, "")
    assert isinstance(params, dict)
    return params


def _value(value: Any, shape: Shape, param: str) -> Any:
    return _READERS[type(shape)](value, shape, param) if type(shape) in _READERS else value


def _record(value: Any, shape: Any, param: str) -> Any:
    if not isinstance(value, dict):
        raise invalid("Invalid object", param=param)
    for name in value:
        if name not in shape.fields:
            raise unknown_param(path_of(param, name))
    for name in sorted(shape.required - value.keys()):
        raise missing(path_of(param, name))
    return {name: _value(one, shape.fields[name], path_of(param, name)) for name, one in value.items()}


def _list(value: Any, shape: Any, param: str) -> Any:
    if not isinstance(value, dict):
        raise invalid("Invalid array", param=param)
    if not all(re.fullmatch(r"\d+", name) for name in value):
        raise invalid("Invalid array", param=param)
    return [_value(value[name], shape.item, path_of(param, name)) for name in sorted(value, key=int)]


def _map(value: Any, shape: Any, param: str) -> Any:
    if not isinstance(value, dict):
        raise invalid("Invalid hash", param=param)
    found = {name: _value(one, shape.value, path_of(param, name)) for name, one in value.items()}
    if param.split("[")[-1].rstrip("]") == "metadata":
        _check_metadata(found, param)
    return found


def _check_metadata(metadata: dict[str, Any], param: str) -> None:
    if len(metadata) > METADATA_KEYS_MAX:
        raise invalid(f"Metadata can have at most {METADATA_KEYS_MAX} keys", param=param)
    for name, value in metadata.items():
        if len(name) > METADATA_KEY_LENGTH_MAX:
            raise invalid(
                f"Metadata keys must be under {METADATA_KEY_LENGTH_MAX} characters", param=path_of(param, name)
            )
        if len(value) > METADATA_VALUE_LENGTH_MAX:
            raise invalid(
                f"Metadata values can have up to {METADATA_VALUE_LENGTH_MAX} characters", param=path_of(param, name)
            )


def _choice(value: Any, shape: Any, param: str) -> Any:
    for word in shape.words:
        if value == (str(word).lower() if isinstance(word, bool) else str(word)):
            return word
    words = [str(word) for word in shape.words]
    listed = f"{', '.join(words[:-1])}, or {words[-1]}" if len(words) > 2 else " or ".join(words)
    raise invalid(f"Invalid {param}: must be one of {listed}", param=param)


def _scalar(value: Any, shape: Any, param: str) -> Any:
    kind = shape.kind
    if not isinstance(value, str):
        raise invalid(f"Invalid {_WORDS[kind]}: {value}", param=param)
    if value == "":
        message = (
            f"You passed an empty string for '{param}'. We assume empty values are an attempt to unset a parameter; "
            f"however '{param}' cannot be unset. You should remove '{param}' from your request or supply a "
            "non-empty value."
        )
        # The value of a metadata key is unset this way.
        if "metadata]" not in param and not param.startswith("metadata["):
            raise invalid(message, code="parameter_invalid_empty", param=param)
        return value
    return _SCALARS[kind](value, param)


def _text(value: str, param: str) -> str:
    if len(value) > TEXT_LENGTH_MAX:
        raise invalid(
            f"Invalid string: {value[:20]}…; must be at most {TEXT_LENGTH_MAX} characters",
            code="parameter_invalid_string_too_long",
            param=param,
        )
    return value


def _integer(value: str, param: str) -> int:
    if not re.fullmatch(r"-?\d+", value):
        raise invalid(f"Invalid integer: {value}", code="parameter_invalid_integer", param=param)
    return int(value)


def _boolean(value: str, param: str) -> bool:
    if value not in ("true", "false"):
        raise invalid(f"Invalid boolean: {value}", param=param)
    return value == "true"


def _decimal(value: str, param: str) -> Decimal:
    try:
        number = Decimal(value)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise invalid(f"Invalid decimal: {value}", param=param)
    return number


def _float(value: str, param: str) -> float:
    return float(_decimal(value, param))


def _any_of(value: Any, shape: Any, param: str) -> Any:
    """The first shape that takes it; else the complaint of the shape that comes nearest."""
    complaints: list[Refusal] = []
    for one in sorted(shape.shapes, key=_strictness):
        try:
            return _value(value, one, param)
        except Refusal as refusal:
            complaints.append(refusal)
    raise max(complaints, key=lambda refusal: _nearness(refusal, value))


def _strictness(shape: Shape) -> int:
    order: list[type] = [Choice, Record, ListOf, MapOf]
    if isinstance(shape, Scalar):
        return 9 if shape.kind is str else 5
    return order.index(type(shape)) if type(shape) in order else 8


def _nearness(refusal: Refusal, value: Any) -> tuple[bool, int]:
    about_structure = refusal.error["message"] in ("Invalid object", "Invalid array", "Invalid hash")
    return (about_structure != isinstance(value, dict), len(refusal.error.get("param", "")))


_WORDS: dict[type, str] = {str: "string", int: "integer", float: "number", bool: "boolean", Decimal: "decimal"}
_SCALARS: dict[type, Callable[[str, str], Any]] = {
    str: _text,
    int: _integer,
    float: _float,
    bool: _boolean,
    Decimal: _decimal,
}
_READERS: dict[type, Callable[[Any, Any, str], Any]] = {
    Record: _record,
    ListOf: _list,
    MapOf: _map,
    Choice: _choice,
    Scalar: _scalar,
    AnyOf: _any_of,
}
