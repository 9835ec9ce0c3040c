"""Says how deep the artist's trust in a listener goes, and proves who signed it.

Keys, signed documents, the log they stand in, and the walk from a listener to the artist. A tier is
read from the signed bytes each time and never stored; whatever is doubtful is public.
"""

from trustgraph.documents import Auth, Checkpoint, Delegate, Grant, KeyEvent, Revocation, Vouch, read
from trustgraph.errors import DocumentRefused, TrustError, UnknownTier
from trustgraph.grant_log import Accepted, GrantLog
from trustgraph.head import HeadFile
from trustgraph.keys import Key, new_nonce
from trustgraph.replay import Replay
from trustgraph.tiers import Tier, tier_named
from trustgraph.walk import Trust

__all__ = [
    "Accepted",
    "Auth",
    "Checkpoint",
    "Delegate",
    "DocumentRefused",
    "Grant",
    "GrantLog",
    "HeadFile",
    "Key",
    "KeyEvent",
    "Replay",
    "Revocation",
    "Tier",
    "Trust",
    "TrustError",
    "UnknownTier",
    "Vouch",
    "new_nonce",
    "read",
    "tier_named",
]
