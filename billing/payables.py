"""What collaborators have earned and were not paid, and paying it out in whole minor units.

The payment itself happens elsewhere, by bank or by hand; here it is booked with a word of proof. Micros
that do not make a cent stay on the account for the next time.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection

from billing import accounts
from billing.contracts import Snapshots, WriteLane
from billing.errors import NotEnough, SplitWrong
from billing.ledger import Transaction, balance_of, moved, post
from billing.money import Currency
from billing.plain import Plain, statement

PROOF_CHARS_MAX = 200

_KNOWN = statement("SELECT 1 FROM parties WHERE id = :id")
_PAID = statement("SELECT micros FROM ledger_entries WHERE transaction_id = :id AND account = :account")
_PAYOUTS = statement(
    """SELECT t.at, t.about, e.micros FROM ledger_transactions t JOIN ledger_entries e ON e.transaction_id = t.id
 WHERE t.kind = 'payout' AND substr(e.account, 1, 20) = 'liabilities:payable:' ORDER BY t.seq DESC LIMIT :most"""
)
# One payout at a time for each collaborator; SQLite has one writer anyway.
_IN_TURN = statement("SELECT 1", postgresql="SELECT 1 FROM parties WHERE id = :id FOR UPDATE")


@dataclass(frozen=True, slots=True)
class PaidOut:
    """What a collaborator was paid, when (Unix milliseconds), and the artist's word of proof."""

    party: str
    at: int
    micros: int
    proof: str


class Payables:
    """What is owed to collaborators. Thread-safe."""

    def __init__(self, snapshots: Snapshots, lane: WriteLane, currency: Currency, now: Callable[[], float]) -> None:
        self._snapshots = snapshots
        self._lane = lane
        self._currency = currency
        self._now = now

    def owed(self, party: str) -> int:
        """Give what a collaborator has earned and was not paid, in micros."""
        with self._snapshots() as connection:
            return -balance_of(Plain(connection), accounts.payable(party))

    def paid(self, most: int) -> list[PaidOut]:
        """Give the newest payments to collaborators."""
        with self._snapshots() as connection:
            rows = Plain(connection).rows(_PAYOUTS, most=most)
        return [_paid(int(at), json.loads(about), int(micros)) for at, about, micros in rows]

    def pay_out(self, party: str, ident: str, *, proof: str, minor: int | None = None) -> int:
        """Book what was paid to a collaborator, once for each id: all that makes whole minor units, if none are said.

        Gives the minor units. Raises `NotEnough` for more than she has earned, `SplitWrong` for nobody.
        """
        if not 0 < len(proof) <= PROOF_CHARS_MAX:
            raise SplitWrong(f"Say in at most {PROOF_CHARS_MAX} characters how it was paid.")
        if minor is not None and minor <= 0:
            raise SplitWrong("What is paid out is above nothing.")

        def pay(owner: Connection) -> int:
            plain = Plain(owner)
            if plain.row(_KNOWN, id=party) is None:
                raise SplitWrong("There is no such collaborator.")
            plain.row(_IN_TURN, id=party)
            earlier = plain.row(_PAID, id=name, account=accounts.payable(party))
            if earlier is not None:
                return self._currency.minor_of(int(earlier[0]))[0]
            owed = -balance_of(plain, accounts.payable(party))
            whole = self._currency.minor_of(owed)[0]
            paid = whole if minor is None else minor
            if paid > whole or paid <= 0:
                raise NotEnough(
                    self._currency.micros_of_minor(paid) if paid > 0 else 0, owed, "So much has not been earned."
                )
            micros = self._currency.micros_of_minor(paid)
            entries = moved(micros, debit=accounts.payable(party), credit=accounts.BANK)
            post(plain, Transaction(name, "payout", entries, {"proof": proof, "party": party}), int(self._now() * 1000))
            return paid

        name = f"paid:{party}:{ident}"
        return self._lane.run(pay)


def _paid(at: int, about: dict[str, str], micros: int) -> PaidOut:
    return PaidOut(about["party"], at, micros, about["proof"])
