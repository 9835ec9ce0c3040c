"""A key for tests, and the verifier that notes are opened with: libsodium, as the presence hands it in."""

import nacl.exceptions
from nacl.signing import SigningKey, VerifyKey


class Signatory:
    """A name with an Ed25519 key, made from a number."""

    def __init__(self, name: str, number: int = 1) -> None:
        self._key = SigningKey(bytes([number]) * 32)
        self.name = name
        self.public_key = bytes(self._key.verify_key)

    def sign(self, message: bytes) -> bytes:
        return self._key.sign(message).signature


def verify(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the three belong together."""
    try:
        VerifyKey(public_key).verify(message, signature)
    except nacl.exceptions.CryptoError:
        return False
    return True
