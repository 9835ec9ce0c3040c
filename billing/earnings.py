"""What came in, and from what: the ledger of a while, sale by sale and in sums, to the last micro.

Earned is what answers, tips and subscriptions brought, tax aside: the artist's part and what her collaborators
have of it. Part of an answer may be paid out of credit that she gave: nobody paid that in.
"""

import json
from dataclasses import dataclass

from billing import accounts
from billing.plain import Plain, statement

_SALES = statement(
    """SELECT t.id, t.kind, t.at, t.about,
 sum(CASE WHEN substr(e.account, 1, 7) = 'income:' THEN -e.micros ELSE 0 END),
 sum(CASE WHEN substr(e.account, 1, 20) = 'liabilities:payable:' THEN -e.micros ELSE 0 END),
 sum(CASE WHEN substr(e.account, 1, 18) = 'liabilities:gifts:' THEN e.micros ELSE 0 END)
 FROM ledger_transactions t JOIN ledger_entries e ON e.transaction_id = t.id
 WHERE t.kind IN ('capture', 'tip', 'subscription') AND t.at >= :since AND t.at < :until
 GROUP BY t.seq, t.id, t.kind, t.at, t.about ORDER BY t.seq"""
)
_SUMS = statement(
    """SELECT coalesce(sum(CASE WHEN substr(e.account, 1, 7) = 'income:' THEN -e.micros ELSE 0 END), 0),
 coalesce(sum(CASE WHEN substr(e.account, 1, 20) = 'liabilities:payable:' THEN -e.micros ELSE 0 END), 0)
 FROM ledger_transactions t JOIN ledger_entries e ON e.transaction_id = t.id
 WHERE t.kind IN ('capture', 'tip', 'subscription') AND t.at >= :since AND t.at < :until"""
)
_MOVED = statement(
    """SELECT coalesce(sum(e.micros), 0) FROM ledger_entries e JOIN ledger_transactions t ON t.id = e.transaction_id
 WHERE e.account = :account AND t.at >= :since AND t.at < :until"""
)
_TOTALS = statement("SELECT account, sum(micros) FROM ledger_entries GROUP BY account")
_PAID_OUT = statement(
    """SELECT coalesce(sum(-e.micros), 0) FROM ledger_entries e JOIN ledger_transactions t ON t.id = e.transaction_id
 WHERE e.account = :account AND t.kind = 'payout'"""
)
_FIRST = statement("SELECT min(at) FROM ledger_transactions")
_CAPTURE = "capture:"


@dataclass(frozen=True, slots=True)
class Earned:
    """One sale, in micros: `hers` and `shared` are the parts of the artist and of her collaborators.

    `given` of it came out of credit that the artist gave; `at` is in Unix milliseconds.
    """

    ident: str
    kind: str
    at: int
    act: str
    receipt: str
    hers: int
    shared: int
    given: int

    @property
    def whole(self) -> int:
        """What it brought in all."""
        return self.hers + self.shared

    @property
    def question(self) -> str | None:
        """Which question it answered; tips and subscriptions answer none."""
        return self.ident.removeprefix(_CAPTURE) if self.kind == "capture" else None


@dataclass(frozen=True, slots=True)
class Sums:
    """What was earned in a while, in micros, and what it cost."""

    hers: int
    shared: int
    processor: int
    lost: int

    @property
    def whole(self) -> int:
        """What was earned in all."""
        return self.hers + self.shared


@dataclass(frozen=True, slots=True)
class Stock:
    """Where the money lies now and whose it is, in micros.

    `with_processor`, `disputed` and `at_bank` are what there is; `paid_out` came to the bank so far. `in_wallets` is
    what listeners paid in and have not spent, `for_collaborators` what they earned and were not paid, `tax` and
    `unknown` what belongs to the tax office and to nobody known yet. `taken` is all that the processor ever took.
    """

    with_processor: int
    at_bank: int
    disputed: int
    paid_out: int
    in_wallets: int
    for_collaborators: int
    tax: int
    unknown: int
    taken: int


def sales(plain: Plain, since: int, until: int) -> list[Earned]:
    """Give what was sold from one moment to another (Unix milliseconds, the last one not within), the oldest first."""
    rows = plain.rows(_SALES, since=since, until=until)
    return [_earned(*row) for row in rows]


def sums(plain: Plain, since: int, until: int) -> Sums:
    """Sum up the same while, with what the processor took and what was lost to disputes in it."""
    hers, shared = plain.row(_SUMS, since=since, until=until) or (0, 0)
    spent = {
        account: int((plain.row(_MOVED, account=account, since=since, until=until) or (0,))[0])
        for account in (accounts.FEES, accounts.LOSSES)
    }
    return Sums(int(hers), int(shared), spent[accounts.FEES], spent[accounts.LOSSES])


def stock(plain: Plain) -> Stock:
    """Say where the money lies."""
    totals = {str(account): int(total) for account, total in plain.rows(_TOTALS)}

    def owed(begins: str) -> int:
        return -sum(total for account, total in totals.items() if account.startswith(begins))

    paid_out = plain.row(_PAID_OUT, account=accounts.PROCESSOR) or (0,)
    return Stock(
        totals.get(accounts.PROCESSOR, 0),
        totals.get(accounts.BANK, 0),
        totals.get(accounts.DISPUTED, 0),
        int(paid_out[0]),
        owed(accounts.wallet("")),
        owed(accounts.payable("")),
        owed(accounts.TAX),
        owed(accounts.SUSPENSE),
        totals.get(accounts.FEES, 0),
    )


def first_posted(plain: Plain) -> int | None:
    """Give the time of the first thing that was ever booked, in Unix milliseconds."""
    row = plain.row(_FIRST)
    return None if row is None or row[0] is None else int(row[0])


def _earned(ident: str, kind: str, at: int, about: str, hers: int, shared: int, given: int) -> Earned:
    said = json.loads(about)
    act, receipt = str(said.get("act", "")), str(said.get("receipt", ""))
    return Earned(ident, kind, at, act, receipt, int(hers), int(shared), int(given))
