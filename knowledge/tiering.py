"""Which tier a file goes to: the stricter of what it asks for and what the import asks for."""

from dataclasses import dataclass

from knowledge.contracts import HIGHEST_TIER, LOWEST_TIER

TIER_NAMES = ("public", "follower", "supporter", "circle", "inner")
"""On the wire and in files; pages may show other names."""


@dataclass(frozen=True, slots=True)
class TierChoice:
    """A tier, and the sentence that says why when it is not what the artist may expect."""

    tier: int
    why: str = ""


def tier_of_name(name: str) -> int | None:
    """Give the tier of a name, or None for a name that is not one of the five."""
    lowered = name.strip().lower()
    return TIER_NAMES.index(lowered) if lowered in TIER_NAMES else None


def choose_tier(named: str | None, asked: int | None, *, draft: bool, before: int | None = None) -> TierChoice:
    """Choose for one file; whatever is in doubt is for the innermost tier.

    `before` is the tier of what stands at its place: where nobody says anything now, what was said then goes on.
    """
    if draft:
        return TierChoice(HIGHEST_TIER, "It is a draft, so as few as possible may see it.")
    own = tier_of_name(named) if named is not None else None
    if named is not None and own is None:
        return TierChoice(
            HIGHEST_TIER, f"It asks for a tier “{named}” that does not exist, so as few as possible may see it."
        )
    if own is None and asked is None and before is not None:
        return TierChoice(before, "Neither the file nor you said who may see it, so it keeps the tier that it had.")
    if own is None and asked is None:
        return TierChoice(HIGHEST_TIER, "Neither the file nor you said who may see it, so as few as possible may.")
    return TierChoice(max(own if own is not None else LOWEST_TIER, asked if asked is not None else LOWEST_TIER))
