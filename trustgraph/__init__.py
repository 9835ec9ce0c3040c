"""Says how deep the artist's trust in a listener goes.

So far the five tiers and their order. Keys, signed grants, vouches and their log come to this room
next; until then nobody but the signed-in operator is ever above `public`.
"""

from trustgraph.errors import TrustError, UnknownTier
from trustgraph.tiers import Tier, tier_named

__all__ = ["Tier", "TrustError", "UnknownTier", "tier_named"]
