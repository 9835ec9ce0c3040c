"""DSSE envelopes with exactly one signature: what is signed is the type and the exact bytes.

The signature is checked before a single byte of the payload is parsed. The order of the checks is
fixed, and each has its code. Source: the pre-authentication encoding of secure-systems-lab/dsse.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import nacl.exceptions
from nacl.signing import VerifyKey

from trustgraph.canonical import read_canonical
from trustgraph.did import key_of
from trustgraph.errors import DocumentRefused

PAYLOAD_BYTES_MAX = 4096
ENVELOPE_BYTES_MAX = 8192
SIGNATURE_BYTES = 64
KINDS = ("key", "grant", "delegate", "revoke", "auth", "checkpoint", "statement")


def type_of(kind: str) -> str:
    """Name a kind of document in an envelope."""
    return f"application/vnd.presence.{kind}.v1+json"


@dataclass(frozen=True, slots=True)
class Opened:
    """An envelope whose signature holds: its payload, by whom, and the id that the payload's bytes give it."""

    kind: str
    keyid: str
    payload: dict[str, Any]
    ident: str
    envelope: str  # as it is stored: canonical JSON


def signed_bytes(payload_type: str, payload: bytes) -> bytes:
    """Give what a signature covers."""
    return b"DSSEv1 %d %s %d %s" % (len(payload_type), payload_type.encode(), len(payload), payload)


def ident_of(payload: bytes) -> str:
    """Name a document by its bytes; the signature is no part of it, so that it cannot make a second name."""
    return "sha256:" + hashlib.sha256(payload).hexdigest()


def verify(did: str, message: bytes, signature: bytes) -> None:
    """Refuse as `bad_signature` what this key did not sign; refuse keys that are no sound point."""
    key = key_of(did)
    if len(signature) != SIGNATURE_BYTES:
        raise DocumentRefused("bad_signature")
    try:
        VerifyKey(key).verify(message, signature)
    except nacl.exceptions.CryptoError as error:
        raise DocumentRefused("bad_signature") from error


def open_envelope(
    envelope: bytes | str | Mapping[str, Any], kind: str, *, payload_bytes_max: int = PAYLOAD_BYTES_MAX
) -> Opened:
    """Check an envelope of the kind that is expected here, and read its payload.

    What somebody keeps for herself may be longer than what a node takes in. Raises `DocumentRefused`; nothing
    else, whatever it is given.
    """
    parts = _parts(envelope)
    if parts["payloadType"] != type_of(kind):
        raise DocumentRefused("wrong_type")
    payload, signature = _decoded(parts["payload"]), _decoded(parts["sig"])
    if len(payload) > payload_bytes_max:
        raise DocumentRefused("too_big")
    verify(parts["keyid"], signed_bytes(parts["payloadType"], payload), signature)
    return Opened(kind, parts["keyid"], read_canonical(payload), ident_of(payload), _stored(parts))


def kind_of(envelope: bytes | str | Mapping[str, Any]) -> str:
    """Say which kind an envelope claims to be, or refuse it as `wrong_type`."""
    claimed = _parts(envelope)["payloadType"]
    for kind in KINDS:
        if claimed == type_of(kind):
            return kind
    raise DocumentRefused("wrong_type")


def _parts(envelope: bytes | str | Mapping[str, Any]) -> dict[str, str]:
    whole = _object(envelope) if isinstance(envelope, bytes | str) else envelope
    if not isinstance(whole, Mapping) or set(whole) != {"payloadType", "payload", "signatures"}:
        raise DocumentRefused("bad_envelope")
    signatures = whole["signatures"]
    if not isinstance(signatures, list) or len(signatures) != 1:
        raise DocumentRefused("bad_envelope")
    signature = signatures[0]
    if not isinstance(signature, Mapping) or set(signature) != {"keyid", "sig"}:
        raise DocumentRefused("bad_envelope")
    parts = {"payloadType": whole["payloadType"], "payload": whole["payload"], **signature}
    if not all(isinstance(part, str) for part in parts.values()):
        raise DocumentRefused("bad_envelope")
    return parts


def _object(envelope: bytes | str) -> Any:
    if len(envelope) > ENVELOPE_BYTES_MAX:
        raise DocumentRefused("too_big")
    try:
        return json.loads(envelope, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise DocumentRefused("bad_envelope") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise DocumentRefused("bad_envelope")
    return found


def _decoded(text: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise DocumentRefused("bad_base64") from error
    if base64.b64encode(data).decode() != text:
        raise DocumentRefused("bad_base64")
    return data


def _stored(parts: Mapping[str, str]) -> str:
    signature = {"keyid": parts["keyid"], "sig": parts["sig"]}
    whole = {"payload": parts["payload"], "payloadType": parts["payloadType"], "signatures": [signature]}
    return json.dumps(whole, separators=(",", ":"))
