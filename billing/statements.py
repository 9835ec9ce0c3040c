"""What a collaborator has earned, by month: her own account of the ledger, to the last micro."""

from dataclasses import dataclass
from datetime import UTC, datetime

from billing import accounts
from billing.contracts import Snapshots
from billing.plain import Plain, statement

_ENTRIES = statement(
    """SELECT t.at, e.micros FROM ledger_entries e JOIN ledger_transactions t ON t.id = e.transaction_id
 WHERE e.account = :account ORDER BY t.seq, e.n"""
)


@dataclass(frozen=True, slots=True)
class Month:
    """A month (UTC), such as 2026-11: what was earned in it, and what was paid out."""

    name: str
    earned: int
    paid_out: int


@dataclass(frozen=True, slots=True)
class Earned:
    """The months, the newest first; `owed` is what was earned and not paid out so far."""

    months: tuple[Month, ...]
    owed: int


def earned_by(snapshots: Snapshots, party: str) -> Earned:
    """Sum a collaborator's account by month."""
    with snapshots() as connection:
        rows = Plain(connection).rows(_ENTRIES, account=accounts.payable(party))
    months: dict[str, Month] = {}
    for at, micros in rows:
        name = datetime.fromtimestamp(at / 1000, UTC).strftime("%Y-%m")
        before = months.get(name, Month(name, 0, 0))
        months[name] = Month(name, before.earned + max(0, -micros), before.paid_out + max(0, micros))
    newest_first = tuple(months[name] for name in sorted(months, reverse=True))
    return Earned(newest_first, -sum(micros for _, micros in rows))
