"""How much an answer quoted of which note: by this it is divided, when it is paid and when it is counted."""

from collections.abc import Iterable, Mapping
from typing import Any


def quoted_in(said: Iterable[Mapping[str, Any]], notes: Mapping[int, str]) -> list[tuple[str, int]]:
    """Give each citation's note with the characters of its quote; `notes` are named by the numbers of citations.

    What code says by itself counts for nobody.
    """
    written = [body for body in said if not body.get("by_code")]
    cited = [one for body in written for one in body.get("cited", ())]
    return [(notes[one["n"]], len(one["quote"])) for one in cited if one["n"] in notes]
