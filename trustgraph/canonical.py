"""JSON of one form only: RFC 8785, integers, no field twice.

`json.loads` alone takes the last of two equal keys, NaN, and any number; what was signed has to
mean one thing in every language.
"""

import json
from typing import Any

import rfc8785

from trustgraph.errors import DocumentRefused

INT_LIMIT = 2**53
_DIGITS_MAX = 16
_DEPTH_MAX = 8


def canonical(value: Any) -> bytes:
    """Write a value as RFC 8785 says."""
    return rfc8785.dumps(value)


def read_canonical(data: bytes) -> dict[str, Any]:
    """Read an object that is written in canonical form, or refuse it with the code of what is wrong."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise DocumentRefused("bad_utf8") from error
    value = _parsed(text)
    if not isinstance(value, dict) or _deeper(value, _DEPTH_MAX):
        raise DocumentRefused("bad_fields")
    try:
        same = canonical(value) == data
    except rfc8785.CanonicalizationError as error:
        raise DocumentRefused("not_canonical") from error
    if not same:
        raise DocumentRefused("not_canonical")
    return value


def _parsed(text: str) -> Any:
    try:
        return json.loads(
            text,
            object_pairs_hook=_once,
            parse_int=_integer,
            parse_float=_no_number,
            parse_constant=_no_number,
        )
    except RecursionError as error:
        raise DocumentRefused("bad_fields") from error
    except ValueError as error:
        raise DocumentRefused("bad_json") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise DocumentRefused("duplicate_key")
    return found


def _integer(digits: str) -> int:
    # The length first: Python refuses to convert thousands of digits, and we need no more than 16.
    if len(digits.lstrip("-")) > _DIGITS_MAX or abs(number := int(digits)) >= INT_LIMIT:
        raise DocumentRefused("int_range")
    return number


def _no_number(_text: str) -> Any:
    raise DocumentRefused("not_integer")


def _deeper(value: Any, levels: int) -> bool:
    """Whether something is nested more than so many levels deep; stops there."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(levels == 0 or _deeper(one, levels - 1) for one in inner)
