"""Receipts: what was paid, how it was divided, signed by the presence; anybody can check one offline.

What is public names nobody: who paid and what was asked stand in it as salted commitments, and only
the payer's own copy has the salts.
"""

import base64
import hashlib
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from billing.contracts import IsSignedBy, Signer, Snapshots
from billing.errors import ReceiptWrong
from billing.plain import Plain, statement
from billing.written import written, written_in_order

if TYPE_CHECKING:
    from billing.splits import Divided

VERSION = 1
ID_BYTES = 16
SALT_BYTES = 16
CONTEXT = b"presence receipt v1\n"
"""What is signed begins with this, so that no other signature of the same key passes for one."""
FIELDS = frozenset(
    ("v", "id", "node", "iss", "kind", "act", "at", "currency", "micros", "given", "prices", "splits", "shares")
) | {"sentences", "payer", "question"}

_WRITE = statement(
    """INSERT INTO receipts (id, owner, body, signature, salts)
 VALUES (:id, :owner, :body, :signature, :salts) RETURNING seq"""
)
_FIND = statement(
    """SELECT r.seq, r.id, r.owner, r.body, r.signature, r.salts, l.leaf FROM receipts r
 LEFT JOIN receipt_leaves l ON l.receipt = r.seq WHERE r.id = :id"""
)
_NEWEST = statement(
    """SELECT r.seq, r.id, r.owner, r.body, r.signature, r.salts, l.leaf FROM receipts r
 LEFT JOIN receipt_leaves l ON l.receipt = r.seq ORDER BY r.seq DESC LIMIT :most"""
)
_OF_OWNER = statement(
    """SELECT r.seq, r.id, r.owner, r.body, r.signature, r.salts, l.leaf FROM receipts r
 LEFT JOIN receipt_leaves l ON l.receipt = r.seq WHERE r.owner = :owner ORDER BY r.seq DESC LIMIT :most"""
)


@dataclass(frozen=True, slots=True)
class Sold:
    """What was paid for: `micros` in all, `given` of them out of what the artist gave."""

    act: str
    prices: str
    micros: int
    given: int
    payer: str
    question: str
    sentences: int = 0
    kind: str = "capture"


@dataclass(frozen=True, slots=True)
class Receipt:
    """A signed receipt; `leaf` is its place in the public log, once it is published."""

    seq: int
    ident: str
    owner: str
    body: str
    signature: str
    salts: Mapping[str, str]
    leaf: int | None = None

    @property
    def said(self) -> dict[str, Any]:
        """What it says."""
        said: dict[str, Any] = json.loads(self.body)
        return said

    def as_json(self) -> dict[str, Any]:
        """Give the payer's own copy: with the salts that open the commitments."""
        return {"receipt": self.said, "signature": self.signature, "salts": dict(self.salts), "leaf": self.leaf}


class Receipts:
    """Writes and finds receipts."""

    def __init__(self, snapshots: Snapshots, signer: Signer | None, node: Callable[[], str], currency: str) -> None:
        self._snapshots = snapshots
        self._signer = signer
        self._node = node
        self._currency = currency

    @property
    def can_sign(self) -> bool:
        """Whether there is a key to sign with: without one, nothing is sold."""
        return self._signer is not None

    def write(self, plain: Plain, sold: Sold, shares: "Divided", at: int) -> Receipt:
        """Sign and keep a receipt, in the transaction of what it is for."""
        if self._signer is None:
            raise ReceiptWrong("This node has no key to sign receipts with, so nothing can be paid.")
        ident, salts = _chosen_by_chance()
        said: dict[str, Any] = {
            "v": VERSION,
            "id": ident,
            "node": self._node(),
            "iss": self._signer.did,
            "kind": sold.kind,
            "act": sold.act,
            "at": at // 1000,
            "currency": self._currency,
            "micros": sold.micros,
            "given": sold.given,
            "prices": sold.prices,
            "splits": list(shares.versions),
            "shares": [[party, micros] for party, micros in shares.parts.items()],
            "sentences": sold.sentences,
            "payer": commitment(salts["payer"], sold.payer),
            "question": commitment(salts["question"], sold.question),
        }
        body = canonical(said)
        signature = base64.b64encode(self._signer.sign(CONTEXT + body)).decode()
        row = {"id": ident, "owner": sold.payer, "body": body.decode(), "signature": signature}
        kept = plain.row(_WRITE, **row, salts=written(salts))
        return Receipt(int(kept[0]) if kept else 0, ident, sold.payer, row["body"], signature, salts)

    def find(self, ident: str) -> Receipt | None:
        """Find a receipt."""
        with self._snapshots() as connection:
            row = Plain(connection).row(_FIND, id=ident)
        return None if row is None else _receipt(row)

    def of_owner(self, owner: str, most: int = 200) -> list[Receipt]:
        """Give a listener's receipts, the newest first."""
        with self._snapshots() as connection:
            return [_receipt(row) for row in Plain(connection).rows(_OF_OWNER, owner=owner, most=most)]

    def newest(self, most: int = 200) -> list[Receipt]:
        """Give everybody's receipts, the newest first."""
        with self._snapshots() as connection:
            return [_receipt(row) for row in Plain(connection).rows(_NEWEST, most=most)]


def _chosen_by_chance() -> tuple[str, dict[str, str]]:
    """Choose an id, and salts for both commitments: the system is asked once for all of it."""
    chance = secrets.token_bytes(ID_BYTES + 2 * SALT_BYTES)
    ident, salts = chance[:ID_BYTES], chance[ID_BYTES:]
    name = base64.urlsafe_b64encode(ident).rstrip(b"=").decode()
    return name, {"payer": salts[:SALT_BYTES].hex(), "question": salts[SALT_BYTES:].hex()}


def commitment(salt: str, value: str) -> str:
    """Commit to a value: SHA-256 of the salt's bytes and the value."""
    return hashlib.sha256(bytes.fromhex(salt) + value.encode()).hexdigest()


def leaf_data(body: str, signature: str) -> bytes:
    """Give what the public log holds of a receipt: its canonical JSON, a line feed, the signature."""
    return f"{body}\n{signature}".encode()


def canonical(said: Mapping[str, Any]) -> bytes:
    """Write a receipt as it is signed. Everything in it is an integer or ASCII, so that this is RFC 8785."""
    return written_in_order(said).encode()


def check_receipt(copy: Mapping[str, Any], did: str, is_signed_by: IsSignedBy) -> dict[str, Any]:
    """Give what a receipt says if the presence's key signed it and its numbers agree. Raises `ReceiptWrong`.

    The salts, where they are given with what they hide (`payer_is`, `question_is`), are checked too.
    """
    said, signature = copy.get("receipt"), copy.get("signature")
    if not isinstance(said, dict) or set(said) != FIELDS or said["v"] != VERSION:
        raise ReceiptWrong("This is not a receipt of this kind.")
    try:
        body = canonical(said).decode()
    except ValueError as error:
        raise ReceiptWrong("A receipt has whole numbers and no others.") from error
    if not is_signed(body, str(signature), did, is_signed_by):
        raise ReceiptWrong("The signature does not hold: this receipt is not what the presence signed.")
    shares = said["shares"]
    if sum(micros for _, micros in shares) != said["micros"] or not 0 <= said["given"] <= said["micros"]:
        raise ReceiptWrong("The shares of this receipt do not come to what was paid.")
    salts = copy.get("salts")
    for name in ("payer", "question"):
        told = copy.get(f"{name}_is")
        salt = salts.get(name) if isinstance(salts, dict) else None
        if told is not None and not _opens(said[name], salt, told):
            raise ReceiptWrong(f"What the receipt says of the {name} is something else.")
    return said


def _opens(committed: object, salt: object, value: object) -> bool:
    """Whether a salt and a value are what was committed to; they come from anybody."""
    try:
        if not isinstance(salt, str) or not isinstance(value, str) or bytes.fromhex(salt).hex() != salt:
            return False
        return commitment(salt, value) == committed
    except ValueError:
        return False


def is_signed(body: str, signature: str, did: str, is_signed_by: IsSignedBy) -> bool:
    """Whether a key signed a receipt, given as its canonical JSON."""
    try:
        read = base64.b64decode(signature, validate=True)
    except ValueError:
        return False
    # The last letter of base64 has bits that say nothing; one signature is written in one way.
    return base64.b64encode(read).decode() == signature and is_signed_by(did, CONTEXT + body.encode(), read)


def _receipt(row: tuple[Any, ...]) -> Receipt:
    seq, ident, owner, body, signature, salts, leaf = row
    return Receipt(seq, ident, owner, body, signature, json.loads(salts), leaf)
