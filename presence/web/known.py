"""What only somebody can do who is known by a key: her own, or one that the node holds for her."""

from presence.asking.contracts import Listener
from presence.errors import SignInFirst

SIGNED_IN = ("key", "mail")


def known(listener: Listener) -> str | None:
    """Give the key of somebody who is signed in here, or None; programs are not."""
    return listener.did if listener.how in SIGNED_IN else None


def must_be_known(listener: Listener) -> str:
    """Give it, or raise `SignInFirst`."""
    did = known(listener)
    if did is None:
        raise SignInFirst
    return did
