"""The ledger: double entry, in integers, append-only. Every transaction has an id that its poster chose.

Who posts the same id again with the same content changes nothing; with another content, it is refused.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from billing.errors import PostingDiffers
from billing.plain import Plain, Statement, statement
from billing.written import written, written_in_order

# Who posts an id waits for whoever is posting the same one; SQLite has one writer anyway.
_IN_TURN = statement("SELECT 1", postgresql="SELECT pg_advisory_xact_lock(hashtextextended(:id, 71846205))")
_FIND = statement("SELECT sha256 FROM ledger_transactions WHERE id = :id")
_OPEN = statement("INSERT INTO ledger_accounts (name, opened_at) VALUES (:name, :at) ON CONFLICT (name) DO NOTHING")
_ENTER = "INSERT INTO ledger_entries (transaction_id, n, account, micros) VALUES "
_SEAL = statement(
    "INSERT INTO ledger_transactions (id, kind, at, sha256, about) VALUES (:id, :kind, :at, :sha256, :about)"
)
_BALANCE = statement("SELECT coalesce(sum(micros), 0) FROM ledger_entries WHERE account = :account")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: a debit above zero, a credit below, in micros."""

    account: str
    micros: int


@dataclass(frozen=True, slots=True)
class Transaction:
    """What happened, once: entries that sum to nothing, and what it was about."""

    ident: str
    kind: str
    entries: tuple[Entry, ...]
    about: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def about_text(self) -> str:
        """What it was about, as it is stored."""
        return written_in_order(self.about)

    @property
    def sha256(self) -> str:
        """What its id is bound to."""
        return self.sha256_with(self.about_text)

    def sha256_with(self, about_text: str) -> str:
        """Say the same where the text is at hand."""
        said = [self.kind, [[entry.account, entry.micros] for entry in self.entries], about_text]
        return hashlib.sha256(written(said).encode()).hexdigest()


def moved(micros: int, *, debit: str, credit: str) -> tuple[Entry, Entry]:
    """Give the two entries that move an amount."""
    return Entry(debit, micros), Entry(credit, -micros)


def open_accounts(plain: Plain, names: Iterable[str], at: int) -> None:
    """Open accounts; those that are open stay so."""
    for name in names:
        plain.run(_OPEN, name=name, at=at)


def post(plain: Plain, transaction: Transaction, at: int, *, is_known_new: bool = False) -> bool:
    """Post a transaction at a time (Unix milliseconds); False where it was posted before.

    Raises `PostingDiffers`; the database refuses what does not balance.
    """
    about = transaction.about_text
    sha256 = transaction.sha256_with(about)
    earlier = None if is_known_new else _found(plain, transaction.ident)
    if earlier is not None:
        if earlier[0] != sha256:
            raise PostingDiffers(transaction.ident)
        return False
    _enter(plain, transaction)
    plain.run(_SEAL, id=transaction.ident, kind=transaction.kind, at=at, sha256=sha256, about=about)
    return True


def _enter(plain: Plain, transaction: Transaction) -> None:
    row: dict[str, str | int] = {"id": transaction.ident}
    for n, entry in enumerate(transaction.entries):
        row[f"account{n}"], row[f"micros{n}"] = entry.account, entry.micros
    if transaction.entries:
        plain.run(_entering(len(transaction.entries)), **row)


@cache
def _entering(count: int) -> Statement:
    """One statement for all entries: on PostgreSQL each is a way there and back."""
    return statement(_ENTER + ", ".join(f"(:id, {n}, :account{n}, :micros{n})" for n in range(count)))


def _found(plain: Plain, ident: str) -> tuple[str] | None:
    plain.row(_IN_TURN, id=ident)
    return plain.row(_FIND, id=ident)


def is_posted(plain: Plain, ident: str) -> bool:
    """Whether a transaction of this id was posted."""
    return plain.row(_FIND, id=ident) is not None


def balance_of(plain: Plain, account: str) -> int:
    """Give what the entries of an account sum to."""
    found = plain.row(_BALANCE, account=account)
    return int(found[0]) if found else 0
