"""Looks at every invariant of the money, and says in sentences what does not hold.

Nothing is mended here: what is wrong is for a person to see.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from billing import accounts
from billing.chain import broken_links
from billing.contracts import IsSignedBy, Snapshots
from billing.ledger import Entry, Transaction
from billing.plain import Plain, statement
from billing.receipts import is_signed

AT_ONCE = 2_000
_COLLECTING = ("top_up", "tip", "subscription", "refund")

_TRANSACTIONS = statement(
    """SELECT seq, id, kind, at, sha256, about FROM ledger_transactions WHERE seq > :after ORDER BY seq LIMIT :most"""
)
_ENTRIES = statement(
    """SELECT e.transaction_id, e.account, e.micros FROM ledger_entries e
 JOIN ledger_transactions t ON t.id = e.transaction_id WHERE t.seq > :after AND t.seq <= :last
 ORDER BY t.seq, e.n"""
)
_TOTALS = statement("SELECT account, sum(micros) FROM ledger_entries GROUP BY account ORDER BY account")
_ORPHANS = statement(
    """SELECT count(*) FROM ledger_entries e
 WHERE NOT EXISTS (SELECT 1 FROM ledger_transactions t WHERE t.id = e.transaction_id)"""
)
_WALLETS = statement("SELECT id, posted, held, gift, gift_held FROM wallets ORDER BY id")
_HELD = statement(
    """SELECT wallet, sum(micros), sum(gift_micros) FROM holds
 WHERE state = 'pending' AND wallet IS NOT NULL GROUP BY wallet"""
)
_CAPTURES = statement("SELECT id, captured FROM holds WHERE captured > 0")
_OWNED = statement("SELECT wallet, thing, paid FROM owned")
_RECEIPTS = statement("SELECT id, body, signature FROM receipts")
_TAXED = statement("SELECT coalesce(sum(tax_micros), 0) FROM card_payments")
_UNTAXED = statement("SELECT coalesce(sum(tax_micros), 0) FROM card_refunds WHERE state <> 'failed'")
_LEAVES = statement("SELECT count(*), coalesce(max(leaf), -1) FROM receipt_leaves")


@dataclass(slots=True)
class _Seen:
    """What the transactions said, to compare with what else is kept."""

    captured: dict[str, int]
    receipts: dict[str, tuple[int, dict[str, int]]]
    taxed: int
    about: defaultdict[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Audited:
    """How much was looked at, and what is wrong."""

    transactions: int
    wallets: int
    receipts: int
    wrong: tuple[str, ...]


def audit(snapshots: Snapshots, is_signed_by: IsSignedBy | None = None) -> Audited:
    """Look at everything in one snapshot. With `is_signed_by`, the receipts' signatures too."""
    with snapshots() as connection:
        return _audited(connection, is_signed_by)


def _audited(connection: Connection, is_signed_by: IsSignedBy | None) -> Audited:
    plain = Plain(connection)
    seen = _Seen({}, {}, 0, defaultdict(int))
    wrong: list[str] = []
    count = 0
    for transaction, said in _transactions(plain):
        count += 1
        wrong += _wrong_in(transaction, said)
        _remember(transaction, seen)
    wallets = plain.rows(_WALLETS)
    receipts = plain.rows(_RECEIPTS)
    wrong += _totals(plain)
    wrong += _wallets(plain, wallets)
    wrong += _holds(plain, seen)
    wrong += _things(plain, seen)
    wrong += _taxes(plain, seen)
    wrong += _receipts(receipts, seen, is_signed_by)
    wrong += broken_links(plain)
    leaves, last = plain.row(_LEAVES) or (0, -1)
    if leaves != last + 1:
        wrong.append("The public log of receipts has a gap.")
    return Audited(count, len(wallets), len(receipts), tuple(wrong))


def _transactions(plain: Plain) -> Iterator[tuple[Transaction, str]]:
    after = 0
    while rows := plain.rows(_TRANSACTIONS, after=after, most=AT_ONCE):
        entries: defaultdict[str, list[Entry]] = defaultdict(list)
        for ident, account, micros in plain.rows(_ENTRIES, after=after, last=rows[-1][0]):
            entries[ident].append(Entry(account, micros))
        for _, ident, kind, _, sha256, about in rows:
            yield Transaction(ident, kind, tuple(entries[ident]), _read(about)), sha256
        after = rows[-1][0]


def _read(text: str) -> dict[str, Any]:
    """Read what somebody may have spoilt; nothing at all is then what it says."""
    try:
        said = json.loads(text)
    except ValueError:
        said = None
    return said if isinstance(said, dict) else {}


def _wrong_in(transaction: Transaction, sha256: str) -> Iterator[str]:
    if sum(entry.micros for entry in transaction.entries) or len(transaction.entries) < 2:
        yield f"Transaction {transaction.ident} does not balance."
    if transaction.sha256 != sha256:
        yield f"Transaction {transaction.ident} is not what was posted."


def _remember(transaction: Transaction, seen: _Seen) -> None:
    about = transaction.about
    paid = sum(entry.micros for entry in transaction.entries if entry.micros > 0)
    if transaction.kind in _COLLECTING:
        seen.taxed -= sum(entry.micros for entry in transaction.entries if entry.account == accounts.TAX)
    if transaction.kind == "capture":
        seen.captured[transaction.ident.removeprefix("capture:")] = paid
    if "receipt" in about:
        earned = {entry.account: -entry.micros for entry in transaction.entries if entry.micros < 0}
        seen.receipts[str(about["receipt"])] = paid, earned
    if "thing" in about:
        wallet = next(entry.account for entry in transaction.entries if entry.micros > 0).rpartition(":")[2]
        seen.about[wallet, str(about["thing"])] += paid


def _totals(plain: Plain) -> Iterator[str]:
    totals = plain.rows(_TOTALS)
    if sum(int(total) for _, total in totals):
        yield "The whole ledger does not balance."
    if (orphans := plain.row(_ORPHANS)) and orphans[0]:
        yield f"{orphans[0]} entries belong to no transaction."


def _wallets(plain: Plain, wallets: list[tuple[str, int, int, int, int]]) -> Iterator[str]:
    totals = {account: int(total) for account, total in plain.rows(_TOTALS)}
    held = {wallet: (int(micros), int(gift)) for wallet, micros, gift in plain.rows(_HELD)}
    for ident, posted, set_aside, gift, gift_held in wallets:
        if posted != -totals.get(accounts.wallet(ident), 0) or gift != -totals.get(accounts.gift(ident), 0):
            yield f"Wallet {ident} does not hold what its entries come to."
        if (set_aside, gift_held) != held.get(ident, (0, 0)):
            yield f"Wallet {ident} has another amount set aside than its holds."


def _holds(plain: Plain, seen: _Seen) -> Iterator[str]:
    captures = dict(plain.rows(_CAPTURES))
    for ident in captures.keys() | seen.captured.keys():
        if captures.get(ident) != seen.captured.get(ident):
            yield f"Hold {ident} was captured otherwise than the ledger says."


def _things(plain: Plain, seen: _Seen) -> Iterator[str]:
    counted = {(wallet, thing): paid for wallet, thing, paid in plain.rows(_OWNED)}
    for wallet, thing in counted.keys() | seen.about.keys():
        if counted.get((wallet, thing), 0) != seen.about.get((wallet, thing), 0):
            yield f"Wallet {wallet} paid another amount about {thing} than is counted."


def _taxes(plain: Plain, seen: _Seen) -> Iterator[str]:
    """What was collected and not given back is owed, to the micro; what was paid on is another kind."""
    (collected,), (given_back,) = plain.row(_TAXED) or (0,), plain.row(_UNTAXED) or (0,)
    if seen.taxed != int(collected) - int(given_back):
        yield "Another amount of tax is owed than was collected and not given back."


def _receipts(receipts: list[tuple[str, str, str]], seen: _Seen, is_signed_by: IsSignedBy | None) -> Iterator[str]:
    told = set()
    for ident, body, signature in receipts:
        said = _read(body)
        shares = said.get("shares", ())
        earned = {accounts.ANSWERS if p == "artist" else accounts.payable(p): micros for p, micros in shares}
        told.add(ident)
        paid, credited = seen.receipts.get(ident, (None, {}))
        if said.get("micros") != paid or (said.get("kind") == "capture" and earned != credited):
            yield f"Receipt {ident} says another thing than the ledger."
        if is_signed_by is not None and not is_signed(body, signature, str(said.get("iss")), is_signed_by):
            yield f"The signature of receipt {ident} does not hold."
    for ident in seen.receipts.keys() - told:
        yield f"Receipt {ident} is gone."
