"""Subscriptions: a tier by the month or the year, by card or from the wallet.

By card, the processor keeps the clock; what it says last holds. From the wallet, this node does. Either
way somebody is entitled to the end of what she paid for and was not paid back, and `entitle` is told of it;
when it is over, and some days of grace, `lapse` is. Nothing that she paid into her wallet is touched by that.
"""

import calendar
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from sqlalchemy import Connection

from billing import accounts
from billing.cards.alarms import twice, untaxed
from billing.cards.entitlements import Entitle, Entitlements, bought
from billing.cards.errors import CardsRefused
from billing.cards.paid import post_fee
from billing.cards.payment import Payment, taxed
from billing.cards.payments import Cards, each_of
from billing.cards.processor import Invoiced, Subscribed
from billing.errors import NotEnough, WalletFrozen
from billing.ledger import Entry, Transaction, moved, post
from billing.plain import Plain, statement
from billing.shares import ARTIST
from billing.splits import divide
from billing.wallets import Wallet, opened, taken_out, wallet_of

MONTH, YEAR = "month", "year"
MONTHS = {MONTH: 1, YEAR: 12}
PURPOSE = "subscription"
LIVE = ("active", "trialing", "past_due")
TRY_AGAIN_S = 24 * 3600
GRACE_S = 3 * 24 * 3600
HAS_ONE = "You have a subscription already. End it first, or let it run out."

_COLUMNS = "id, owner, every, micros, gift_micros, paid_by, state, processor_id, customer, period_end, ends, created_at"
_WRITE = statement(
    """INSERT INTO subscriptions (id, owner, every, micros, gift_micros, paid_by, state, period_end, ends, tries_at,
 created_at) VALUES (:id, :owner, :every, :micros, :gift, :by, 'created', 0, 0, 0, :at) ON CONFLICT (id) DO NOTHING"""
)
_FIND = statement(f"SELECT {_COLUMNS} FROM subscriptions WHERE id = :id")
_OF_OWNER = statement(f"SELECT {_COLUMNS} FROM subscriptions WHERE owner = :owner ORDER BY created_at DESC, id")
_IS = statement(
    """UPDATE subscriptions SET state = :state, processor_id = :processor, customer = :customer, ends = :ends
 WHERE id = :id"""
)
_PAID_TO = statement("UPDATE subscriptions SET period_end = :end WHERE id = :id AND period_end < :end")
_ENDS = statement("UPDATE subscriptions SET ends = :ends WHERE id = :id")
_STATE = statement(
    """UPDATE subscriptions SET state = :state, period_end = :period_end, tries_at = :tries
 WHERE id = :id AND state = :before AND period_end = :paid_to AND ends = :ends"""
)
_DUE = statement(
    f"""SELECT {_COLUMNS} FROM subscriptions WHERE paid_by = 'wallet' AND state IN ('active', 'past_due')
 AND period_end <= :now AND tries_at <= :now"""
)
_OVER = statement(
    f"""SELECT {_COLUMNS} FROM subscriptions WHERE has_lapsed = 0 AND period_end > 0 AND period_end <= :before
 AND state NOT IN ('created', 'active', 'trialing', 'past_due')"""
)
_BEHIND = statement(f"SELECT {_COLUMNS} FROM subscriptions WHERE state = 'past_due' ORDER BY created_at, id")
_LAPSED = statement("UPDATE subscriptions SET has_lapsed = 1 WHERE id = :id")
_PAYMENT = statement(
    """INSERT INTO card_payments (id, owner, purpose, micros, tax_micros, state, intent_id, created_at, paid_at)
 VALUES (:id, :owner, 'subscription', :micros, :tax, 'paid', :intent, :at, :at) ON CONFLICT (id) DO NOTHING"""
)
_WITHOUT_FEE = statement(
    "SELECT id FROM card_payments WHERE purpose = 'subscription' AND state = 'paid' AND fee_micros IS NULL"
)
_GIVE = statement("UPDATE wallets SET gift = gift + :micros, gift_expires_at = :until WHERE id = :id")


@dataclass(frozen=True, slots=True)
class Subscription:
    """A subscription as it stands; `ends`: it is not renewed; `period_end`: it is paid to there (Unix seconds)."""

    ident: str
    owner: str
    every: str
    micros: int
    gift_micros: int
    paid_by: str
    state: str
    processor_id: str | None
    customer: str | None
    period_end: int
    ends: int
    created_at: int

    @property
    def is_live(self) -> bool:
        return self.state in LIVE


class Subscriptions:
    """Subscriptions of a node. `cards` is asked for those by card; those from the wallet need nobody."""

    def __init__(self, cards: Cards, entitle: Entitle, lapse: Callable[[str], None] = lambda _owner: None) -> None:
        self._cards = cards
        self._entitlements = Entitlements(cards, entitle)
        self._lapse = lapse
        cards.find_elsewhere = self._payment_of
        cards.looked_at = self._looked_at
        cards.look_at_invoice = self.look_at_invoice

    def begin(self, owner: str, every: str, minor: int, *, name: str, back: str, gift_micros: int = 0) -> str:
        """Open the processor's page for a subscription; give its address. Raises `CardsRefused`, `CardsAway`."""
        self._check_new(owner, every)
        ident, micros = secrets.token_hex(12), self._cards.currency.micros_of_minor(minor)
        self._write(ident, owner, every, micros, gift_micros, "card")
        metadata = {"subscription": ident, "owner": owner, "every": every, "node": self._cards.node()}
        metadata["gift"] = str(gift_micros)
        page = self._cards.processor.open_subscription(
            ident,
            amount=minor,
            currency=self._cards.currency.code,
            every=every,
            name=name,
            metadata=metadata,
            back=back,
        )
        return page.url or back

    def begin_from_wallet(self, owner: str, every: str, micros: int, *, gift_micros: int = 0) -> Subscription:
        """Subscribe from the wallet; the first period is paid now. Raises `NotEnough`."""
        self._check_new(owner, every)
        ident = secrets.token_hex(12)
        self._write(ident, owner, every, micros, gift_micros, "wallet")
        self._pay_period(self.find(ident), self._cards.seconds())
        return self.find(ident)

    def find(self, ident: str) -> Subscription:
        """Find a subscription."""
        found = self._cards.read(lambda plain: plain.row(_FIND, id=ident))
        if found is None:
            raise CardsRefused("There is no such subscription.")
        return Subscription(*found)

    def of_owner(self, owner: str) -> list[Subscription]:
        """Give a listener's subscriptions, the newest first."""
        return self._cards.read(lambda plain: _of_owner(plain, owner))

    def behind(self) -> list[Subscription]:
        """Give the subscriptions whose last renewal failed, and is tried again."""
        return [Subscription(*row) for row in self._cards.read(lambda plain: plain.rows(_BEHIND))]

    def cancel(self, ident: str) -> Subscription:
        """Let a subscription end with what is paid for; give it, with that end."""
        return self._end_or_not(ident, ends=True)

    def resume(self, ident: str) -> Subscription:
        """Let a subscription that was to end go on."""
        return self._end_or_not(ident, ends=False)

    def portal(self, ident: str, back: str) -> str:
        """Open the processor's own page for cards and invoices; give its address."""
        customer = self.find(ident).customer
        if customer is None:
            raise CardsRefused("This subscription is not paid by card.")
        return self._cards.processor.open_portal(customer, back)

    def look_at(self, processor_id: str) -> None:
        """Look at how a subscription stands; what it entitles to say its paid invoices."""
        self._taken_over(self._cards.processor.subscribed(processor_id))

    def look_at_invoice(self, invoice_id: str) -> None:
        """Look at an invoice: what was paid is booked once, with its fee and its allowance."""
        found = self._cards.processor.invoiced(invoice_id)
        if found.subscription is not None and found.is_paid and found.amount:
            self._book_invoice(found)

    def sweep(self) -> None:
        """Renew what is due from wallets; look again at fees that were not known, and at who was not let in."""
        now = self._cards.seconds()
        for row in self._cards.read(lambda plain: plain.rows(_DUE, now=now)):
            self._renew(Subscription(*row), now)
        for row in self._cards.read(lambda plain: plain.rows(_OVER, before=now - GRACE_S)):
            self._end(Subscription(*row))
        self._entitlements.sweep()
        invoices = self._cards.read(lambda plain: plain.rows(_WITHOUT_FEE))
        each_of(partial(self.look_at_invoice, invoice) for (invoice,) in invoices)

    def _end(self, subscription: Subscription) -> None:
        """Tell once that a subscription is over, grace and all, unless there is another one or all was paid back."""
        owner = subscription.owner
        if self._entitlements.has_paid(owner) and not any(one.is_live for one in self.of_owner(owner)):
            self._lapse(owner)
        self._run(lambda plain: plain.run(_LAPSED, id=subscription.ident))

    # --- by card ---

    def _taken_over(self, found: Subscribed) -> Subscription | None:
        ident = found.metadata.get("subscription")
        if ident is None or found.metadata.get("node") != self._cards.node():
            return None
        owner, every = found.metadata["owner"], found.metadata["every"]
        gift = int(found.metadata.get("gift", "0"))
        self._write(ident, owner, every, found.amount * self._cards.currency.minor_micros, gift, "card")
        row = {"id": ident, "state": found.state, "processor": found.ident, "customer": found.customer}
        self._run(lambda plain: plain.run(_IS, **row, ends=int(found.ends)))
        return self.find(ident)

    def _book_invoice(self, found: Invoiced) -> None:
        subscription = self._taken_over(self._cards.processor.subscribed(found.subscription or ""))
        if subscription is None:
            return
        self._cards.currency.same(found.currency)
        minor_micros = self._cards.currency.minor_micros
        total, tax = found.amount * minor_micros, min(found.tax, found.amount) * minor_micros

        def book(plain: Plain) -> None:
            at = self._cards.millis()
            row = {"id": found.ident, "owner": subscription.owner, "intent": found.intent, "at": at}
            about = {"payment": found.ident, "subscription": subscription.ident}
            plain.run(_PAYMENT, **row, micros=total - tax, tax=tax)
            entries = (Entry(accounts.PROCESSOR, total), *taxed(tax), *_earned(plain, total - tax))
            post(plain, Transaction(f"invoice:{found.ident}", PURPOSE, entries, about), at)
            if not found.is_taxed:
                untaxed(plain, found.ident, at)
            if found.fee is not None:
                post_fee(plain, found.ident, found.fee * minor_micros, at)
            plain.run(_PAID_TO, id=subscription.ident, end=found.period_end)
            bought(plain, found.ident, subscription.owner, found.period_end)
            self._allow(plain, subscription, f"allowance:{found.ident}", found.period_end)

        self._run(book)
        self._entitlements.settle(subscription.owner)  # what is paid entitles, whatever else is said
        live = [one for one in self.of_owner(subscription.owner) if one.is_live]
        if len(live) > 1:
            self._run(lambda plain: twice(plain, live[0].owner, live[0].ident, self._cards.millis()))

    def _payment_of(self, intent: str) -> Payment | None:
        invoice = self._cards.processor.invoice_of(intent)
        if invoice is None:
            return None
        self.look_at_invoice(invoice)
        return self._cards.find(invoice)

    def _looked_at(self, payment: Payment) -> None:
        """A payment was paid back, disputed, or is not any more: whoever paid it is entitled to what still stands."""
        if payment.purpose != PURPOSE:
            return
        if self._entitlements.knows(payment.ident):
            self._entitlements.settle(payment.owner)
        else:
            self.look_at_invoice(payment.ident)

    # --- from the wallet ---

    def _renew(self, subscription: Subscription, now: int) -> None:
        if subscription.ends:
            self._set(subscription, "canceled", now)
            return
        try:
            self._pay_period(subscription, subscription.period_end)
        except NotEnough:
            is_over = now >= subscription.period_end + GRACE_S
            self._set(subscription, "canceled" if is_over else "past_due", now + TRY_AGAIN_S)

    def _pay_period(self, subscription: Subscription, start: int) -> None:
        """Take a period out of the wallet, unless the subscription is not what it was, or the wallet pays for another.

        What was asked for a moment before may have come first: a second press, or that she ends it.
        """
        end = months_later(start, MONTHS[subscription.every])

        def pay(plain: Plain) -> None:
            at = self._cards.millis()
            wallet = wallet_of(plain, subscription.owner, to_change=True)
            _check_covers(wallet, subscription.micros)
            if wallet is None or not _becomes(plain, subscription, "active", end, 0):
                return
            if any(one.is_live for one in _of_owner(plain, subscription.owner) if one.ident != subscription.ident):
                raise CardsRefused(HAS_ONE)
            entries = (Entry(accounts.wallet(wallet.ident), subscription.micros), *_earned(plain, subscription.micros))
            name = f"subscription:{subscription.ident}:{start}"
            taken_out(plain, wallet, subscription.micros, Transaction(name, PURPOSE, entries), at)
            bought(plain, name, subscription.owner, end)
            self._allow(plain, subscription, f"allowance:{subscription.ident}:{start}", end)

        self._run(pay)
        self._entitlements.settle(subscription.owner)

    # --- both ---

    def _allow(self, plain: Plain, subscription: Subscription, name: str, until: int) -> None:
        """Give the allowance of a period, once, until that period ends; what was paid in is never reset by it."""
        if not subscription.gift_micros:
            return
        opened(plain, subscription.owner, self._cards.millis())  # who pays by card may have had none
        wallet = wallet_of(plain, subscription.owner, to_change=True)
        if wallet is None:
            raise LookupError(subscription.owner)
        entries = moved(subscription.gift_micros, debit=accounts.PROMOTION, credit=accounts.gift(wallet.ident))
        if post(plain, Transaction(name, "gift", entries, {"why": "allowance"}), self._cards.millis()):
            ends = max(until * 1000, wallet.gift_expires_at or 0)
            plain.run(_GIVE, id=wallet.ident, micros=subscription.gift_micros, until=ends)

    def _end_or_not(self, ident: str, *, ends: bool) -> Subscription:
        found = self.find(ident)
        if not found.is_live:
            raise CardsRefused("This subscription has ended already.")
        if found.processor_id is not None:
            self._taken_over(self._cards.processor.end_with_period(found.processor_id, ends=ends))
        else:
            self._run(lambda plain: plain.run(_ENDS, id=ident, ends=int(ends)))
        return self.find(ident)

    def _check_new(self, owner: str, every: str) -> None:
        if every not in MONTHS:
            raise CardsRefused("A subscription is by the month or by the year.")
        if any(one.is_live for one in self.of_owner(owner)):
            raise CardsRefused(HAS_ONE)

    def _write(self, ident: str, owner: str, every: str, micros: int, gift: int, by: str) -> None:
        row = {"id": ident, "owner": owner, "every": every, "micros": micros, "gift": gift, "by": by}
        self._run(lambda plain: plain.run(_WRITE, **row, at=self._cards.millis()))

    def _set(self, subscription: Subscription, state: str, tries: int) -> None:
        self._run(lambda plain: _becomes(plain, subscription, state, subscription.period_end, tries))

    def _run(self, command: Callable[[Plain], object]) -> None:
        def run(writer: Connection) -> None:
            command(Plain(writer))

        self._cards.lane.run(run)


def _of_owner(plain: Plain, owner: str) -> list[Subscription]:
    return [Subscription(*row) for row in plain.rows(_OF_OWNER, owner=owner)]


def _becomes(plain: Plain, subscription: Subscription, state: str, period_end: int, tries: int) -> bool:
    """Change how a subscription stands, if it stands as it was read."""
    was = {"before": subscription.state, "paid_to": subscription.period_end, "ends": subscription.ends}
    row = {"id": subscription.ident, "state": state, "period_end": period_end, "tries": tries}
    return bool(plain.run(_STATE, **row, **was))


def months_later(seconds: int, months: int) -> int:
    """Give the same day so many months later; the 31st falls on the last day of shorter months."""
    begun = datetime.fromtimestamp(seconds, UTC)
    years, month = divmod(begun.month - 1 + months, 12)
    year, month = begun.year + years, month + 1
    day = min(begun.day, calendar.monthrange(year, month)[1])
    return int(begun.replace(year=year, month=month, day=day).timestamp())


def _check_covers(wallet: Wallet | None, micros: int) -> None:
    if wallet is not None and wallet.frozen_because:
        raise WalletFrozen(micros)
    if wallet is None or wallet.available < micros:
        raise NotEnough(micros, wallet.available if wallet else 0, "There is not enough in your wallet for this.")


def _earned(plain: Plain, micros: int) -> tuple[Entry, ...]:
    parts = divide(plain, micros, ()).parts
    return tuple(
        Entry(accounts.SUBSCRIPTIONS if party == ARTIST else accounts.payable(party), -part)
        for party, part in parts.items()
    )
