"""Says how deep the artist's trust in a listener goes, and proves who signed it.

Keys, signed documents, the log they stand in, and the walk from a listener to the artist. A tier is
read from the signed bytes each time and never stored; whatever is doubtful is public.

The face is opened name by name, so that a signature is checked without a database's library.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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

_ROOMS = {
    "trustgraph.documents": ("Auth", "Checkpoint", "Delegate", "Grant", "KeyEvent", "Revocation", "Vouch", "read"),
    "trustgraph.errors": ("DocumentRefused", "TrustError", "UnknownTier"),
    "trustgraph.grant_log": ("Accepted", "GrantLog"),
    "trustgraph.head": ("HeadFile",),
    "trustgraph.keys": ("Key", "new_nonce"),
    "trustgraph.replay": ("Replay",),
    "trustgraph.tiers": ("Tier", "tier_named"),
    "trustgraph.walk": ("Trust",),
}
_ROOM_OF = {name: room for room, names in _ROOMS.items() for name in names}


def __getattr__(name: str) -> object:
    """Open one name of the face."""
    if name not in _ROOM_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_ROOM_OF[name]), name)
