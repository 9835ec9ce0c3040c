"""What only somebody can do who is known by a key: her own, or one that the node holds for her."""

from presence.asking.contracts import Listener
from presence.errors import SignInFirst

SIGNED_IN = ("key", "mail")


def known(listener: Listener) -> str | None:
    """Give the key of somebody who is signed in here, or None; programs are not."""
    return listener.did if listener.how in SIGNED_IN else None


def owner(listener: Listener) -> str | None:
    """Give whose wallet a listener may look into: her own key's, by whichever way she uses it herself, or None.

    A room that is embedded in a page elsewhere pays from a wallet, but who reads that page is not its owner.
    """
    return None if listener.how == "embed" else listener.did


def must_own(listener: Listener) -> str:
    """Give it, or raise `SignInFirst`."""
    did = owner(listener)
    if did is None:
        raise SignInFirst
    return did


def must_be_known(listener: Listener) -> str:
    """Give it, or raise `SignInFirst`."""
    did = known(listener)
    if did is None:
        raise SignInFirst
    return did
