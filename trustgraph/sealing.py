"""What a node keeps to itself: sealed, or known again by a keyed hash, both with one secret of 32 bytes.

Each purpose has a key of its own, so that what was sealed for one cannot be put in the place of another.
"""

import base64
import binascii
import hashlib
from collections.abc import Callable
from functools import cached_property

import nacl.exceptions
from nacl.secret import SecretBox

from trustgraph.errors import KeyFileWrong

SECRET_BYTES = 32


class Seal:
    """Seals with a secret that is read when it is first needed."""

    def __init__(self, secret: Callable[[], bytes]) -> None:
        self._read = secret

    def close(self, data: bytes, purpose: str) -> str:
        """Seal for a purpose; the text can be stored anywhere."""
        return base64.b64encode(bytes(SecretBox(self._key(f"seal {purpose}")).encrypt(data))).decode()

    def open(self, sealed: str, purpose: str) -> bytes:
        """Give what was sealed for this purpose, or raise `KeyFileWrong`."""
        try:
            return SecretBox(self._key(f"seal {purpose}")).decrypt(base64.b64decode(sealed, validate=True))
        except (nacl.exceptions.CryptoError, binascii.Error, ValueError) as error:
            raise KeyFileWrong("What is stored here was sealed with another secret than this node has.") from error

    def name(self, text: str, purpose: str) -> str:
        """Give 64 hexadecimal digits by which a text is known again, and only with the secret."""
        return hashlib.blake2b(text.encode(), key=self._key(f"name {purpose}"), digest_size=32).hexdigest()

    def _key(self, purpose: str) -> bytes:
        return hashlib.blake2b(purpose.encode(), key=self._secret, digest_size=SecretBox.KEY_SIZE).digest()

    @cached_property
    def _secret(self) -> bytes:
        secret = self._read()
        if len(secret) != SECRET_BYTES:
            raise KeyFileWrong(f"A node's secret has {SECRET_BYTES} bytes, and this one has {len(secret)}.")
        return secret
