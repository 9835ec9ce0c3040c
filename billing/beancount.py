"""The ledger as a Beancount file: every account, transaction and entry, to the micro.

Another program (`bean-check`) then says whether the books balance.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

from billing.contracts import Snapshots
from billing.money import MICRO_DIGITS, MICROS, Currency
from billing.plain import Plain, statement

AT_ONCE = 2_000
DAY_MILLIS = 24 * 3600 * 1000

# A clock may have been set back: what was entered before its account was opened opens it.
_ACCOUNTS = statement(
    """SELECT a.name, a.opened_at, min(t.at) FROM ledger_accounts a
 LEFT JOIN ledger_entries e ON e.account = a.name LEFT JOIN ledger_transactions t ON t.id = e.transaction_id
 GROUP BY a.name, a.opened_at ORDER BY a.name"""
)
_LAST = statement("SELECT max(at) FROM ledger_transactions")
_TRANSACTIONS = statement(
    "SELECT seq, id, kind, at, about FROM ledger_transactions WHERE seq > :after ORDER BY seq LIMIT :most"
)
_ENTRIES = statement(
    """SELECT e.transaction_id, e.account, e.micros FROM ledger_entries e
 JOIN ledger_transactions t ON t.id = e.transaction_id WHERE t.seq > :after AND t.seq <= :last ORDER BY t.seq, e.n"""
)
_BALANCES = statement("SELECT account, sum(micros) FROM ledger_entries GROUP BY account ORDER BY account")


def exported(snapshots: Snapshots, currency: Currency, at: float) -> Iterator[str]:
    """Give the lines of the file, with a balance of every account at the end; `at` in Unix seconds."""
    unit = currency.code.upper()
    with snapshots() as connection:
        plain = Plain(connection)
        yield f'option "operating_currency" "{unit}"'
        yield f'option "inferred_tolerance_default" "{unit}:0"'
        yield ""
        for name, opened_at, entered_at in plain.rows(_ACCOUNTS):
            yield f"{_day(min(opened_at, entered_at or opened_at))} open {account_name(name)} {unit}"
        yield from _transactions(plain, unit)
        (last,) = plain.row(_LAST) or (0,)
        tomorrow = _day(max(int(at * 1000), last or 0) + DAY_MILLIS)
        for account, total in plain.rows(_BALANCES):
            yield f"{tomorrow} balance {account_name(account)} {_amount(int(total))} ~ 0 {unit}"


def account_name(name: str) -> str:
    """Name an account as Beancount does: `Liabilities:Wallets:…`."""
    return ":".join(part[:1].upper() + part[1:] for part in name.split(":"))


def _transactions(plain: Plain, unit: str) -> Iterator[str]:
    after = 0
    while rows := plain.rows(_TRANSACTIONS, after=after, most=AT_ONCE):
        entries: dict[str, list[str]] = {}
        for ident, account, micros in plain.rows(_ENTRIES, after=after, last=rows[-1][0]):
            entries.setdefault(ident, []).append(f"  {account_name(account)}  {_amount(micros)} {unit}")
        for seq, ident, kind, at, about in rows:
            yield ""
            yield f'{_day(at)} * "{kind}" {json.dumps(ident)}'
            yield f"  seq: {seq}"
            for name, value in sorted(json.loads(about).items()):
                yield f"  {name.replace('_', '-')}: {json.dumps(str(value))}"
            yield from entries.get(ident, ())
        after = rows[-1][0]


def _day(millis: int) -> str:
    return datetime.fromtimestamp(millis / 1000, UTC).strftime("%Y-%m-%d")


def _amount(micros: int) -> str:
    whole, fraction = divmod(abs(micros), MICROS)
    return f"{'-' if micros < 0 else ''}{whole}.{fraction:0{MICRO_DIGITS}d}"
