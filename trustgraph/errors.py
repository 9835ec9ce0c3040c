"""What can go wrong with trust.

TrustError
  + UnknownTier   a slug that is not one of the five
"""


class TrustError(Exception):
    """Base of every refusal of this package."""


class UnknownTier(TrustError):
    """A tier by a name that does not exist."""

    def __init__(self, slug: str) -> None:
        super().__init__(f"There is no tier {slug!r}; use public, follower, supporter, circle or inner.")
        self.slug = slug
