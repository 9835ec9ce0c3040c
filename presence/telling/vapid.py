"""Says to push services who sends (RFC 8292): with a key that is derived from the node's secret and lies nowhere else.

A browser takes pushes of this key alone, so that processes of one presence need the same `keys/node.secret`.
"""

import base64
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from presence.telling.encrypting import point_of
from trustgraph.sealing import Seal

VALID_SECONDS = 12 * 3600
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256
_HALF = 32


@dataclass(frozen=True)
class Vapid:
    """Signs for one push service at a time. `contact` is a web or a mail address of whoever runs this node."""

    seal: Seal
    contact: str
    now: Callable[[], float] = time.time

    def public(self) -> str:
        """What a browser is told to take pushes of."""
        return b64(point_of(self._key.public_key()))

    def authorization(self, endpoint: str) -> str:
        """Give the header for one endpoint; good for its push service alone, for half a day."""
        parts = urlsplit(endpoint)
        claims = {
            "aud": f"{parts.scheme}://{parts.netloc}",
            "exp": int(self.now()) + VALID_SECONDS,
            "sub": self.contact,
        }
        said = ".".join(b64(json.dumps(part).encode()) for part in ({"typ": "JWT", "alg": "ES256"}, claims))
        r, s = decode_dss_signature(self._key.sign(said.encode(), ec.ECDSA(SHA256())))
        signature = b64(r.to_bytes(_HALF, "big") + s.to_bytes(_HALF, "big"))
        return f"vapid t={said}.{signature}, k={self.public()}"

    @cached_property
    def _key(self) -> ec.EllipticCurvePrivateKey:
        # 512 bits over the order leave nothing of it more likely than the rest.
        drawn = int(self.seal.name("1", "push key") + self.seal.name("2", "push key"), 16)
        return ec.derive_private_key(drawn % (_ORDER - 1) + 1, ec.SECP256R1())


def b64(data: bytes) -> str:
    """Write bytes as tokens do: base64url, without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    """Read them; raises `ValueError`."""
    if not text.isascii():
        raise ValueError("not base64url")
    return base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=b"-_", validate=True)
