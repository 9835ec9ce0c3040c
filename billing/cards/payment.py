"""A payment from outside, as it is written down here: before the processor is asked for it."""

from dataclasses import dataclass

from billing import accounts
from billing.ledger import Entry
from billing.plain import Plain, statement

TOP_UP, TIP = "top_up", "tip"
PAID, SUSPENSE = "paid", "suspense"
_COLUMNS = "id, owner, purpose, micros, state, session_id, intent_id, url, fee_micros, created_at, paid_at, tax_micros"

_FIND = statement(f"SELECT {_COLUMNS} FROM card_payments WHERE id = :id")
_BY_INTENT = statement(f"SELECT {_COLUMNS} FROM card_payments WHERE intent_id = :intent")
_OF_OWNER = statement(f"SELECT {_COLUMNS} FROM card_payments WHERE owner = :owner ORDER BY created_at")
_WRITE = statement(
    """INSERT INTO card_payments (id, owner, purpose, micros, state, created_at)
 VALUES (:id, :owner, :purpose, :micros, 'created', :at) ON CONFLICT (id) DO NOTHING"""
)
_OPEN = statement(f"SELECT {_COLUMNS} FROM card_payments WHERE state = 'created' AND created_at <= :before")
_WITHOUT_FEE = statement(
    f"""SELECT {_COLUMNS} FROM card_payments
 WHERE state = 'paid' AND fee_micros IS NULL AND session_id IS NOT NULL"""
)
_BECAME = statement("UPDATE card_payments SET state = :state WHERE id = :id AND state = 'created'")


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment from outside; `fee_micros` is what the processor took, when it is known.

    Once it is paid, `micros` is what it brought without `tax_micros`, which were collected beside it.
    """

    ident: str
    owner: str
    purpose: str
    micros: int
    state: str
    session_id: str | None
    intent_id: str | None
    url: str | None
    fee_micros: int | None
    created_at: int
    paid_at: int | None
    tax_micros: int = 0

    @property
    def total_micros(self) -> int:
        """What the card paid, tax and all."""
        return self.micros + self.tax_micros

    @property
    def name(self) -> str:
        """The id of the transaction that it was posted by."""
        return f"{self.purpose}:{self.ident}"


def taxed(tax_micros: int) -> tuple[Entry, ...]:
    """Give the entry of tax that was collected: it is owed to others, and never anybody's income here."""
    return (Entry(accounts.TAX, -tax_micros),) if tax_micros else ()


def payment_with(plain: Plain, ident: str) -> Payment | None:
    """Find a payment, by our name for it or its invoice's."""
    row = plain.row(_FIND, id=ident)
    return None if row is None else Payment(*row)


def payment_by(plain: Plain, intent: str) -> Payment | None:
    """Find a payment by the processor's name for it."""
    row = plain.row(_BY_INTENT, intent=intent)
    return None if row is None else Payment(*row)


def payments_of(plain: Plain, owner: str) -> list[Payment]:
    """Give a listener's payments, the oldest first."""
    return [Payment(*row) for row in plain.rows(_OF_OWNER, owner=owner)]


def to_look_at(plain: Plain, before: int) -> list[Payment]:
    """Give what was begun before a time (Unix milliseconds) and is open still, or whose fee was not known yet."""
    return [Payment(*row) for row in (*plain.rows(_OPEN, before=before), *plain.rows(_WITHOUT_FEE))]


def written(plain: Plain, ident: str, owner: str, purpose: str, micros: int, at: int) -> None:
    """Write a payment down; one that is there already stays as it is."""
    plain.run(_WRITE, id=ident, owner=owner, purpose=purpose, micros=micros, at=at)


def became(plain: Plain, ident: str, state: str) -> None:
    """Say what became of a payment that was only begun."""
    plain.run(_BECAME, id=ident, state=state)
