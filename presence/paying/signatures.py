"""Whether a key signed something, as billing asks it: billing itself knows no keys."""

from trustgraph import DocumentRefused
from trustgraph.did import did_of
from trustgraph.envelopes import verify


def is_signed_by(did: str, message: bytes, signature: bytes) -> bool:
    """Whether a key, a message and a signature belong together."""
    try:
        verify(did, message, signature)
    except DocumentRefused:
        return False
    return True


def is_signed_by_key(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Say the same of a key by its 32 bytes."""
    try:
        return is_signed_by(did_of(public_key), message, signature)
    except DocumentRefused:
        return False
