"""Requests that are signed one by one (RFC 9421): for programs that hold a key, and from node to node.

The library builds what is signed; whether a signature holds says `trustgraph` alone. What is signed
is fixed and small: exactly one signature, by a did:key, of method, address, query and body, made
within a minute and never seen before.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

from http_message_signatures import (
    HTTPMessageSignaturesException,
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureAlgorithm,
    HTTPSignatureKeyResolver,
    InvalidSignature,
    VerifyResult,
)
from sqlalchemy import Connection, delete, insert
from sqlalchemy.exc import IntegrityError

from presence.errors import SignatureWrong
from presence.sessions.origins import Origins
from presence.sessions.tokens import token_hash
from presence.tables import request_nonces
from presence.write_lane import WriteLane
from trustgraph import DocumentRefused, Key, new_nonce
from trustgraph.envelopes import verify

TAG = "presence"
COMPONENTS = ("@method", "@authority", "@path", "@query")
CLOCK_SECONDS = 60
NONCE_SECONDS = 180  # longer than a request may lie on its way, at both ends of the clock's leniency
NONCE_CHARS = range(16, 129)
SIGNATURE_HEADERS = ("signature", "signature-input")
_PARAMETERS = {"created", "keyid", "nonce", "tag"}


@dataclass(frozen=True, slots=True)
class Message:
    """A request as the library looks at it; `url` is absolute and encoded."""

    method: str
    url: str
    headers: Any


class Ed25519(HTTPSignatureAlgorithm):
    """Ed25519 by libsodium: signs with a `Key`, verifies for a did."""

    algorithm_id = "ed25519"

    def __init__(self, public_key: str | None = None, private_key: Key | None = None) -> None:
        self._did = public_key
        self._key = private_key

    def sign(self, message: bytes) -> bytes:
        """Give the signature of the key that was given."""
        if self._key is None:
            raise TypeError("there is no key to sign with")
        return self._key.sign(message)

    def verify(self, signature: bytes, message: bytes) -> None:
        """Raise `DocumentRefused` unless the signature is by the did that was given."""
        verify(self._did or "", message, signature)


class Keys(HTTPSignatureKeyResolver):
    """A did says its public key itself; what signs here is the one key that was given."""

    def __init__(self, key: Key | None = None) -> None:
        self._key = key

    def resolve_public_key(self, key_id: str) -> str:
        """Give the did back: whether it is one is found out when it verifies."""
        return key_id

    def resolve_private_key(self, key_id: str) -> Key:
        """Give the key that signs."""
        if self._key is None or self._key.did != key_id:
            raise KeyError(key_id)
        return self._key


class Verifier(HTTPMessageVerifier):
    """The library's, with its leniencies taken back and the clock as an argument."""

    signature_metadata_parameters: ClassVar[set[str]] = _PARAMETERS | {"alg"}

    def __init__(self, now: Callable[[], float]) -> None:
        super().__init__(signature_algorithm=Ed25519, key_resolver=Keys())
        self._now = now

    def validate_created_and_expires(self, sig_input: Any, max_age: Any = None) -> None:
        """Refuse what was not made within a minute, and what does not say all that it has to."""
        parameters = sig_input.params
        if _PARAMETERS - set(parameters) or parameters["tag"] != TAG:
            raise InvalidSignature(f'The parameters must be created, keyid, nonce and tag="{TAG}".')
        if abs(parameters["created"] - self._now()) > CLOCK_SECONDS:
            raise InvalidSignature("The clock of your device is more than a minute away from this one.")
        if len(parameters["nonce"]) not in NONCE_CHARS:
            raise InvalidSignature(f"A nonce has {NONCE_CHARS.start} to {NONCE_CHARS.stop - 1} characters.")


class SignedRequests:
    """Says who signed a request, and lets none pass twice."""

    def __init__(self, lane: WriteLane, origins: Origins, now: Callable[[], float] = time.time) -> None:
        self._lane = lane
        self._origins = origins
        self._now = now

    def signer_of(self, message: Message, body: bytes) -> str:
        """Give the did that signed this very request, or raise `SignatureWrong`."""
        signed = self._verified(message, body)
        if not self._origins.names(signed.covered_components['"@authority"']):
            raise SignatureWrong("The request was signed for another place.")
        did = str(signed.parameters["keyid"])
        self._spend(f"{did} {signed.nonce}")
        return did

    def _verified(self, message: Message, body: bytes) -> VerifyResult:
        try:
            # Without `expect_tag` a second signature is refused, and not just passed over.
            (signed,) = Verifier(self._now).verify(message, max_age=None, require_components=COMPONENTS, body=body)
        except HTTPMessageSignaturesException as error:
            raise SignatureWrong(_told(error)) from error
        return signed

    def _spend(self, nonce: str) -> None:
        def keep(owner: Connection) -> None:
            owner.execute(delete(request_nonces).where(request_nonces.c.expires_at < self._now()))
            row = {"nonce_sha256": token_hash(nonce), "expires_at": self._now() + NONCE_SECONDS}
            owner.execute(insert(request_nonces).values(**row))

        try:
            self._lane.run(keep)
        except IntegrityError as error:
            raise SignatureWrong("This request came before. Sign it anew, with another nonce.") from error


def sign_request(request: Any, body: bytes, key: Key, *, now: float | None = None) -> None:
    """Sign a request of httpx2 (or anything with `method`, `url` and `headers`) in place."""
    for name in ("Content-Digest", "Signature", "Signature-Input"):
        if name in request.headers:  # of an earlier try
            del request.headers[name]
    HTTPMessageSigner(signature_algorithm=Ed25519, key_resolver=Keys(key)).sign(
        Message(request.method, str(request.url), request.headers),
        key_id=key.did,
        created=datetime.fromtimestamp(time.time() if now is None else now, UTC),
        nonce=new_nonce(),
        label=TAG,
        tag=TAG,
        include_alg=False,
        covered_component_ids=COMPONENTS,
        body=body or None,
    )


def _told(error: Exception) -> str:
    """Give our own sentences and the library's; what went wrong inside of `trustgraph` has one of its own."""
    cause = error.__cause__
    return str(cause) if isinstance(cause, DocumentRefused) else str(error)
