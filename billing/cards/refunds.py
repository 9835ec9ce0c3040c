"""Refunds, as they are booked: what is asked back leaves its wallet at once, and returns should it fail.

A refund that was made elsewhere is taken from the wallet as far as that reaches. Talking with the
processor is for `payments`; here is only what it comes to, each in the transaction it is given.
"""

import secrets
from dataclasses import dataclass

from billing import accounts
from billing.cards.payment import SUSPENSE, TOP_UP, Payment, payment_with
from billing.cards.processor import Refunded
from billing.ledger import Entry, Transaction, moved, post
from billing.money import Currency
from billing.plain import Plain, statement
from billing.wallets import Wallet, lots, taken_out, wallet_of

_ASK = statement(
    """INSERT INTO card_refunds (id, payment, micros, tax_micros, state, why, tries, at)
 VALUES (:id, :payment, :micros, :tax, 'asked', :why, 0, :at) ON CONFLICT (id) DO NOTHING"""
)
_STANDING = statement(
    """SELECT coalesce(sum(micros), 0), coalesce(sum(tax_micros), 0) FROM card_refunds
 WHERE payment = :payment AND state <> 'failed'"""
)
_TRIED = statement("UPDATE card_refunds SET tries = :tries WHERE id = :id")
_IS = statement("UPDATE card_refunds SET refund_id = :refund, state = :state WHERE id = :id")
_PAYMENT_OF = statement("SELECT payment FROM card_refunds WHERE id = :id")
_ASKED = statement(
    """SELECT r.id, p.intent_id, r.micros, r.refund_id, r.tries FROM card_refunds r
 JOIN card_payments p ON p.id = r.payment WHERE r.state IN ('asked', 'pending')"""
)
_ENTERED = statement("SELECT account, micros FROM ledger_entries WHERE transaction_id = :id ORDER BY n")
_ADD = statement("UPDATE wallets SET posted = posted + :micros WHERE id = :id")
_STATES = {"succeeded": "succeeded", "failed": "failed", "canceled": "failed"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A refund that was written down, to be asked for: so many minor units of a payment."""

    ident: str
    intent: str
    minor: int


@dataclass(frozen=True, slots=True)
class Open:
    """A refund that has not come to its end; `refund` is the processor's name for it, where that is known."""

    ident: str
    intent: str
    micros: int
    refund: str | None
    tries: int


def asked_back(plain: Plain, wallet: Wallet, why: str, currency: Currency, at: int) -> list[Asked]:
    """Take what is left of each payment out of a wallet, in whole cents; give what is to be asked for."""
    asked, left = [], wallet.posted - wallet.held
    for lot in lots(plain, wallet.ident):
        purpose, _, ident = lot.topup.partition(":")
        payment = payment_with(plain, ident) if purpose == TOP_UP else None
        minor, _ = currency.minor_of(min(lot.left, left))
        if payment is None or payment.intent_id is None or minor <= 0:
            continue
        refund, micros = secrets.token_hex(12), currency.micros_of_minor(minor)
        tax = _tax_beside(plain, payment, micros, currency)
        back = (*_taxes(tax), Entry(accounts.PROCESSOR, -micros - tax))
        entries = (Entry(accounts.wallet(wallet.ident), micros), *back)
        about = {"topup": lot.topup, "refund": refund}
        taken_out(plain, wallet, micros, Transaction(f"refund:{refund}", "refund", entries, about), at)
        plain.run(_ASK, id=refund, payment=ident, micros=micros + tax, tax=tax, why=why, at=at)
        asked.append(Asked(refund, payment.intent_id, currency.minor_of(micros + tax)[0]))
        left -= micros
    return asked


def _tax_beside(plain: Plain, payment: Payment, micros: int, currency: Currency) -> int:
    """Give the tax that goes back with a part of what a payment brought: with the last part, whatever is left of it."""
    if not payment.tax_micros:
        return 0
    total, tax = _standing(plain, payment)
    if micros == payment.micros - (total - tax):
        return payment.tax_micros - tax
    whole = micros * payment.total_micros // payment.micros // currency.minor_micros * currency.minor_micros
    return min(whole - micros, payment.tax_micros - tax)


def _tax_within(plain: Plain, payment: Payment, micros: int, currency: Currency) -> int:
    """Give how much of an amount that went back was tax: in proportion to all that went back so far, in whole cents."""
    if not payment.tax_micros:
        return 0
    total, tax = _standing(plain, payment)
    minor, whole = currency.minor_micros, payment.total_micros * currency.minor_micros
    by_now = (2 * payment.tax_micros * (total + micros) + whole) // (2 * whole) * minor
    return max(0, min(by_now, payment.tax_micros) - tax)


def _standing(plain: Plain, payment: Payment) -> tuple[int, int]:
    """Give what went back of a payment, and how much of it was tax."""
    total, tax = plain.row(_STANDING, payment=payment.ident) or (0, 0)
    return int(total), int(tax)


def _taxes(tax_micros: int) -> tuple[Entry, ...]:
    return (Entry(accounts.TAX, tax_micros),) if tax_micros else ()


def open_refunds(plain: Plain) -> list[Open]:
    """Give every refund that has not come to its end."""
    return [Open(*row) for row in plain.rows(_ASKED)]


def tried(plain: Plain, ident: str, tries: int) -> None:
    """Count a further try of asking for a refund."""
    plain.run(_TRIED, id=ident, tries=tries)


def refunded(plain: Plain, payment: Payment, found: Refunded, currency: Currency, at: int) -> None:
    """Book a refund as it stands, whoever asked for it; booked before, it only changes its state."""
    ident = found.metadata.get("refund", found.ident)
    state = _STATES.get(found.state, "pending")
    if not plain.rows(_ENTERED, id=f"refund:{ident}"):
        if state == "failed":
            return
        _post(plain, payment, ident, found.amount * currency.minor_micros, currency, at)
    plain.run(_IS, id=ident, refund=found.ident, state=state)
    if state == "failed":
        refund_failed(plain, ident, found.ident, at)


def refund_failed(plain: Plain, ident: str, refund: str | None, at: int) -> None:
    """Undo what a refund booked, to the micro: what left a wallet is in it again."""
    plain.run(_IS, id=ident, refund=refund, state="failed")
    entered = plain.rows(_ENTERED, id=f"refund:{ident}")
    entries = tuple(Entry(account, -micros) for account, micros in entered)
    payment = plain.row(_PAYMENT_OF, id=ident)
    about = {"refund": ident, "topup": f"{TOP_UP}:{payment[0] if payment else ''}"}
    if entries and post(plain, Transaction(f"refund-failed:{ident}", "refund", entries, about), at):
        for entry in entries:
            if entry.account.startswith(accounts.wallet("")):
                plain.run(_ADD, id=entry.account.rpartition(":")[2], micros=-entry.micros)


def taken_from(
    plain: Plain, payment: Payment, micros: int, credit: str, *, hers: int, tax: int = 0
) -> tuple[Entry, ...]:
    """Take an amount back from who paid it; what was spent already, and a tip, is the artist's to bear.

    `hers` of it can have been put into her wallet, so that no more is taken out; `tax` of it is not owed any more.
    """
    if payment.state == SUSPENSE:
        return moved(micros, debit=accounts.SUSPENSE, credit=credit)
    entries, left = [Entry(credit, -micros), *_taxes(tax)], micros - tax
    wallet = wallet_of(plain, payment.owner, to_change=True) if payment.purpose == TOP_UP else None
    if wallet is not None:
        part = min(hers, wallet.posted - wallet.held)
        if part > 0:
            plain.run(_ADD, id=wallet.ident, micros=-part)
            entries.append(Entry(accounts.wallet(wallet.ident), part))
            left -= part
    if left:
        entries.append(Entry(accounts.LOSSES, left))
    return tuple(entries)


def _post(plain: Plain, payment: Payment, ident: str, micros: int, currency: Currency, at: int) -> None:
    """Book a refund that was asked for elsewhere: of the wallet, as far as that reaches; the rest is lost."""
    about = {"topup": payment.name, "refund": ident}
    tax = _tax_within(plain, payment, micros, currency)
    entries = taken_from(plain, payment, micros, accounts.PROCESSOR, hers=micros - tax, tax=tax)
    post(plain, Transaction(f"refund:{ident}", "refund", entries, about), at)
    plain.run(_ASK, id=ident, payment=payment.ident, micros=micros, tax=tax, why="by the processor", at=at)
