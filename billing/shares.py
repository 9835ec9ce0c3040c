"""How an amount is divided: by largest remainder, exactly, and the same way every time."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from billing.errors import SplitWrong

ARTIST = "artist"
WHOLE = 10_000
"""Shares are hundredths of a percent."""
_PERCENT = re.compile(r"([0-9]{1,3})(?:\.([0-9]{1,2}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Cited:
    """What an answer leaned on: a note, the release that it is about if any, and how much of it was quoted.

    `characters` weighs it against the other sources. `earlier` are the names that the note had before it was
    edited, the newest first: what was agreed for one of them holds until something is for the note as it is.
    """

    note: str
    characters: int
    release: str | None = None
    earlier: tuple[str, ...] = ()


def divided(micros: int, weights: Mapping[str, int]) -> dict[str, int]:
    """Divide an amount by weights; what is left over goes to the largest remainders, the artist first.

    Whoever gets nothing is not named. Raises `SplitWrong` for weights that cannot divide.
    """
    whole = sum(weights.values())
    if micros < 0 or whole <= 0 or any(weight < 0 for weight in weights.values()):
        raise SplitWrong("An amount is divided by weights above zero.")
    order = sorted(weights, key=_artist_first)
    parts = {party: micros * weights[party] // whole for party in order}
    left = micros - sum(parts.values())
    by_remainder = sorted(order, key=lambda party: -(micros * weights[party] % whole))
    for party in by_remainder[:left]:
        parts[party] += 1
    return {party: part for party, part in parts.items() if part}


def weighed(sources: Iterable[tuple[int, Mapping[str, int]]]) -> dict[str, int]:
    """Add up the shares of several sources, each by its weight."""
    weights: defaultdict[str, int] = defaultdict(int)
    for weight, shares in sources:
        for party, share in shares.items():
            weights[party] += weight * share
    return dict(weights)


def checked(shares: Mapping[str, int]) -> dict[str, int]:
    """Give shares back that are each above nothing and together the whole, or raise `SplitWrong`."""
    if not shares or any(isinstance(share, bool) or not isinstance(share, int) for share in shares.values()):
        raise SplitWrong("Shares are hundredths of a percent, in whole numbers.")
    if any(share <= 0 for share in shares.values()):
        raise SplitWrong("Every share is above zero; leave out who gets nothing.")
    if (whole := sum(shares.values())) != WHOLE:
        raise SplitWrong(f"The shares come to {whole / 100:.2f} %, and have to come to 100 %.")
    return dict(sorted(shares.items(), key=lambda item: _artist_first(item[0])))


def hundredths(text: str) -> int:
    """Read a percentage with at most two digits after the point, as hundredths of a percent. Raises `SplitWrong`."""
    found = _PERCENT.fullmatch(text.strip())
    if found is None:
        raise SplitWrong(f"{text!r} is no percentage: write 75 or 12.5, with at most two digits after the point.")
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))


def _artist_first(party: str) -> tuple[bool, str]:
    return party != ARTIST, party
