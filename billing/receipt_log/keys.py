"""The keys of notes: by name, by a short id, and as the text that verifiers are given.

The id only finds the key that a signature line speaks of. It proves nothing; the signature does.
"""

import hashlib
import re
from dataclasses import dataclass

from billing.receipt_log import strict_base64
from billing.receipt_log.errors import LogProofWrong

ED25519 = 0x01  # signs the text of a note
COSIGNATURE = 0x04  # signs the text and a time, as a witness does
KINDS = (ED25519, COSIGNATURE)

KEY_BYTES = 32
KEY_ID_BYTES = 4

_KEY_TEXT = re.compile(r"([^+]+)\+([0-9a-f]{8})\+([^\s]+)")
_CONTROL = re.compile(r"[\x00-\x1f]")


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key under its name, for one kind of signature."""

    name: str
    public_key: bytes
    kind: int = ED25519


def key_id(name: str, public_key: bytes, kind: int = ED25519) -> bytes:
    """Give the four bytes that signature lines name the key by."""
    check_name(name)
    if len(public_key) != KEY_BYTES:
        raise LogProofWrong(f"The public key of {name} does not have {KEY_BYTES} bytes.")
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public_key).digest()[:KEY_ID_BYTES]


def write_verifier_key(key: VerifierKey) -> str:
    """Write the text that verifiers are given: name, id and key."""
    if key.kind not in KINDS:
        raise LogProofWrong("This kind of key is not one of a log or of a witness.")
    ident = key_id(key.name, key.public_key, key.kind)
    return f"{key.name}+{ident.hex()}+{strict_base64.written(bytes([key.kind]) + key.public_key)}"


def read_verifier_key(text: str) -> VerifierKey:
    """Read the text of a key; name and key must be those that its id was made of."""
    form = _KEY_TEXT.fullmatch(text)
    if form is None:
        raise LogProofWrong("The text of a verifier key is its name, its id and its key, with + between them.")
    name, ident, encoded = form.groups()
    data = strict_base64.read(encoded, "The verifier key")
    if not data or data[0] not in KINDS:
        raise LogProofWrong("This kind of key is not one of a log or of a witness.")
    if key_id(name, data[1:], data[0]).hex() != ident:
        raise LogProofWrong("The id in a verifier key is not that of its name and key.")
    return VerifierKey(name, data[1:], data[0])


def check_name(name: str) -> None:
    """Refuse a name that could not stand in a signature line."""
    try:
        name.encode()
    except UnicodeEncodeError as error:
        raise LogProofWrong("The name of a key is not text.") from error
    if not name or "+" in name or _CONTROL.search(name) or any(character.isspace() for character in name):
        raise LogProofWrong("The name of a key is neither empty nor has it a space, a plus or a control character.")
