"""Seals a push for one browser (RFC 8291, in the content coding of RFC 8188): its push service cannot read it.

Every push has the same length, so that nothing about its kind can be told from it either.
"""

import secrets

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

POINT_BYTES = 65
AUTH_BYTES = 16
SALT_BYTES = 16
RECORD_BYTES = 4096
PADDED_BYTES = 1024
_LAST_RECORD = b"\x02"


def encrypted(
    text: bytes,
    browser: bytes,
    auth: bytes,
    *,
    key: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes | None = None,
    padded_bytes: int = PADDED_BYTES,
) -> bytes:
    """Encrypt for the public point and the secret of a browser; `key` and `salt` are made anew unless given.

    Raises `ValueError` for a point that is none, or a text that does not fit.
    """
    if len(text) > padded_bytes > 0:
        raise ValueError("too long for a push")
    key, salt = key or ec.generate_private_key(ec.SECP256R1()), salt or secrets.token_bytes(SALT_BYTES)
    ours = point_of(key.public_key())
    shared = key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), browser))
    secret = _derived(shared, auth, b"WebPush: info\0" + browser + ours, 32)
    cipher = AESGCM(_derived(secret, salt, b"Content-Encoding: aes128gcm\0", 16))
    nonce = _derived(secret, salt, b"Content-Encoding: nonce\0", 12)
    padded = (text + _LAST_RECORD).ljust(padded_bytes + 1, b"\0")
    head = salt + RECORD_BYTES.to_bytes(4, "big") + bytes([len(ours)]) + ours
    return head + cipher.encrypt(nonce, padded, None)


def point_of(key: ec.EllipticCurvePublicKey) -> bytes:
    """Write a public key as browsers do: uncompressed."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(secret)
