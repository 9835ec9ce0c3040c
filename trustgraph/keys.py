"""A key that signs. Secrets stay in here; nothing prints them."""

import base64
import secrets
from collections.abc import Mapping
from typing import Any

from nacl.signing import SigningKey

from trustgraph.canonical import canonical
from trustgraph.did import did_of
from trustgraph.envelopes import signed_bytes, type_of

SEED_BYTES = 32


class Key:
    """An Ed25519 key pair, named by its `did`."""

    __slots__ = ("_signing", "did")

    def __init__(self, seed: bytes) -> None:
        self._signing = SigningKey(seed)
        self.did = did_of(bytes(self._signing.verify_key))

    @classmethod
    def generate(cls) -> "Key":
        """Make a key that nobody else has."""
        return cls(secrets.token_bytes(SEED_BYTES))

    @property
    def seed(self) -> bytes:
        """The 32 bytes that the key is made of; for key files only."""
        return bytes(self._signing)

    @property
    def public_key(self) -> bytes:
        return bytes(self._signing.verify_key)

    def sign(self, message: bytes) -> bytes:
        """Give the 64 bytes of a signature."""
        return self._signing.sign(message).signature

    def seal(self, kind: str, payload: Mapping[str, Any]) -> dict[str, Any]:
        """Sign a document and give its envelope."""
        data = canonical(dict(payload))
        signature = self.sign(signed_bytes(type_of(kind), data))
        return {
            "payloadType": type_of(kind),
            "payload": base64.b64encode(data).decode(),
            "signatures": [{"keyid": self.did, "sig": base64.b64encode(signature).decode()}],
        }

    def __repr__(self) -> str:
        return f"Key({self.did})"


def new_nonce() -> str:
    """Give 128 random bits as 22 characters of base64url."""
    return base64.urlsafe_b64encode(secrets.token_bytes(16)).decode().rstrip("=")
