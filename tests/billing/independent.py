"""Checks a receipt as a stranger would, from the description alone: PyNaCl, hashlib, and no code of ours.

A copy is the payer's JSON; `log` in it is the proof. The key is the 32 bytes of the presence's.
"""

import base64
import hashlib
import json
from typing import Any

from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey


def holds(copy: dict[str, Any], public_key: bytes, origin: str) -> bool:
    """Whether the presence signed this receipt, and it is in the log of this origin."""
    body = json.dumps(copy["receipt"], sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    signed = b"presence receipt v1\n" + body
    if not is_signed(public_key, signed, base64.b64decode(copy["signature"], validate=True)):
        return False
    text, _, below = copy["log"]["checkpoint"].rpartition("\n\n")
    name, size, root = text.split("\n")[:3]
    *lines, end = below.split("\n")
    key_id = hashlib.sha256(origin.encode() + b"\n\x01" + public_key).digest()[:4]
    signatures = [(line.rpartition(" ")[0], base64.b64decode(line.rpartition(" ")[2], validate=True)) for line in lines]
    ours = [data[4:] for by, data in signatures if by == f"— {origin}" and data[:4] == key_id]
    if name != origin or end or not ours or not all(is_signed(public_key, f"{text}\n".encode(), one) for one in ours):
        return False
    leaf = hashlib.sha256(b"\0" + body + b"\n" + copy["signature"].encode()).digest()
    proof = [bytes.fromhex(one) for one in copy["log"]["proof"]]
    return root_from(leaf, copy["log"]["leaf"], int(size), proof) == base64.b64decode(root)


def is_signed(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether a signature of Ed25519 holds."""
    try:
        VerifyKey(public_key).verify(message, signature)
    except (BadSignatureError, ValueError):
        return False
    return True


def root_from(leaf: bytes, index: int, size: int, proof: list[bytes]) -> bytes | None:
    """Climb from a leaf to the root, after RFC 9162, section 2.1.3.2."""
    at, last, root = index, size - 1, leaf
    for one in proof:
        if last == 0:
            return None
        if at % 2 == 1 or at == last:
            root = hashlib.sha256(b"\1" + one + root).digest()
            while at % 2 == 0 and at:
                at, last = at >> 1, last >> 1
        else:
            root = hashlib.sha256(b"\1" + root + one).digest()
        at, last = at >> 1, last >> 1
    return root if last == 0 else None
