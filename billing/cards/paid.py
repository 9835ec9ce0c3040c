"""What a payment brought, as it is booked once it is paid: into a wallet, as a tip, or into suspense; and its fee."""

from billing import accounts
from billing.cards.alarms import alarm, untaxed
from billing.cards.payment import PAID, SUSPENSE, TIP, Payment, became, payment_with, taxed, written
from billing.cards.processor import Checkout
from billing.ledger import Entry, Transaction, moved, post
from billing.money import Currency
from billing.plain import Plain, statement
from billing.shares import ARTIST
from billing.splits import divide
from billing.wallets import opened, paid_in

_PAID = statement(
    """UPDATE card_payments SET state = :state, intent_id = :intent, session_id = :session, paid_at = :at,
 micros = :micros, tax_micros = :tax
 WHERE id = :id AND paid_at IS NULL"""
)
_FEE = statement("UPDATE card_payments SET fee_micros = :fee WHERE id = :id AND fee_micros IS NULL")


def booked(plain: Plain, ident: str, page: Checkout, currency: Currency, at: int) -> None:
    """Book a payment as its page stands; what was booked of it before stays. `at` in Unix milliseconds."""
    payment = payment_with(plain, ident)
    if payment is None:  # the database is from before: the processor knows more
        micros = currency.micros_of_minor(page.amount - page.tax)
        written(plain, ident, page.metadata["owner"], page.metadata["purpose"], micros, at)
        payment = payment_with(plain, ident)
    if page.is_over and not page.is_paid:
        became(plain, ident, "expired")
    if payment is None or not page.is_paid:
        return
    _post(plain, payment, page, currency, at)
    if page.charge is not None and page.charge.fee is not None:
        post_fee(plain, ident, page.charge.fee * currency.minor_micros, at)


def post_fee(plain: Plain, ident: str, fee_micros: int, at: int) -> None:
    """Book what the processor really took of a payment, once."""
    if fee_micros and plain.run(_FEE, id=ident, fee=fee_micros):
        entries = moved(fee_micros, debit=accounts.FEES, credit=accounts.PROCESSOR)
        post(plain, Transaction(f"fee:{ident}", "fee", entries, {"payment": ident}), at)


def _post(plain: Plain, payment: Payment, page: Checkout, currency: Currency, at: int) -> None:
    total, tax = page.amount * currency.minor_micros, page.tax * currency.minor_micros
    net = total - tax  # tax is on top of what was asked for, or within it
    is_right = page.currency == currency.code and payment.micros in (net, total)
    row = {"id": payment.ident, "intent": page.intent, "session": page.ident, "at": at}
    row |= {"state": PAID, "micros": net, "tax": tax} if is_right else {"state": SUSPENSE, "micros": total, "tax": 0}
    if not plain.run(_PAID, **row):
        return
    about, name, paid = {"payment": payment.ident}, payment.name, Entry(accounts.PROCESSOR, total)
    if not is_right:
        entries = moved(total, debit=accounts.PROCESSOR, credit=accounts.SUSPENSE)
        post(plain, Transaction(name, "suspense", entries, about), at)
        alarm(plain, name, f"Payment {payment.ident} came with another amount or currency than asked for.", at)
    elif payment.purpose == TIP:
        post(plain, Transaction(name, "tip", (paid, *taxed(tax), *_tipped(plain, net)), about), at)
    else:
        wallet = opened(plain, payment.owner, at)
        credited = (paid, *taxed(tax), Entry(accounts.wallet(wallet.ident), -net))
        paid_in(plain, wallet, net, Transaction(name, "top_up", credited, about), at)
    if not page.is_taxed:
        untaxed(plain, payment.ident, at)


def _tipped(plain: Plain, micros: int) -> tuple[Entry, ...]:
    parts = divide(plain, micros, ()).parts
    return tuple(
        Entry(accounts.TIPS if party == ARTIST else accounts.payable(party), -part) for party, part in parts.items()
    )
