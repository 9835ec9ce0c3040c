"""The five depths of access, in one total order: `public < follower < supporter < circle < inner`.

Slugs are what stands in signed documents, files and commands; pages may show other names.
"""

from enum import IntEnum

from trustgraph.errors import UnknownTier


class Tier(IntEnum):
    """Compared as integers; `public` is what nobody needs to be granted."""

    PUBLIC = 0
    FOLLOWER = 1
    SUPPORTER = 2
    CIRCLE = 3
    INNER = 4

    @property
    def slug(self) -> str:
        """The name on the wire."""
        return self.name.lower()


def tier_named(slug: str) -> Tier:
    """Give the tier with this slug, or raise `UnknownTier`; nothing is guessed."""
    for tier in Tier:
        if tier.slug == slug:
            return tier
    raise UnknownTier(slug)
