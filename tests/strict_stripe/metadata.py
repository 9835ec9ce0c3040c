"""Metadata: merged key by key; an empty value unsets a key, an empty text unsets all."""

from typing import Any


def merged(before: dict[str, str], given: Any) -> dict[str, str]:
    if given is None:
        return dict(before)
    if given == "":
        return {}
    return {name: value for name, value in {**before, **given}.items() if value != ""}
