"""Names of keys: `did:key`, Ed25519 only, in the one form that encodes back to itself.

A name is accepted only when its bytes are a sound point of the curve's main subgroup: libsodium
accepts some signatures under mixed-order keys, which other verifiers judge differently.
"""

import re
from functools import lru_cache

import base58
from nacl.bindings import crypto_core_ed25519_is_valid_point

from trustgraph.errors import DocumentRefused

_FORM = re.compile(r"did:key:z(6Mk[1-9A-HJ-NP-Za-km-z]{44})")
_ED25519 = b"\xed\x01"
KEY_BYTES = 32


def did_of(public_key: bytes) -> str:
    """Name a raw public key of 32 bytes."""
    return "did:key:z" + base58.b58encode(_ED25519 + public_key).decode()


@lru_cache(maxsize=8192)
def key_of(did: str) -> bytes:
    """Give the raw public key of a name, or refuse it as `bad_did` or `weak_key`."""
    form = _FORM.fullmatch(did)
    if form is None:
        raise DocumentRefused("bad_did")
    raw = base58.b58decode(form[1])
    if len(raw) != len(_ED25519) + KEY_BYTES or not raw.startswith(_ED25519) or did_of(raw[2:]) != did:
        raise DocumentRefused("bad_did")
    key = raw[2:]
    if not crypto_core_ed25519_is_valid_point(key):
        raise DocumentRefused("weak_key")
    return key


def is_did(text: object) -> bool:
    """Whether this has the form of a key's name; the point is not looked at."""
    return isinstance(text, str) and _FORM.fullmatch(text) is not None
