"""Disputes and warnings of fraud, as they are booked: what they moved, and whether a wallet is open."""

from billing import accounts
from billing.cards.alarms import alarm, was_told
from billing.cards.payment import Payment
from billing.cards.processor import Disputed, Moved
from billing.cards.refunds import taken_from
from billing.ledger import Entry, Transaction, is_posted, post
from billing.money import Currency
from billing.plain import Plain, statement
from billing.wallets import wallet_of

OPEN = ("needs_response", "under_review", "warning_needs_response", "warning_under_review")
LOST = "lost"
DISPUTED = "one of its payments is disputed"
SUSPECTED = "one of its payments may be a fraud"

_DISPUTE = statement(
    """INSERT INTO card_disputes (id, payment, state, at) VALUES (:id, :payment, :state, :at)
 ON CONFLICT (id) DO UPDATE SET state = excluded.state"""
)
_ARE_OPEN = statement(
    """SELECT count(*) FROM card_disputes d JOIN card_payments p ON p.id = d.payment
 WHERE p.owner = :owner AND d.state IN ('needs_response', 'under_review', 'warning_needs_response',
 'warning_under_review')"""
)
_FREEZE = statement("UPDATE wallets SET frozen_because = :why WHERE id = :id")


def disputed(plain: Plain, payment: Payment, found: Disputed, currency: Currency, at: int) -> None:
    """Book a dispute as it stands; what was booked of it before stays."""
    for movement in found.moved:
        entries = _entries(movement, currency.minor_micros)
        if entries:
            about = {"dispute": found.ident, "payment": payment.ident}
            post(plain, Transaction(f"dispute:{movement.ident}", "dispute", entries, about), at)
    if found.state == LOST and not is_posted(plain, f"dispute-lost:{found.ident}"):
        lost = balance_of_dispute(found, currency.minor_micros)
        if lost > 0:
            hers = lost * payment.micros // payment.total_micros  # the tax office is asked by the artist, not by us
            entries = taken_from(plain, payment, lost, accounts.DISPUTED, hers=hers)
            about = {"dispute": found.ident, "topup": payment.name}
            post(plain, Transaction(f"dispute-lost:{found.ident}", "dispute", entries, about), at)
    plain.run(_DISPUTE, id=found.ident, payment=payment.ident, state=found.state, at=at)
    _freeze_or_thaw(plain, payment)
    if found.state in OPEN:
        alarm(plain, f"dispute:{found.ident}", f"Payment {payment.ident} is disputed. Answer it at Stripe.", at)


def warned(plain: Plain, payment: Payment, warning: str, at: int) -> None:
    """Close the wallet of a payment that is said to be a fraud, once; the artist may open it again."""
    wallet = wallet_of(plain, payment.owner, to_change=True)
    if wallet is not None and wallet.frozen_because is None and not was_told(plain, warning):
        plain.run(_FREEZE, id=wallet.ident, why=SUSPECTED)
    sentence = f"Payment {payment.ident} may be a fraud, says the bank. Pay it back before it is disputed."
    alarm(plain, warning, sentence, at)


def balance_of_dispute(found: Disputed, minor_micros: int) -> int:
    """Give what a dispute has taken and not given back, in micros, fees aside."""
    return -sum(one.amount for one in found.moved) * minor_micros


def _freeze_or_thaw(plain: Plain, payment: Payment) -> None:
    wallet = wallet_of(plain, payment.owner)
    if wallet is None:
        return
    is_open = (plain.row(_ARE_OPEN, owner=payment.owner) or (0,))[0]
    if is_open:
        plain.run(_FREEZE, id=wallet.ident, why=DISPUTED)
    elif wallet.frozen_because == DISPUTED:
        plain.run(_FREEZE, id=wallet.ident, why=None)


def _entries(movement: Moved, minor_micros: int) -> tuple[Entry, ...]:
    amount, fee = movement.amount * minor_micros, movement.fee * minor_micros
    entries = (Entry(accounts.DISPUTED, -amount), Entry(accounts.FEES, fee), Entry(accounts.PROCESSOR, amount - fee))
    return tuple(entry for entry in entries if entry.micros)
