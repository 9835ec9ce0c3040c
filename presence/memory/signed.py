"""A copy of what is remembered, signed by the listener herself: anybody can check that it is hers, without a node."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from trustgraph import DocumentRefused
from trustgraph.envelopes import open_envelope, type_of

KIND = "memory"
COPY_BYTES_MAX = 2 * 1024**2


def to_sign(
    did: str, root: str, at: int, items: Sequence[Mapping[str, Any]], bought: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """Give the document; `root` is the artist's id, `at` is in Unix seconds."""
    return {"v": 1, "type": KIND, "root": root, "iss": did, "at": at, "items": [*items], "bought": [*bought]}


def is_memory(copy: Any) -> bool:
    """Whether a file says that it is such a copy."""
    return isinstance(copy, dict) and copy.get("payloadType") == type_of(KIND)


def checked_memory(copy: Mapping[str, Any]) -> dict[str, Any]:
    """Say what a copy proves: who signed it, when, and what it holds. Raises `DocumentRefused`."""
    opened = open_envelope(copy, KIND, payload_bytes_max=COPY_BYTES_MAX)
    said = opened.payload
    is_ours = said.get("v") == 1 and said.get("type") == KIND and said.get("iss") == opened.keyid
    if not is_ours or not isinstance(said.get("at"), int) or not isinstance(said.get("items"), list):
        raise DocumentRefused("wrong_type")
    try:
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(said["at"]))
    except (OverflowError, ValueError, OSError) as error:
        raise DocumentRefused("wrong_type") from error
    return {"at": at, "listener": opened.keyid, "artist": said.get("root"), "items": said["items"]}
