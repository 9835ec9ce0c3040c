"""Forms: bracket notation, as the SDK writes it and Stripe reads it.

`line_items[0][price_data][currency]=usd` becomes nested dictionaries whose
leaves are text. Whether `{"0": …}` is a list, only the shape of the parameter
can say, so it stays a dictionary here.
"""

import re
from typing import Any
from urllib.parse import parse_qsl

from tests.strict_stripe.refusals import invalid

Tree = dict[str, Any]

_KEY = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
DEPTH_MAX = 12


def decode(text: str) -> Tree:
    """The tree a form or a query spells."""
    tree: Tree = {}
    for key, value in parse_qsl(text, keep_blank_values=True):
        _put(tree, key, _steps(key), value)
    return tree


def _steps(key: str) -> list[str]:
    found = _KEY.fullmatch(key)
    if not found:
        raise invalid(f"Invalid key: {key}", param=key)
    steps = [found[1], *re.findall(r"\[([^\[\]]*)\]", found[2])]
    if len(steps) > DEPTH_MAX:
        raise invalid(f"Nesting is too deep: {key}", param=key)
    return steps


def _put(tree: Tree, key: str, steps: list[str], value: str) -> None:
    *above, last = steps
    for step in above:
        below = tree.setdefault(step, {})
        if not isinstance(below, dict):
            raise invalid(f"Invalid object: {key} is both a value and an object", param=key)
        tree = below
    last = last or str(len(tree))  # `type[]=a&type[]=b` counts by itself
    if last in tree:
        raise invalid(f"{key} was given twice", param=key)
    tree[last] = value


def path_of(parent: str, name: str | int) -> str:
    """How Stripe names a nested parameter."""
    return f"{parent}[{name}]" if parent else str(name)
