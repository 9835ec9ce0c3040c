"""Payments into wallets and tips, what is paid back, disputes and payouts: each read anew, posted once.

A payment is written down before the processor is asked for it. What it becomes is told by the
processor's own object and by nothing else; doubt goes to suspense and sounds an alarm.
"""

import secrets
from collections.abc import Callable, Iterable
from functools import partial
from typing import TypeVar

from sqlalchemy import Connection

from billing import accounts
from billing.cards import disputes, payouts, refunds
from billing.cards.alarms import alarms
from billing.cards.errors import CardsAway, CardsRefused
from billing.cards.paid import booked
from billing.cards.payment import (
    TOP_UP,
    Payment,
    became,
    payment_by,
    payment_with,
    payments_of,
    to_look_at,
    written,
)
from billing.cards.processor import Checkout, Processor, Refunded
from billing.contracts import Snapshots, WriteLane
from billing.errors import AmountWrong
from billing.ledger import balance_of
from billing.money import Currency
from billing.plain import Plain, statement
from billing.wallets import wallet_of

T = TypeVar("T")
DIRECT = "direct:"
"""Begins what stands for a page where there was none."""
FAILURES_MAX = 3
WALLET_MAX_MINOR = 20_000
"""What a wallet holds at most, in minor units: prepaid money stays small, and within what the law leaves alone."""

_OPENED = statement("UPDATE card_payments SET session_id = :session, url = :url WHERE id = :id")


class Cards:
    """Payments by card. Thread-safe."""

    def __init__(
        self,
        processor: Processor,
        snapshots: Snapshots,
        lane: WriteLane,
        currency: Currency,
        node: Callable[[], str],
        now: Callable[[], float],
    ) -> None:
        self.processor = processor
        self.currency = currency
        self.lane = lane
        self.node = node
        self.find_elsewhere: Callable[[str], Payment | None] = lambda _intent: None
        """Finds the payment behind what no page of ours opened: a subscription's."""
        self.looked_at: Callable[[Payment], None] = lambda _payment: None
        """Told of each payment that was paid back, disputed, or is not any more."""
        self.look_at_invoice: Callable[[str], None] = lambda _invoice: None
        """Looks at what paid a page for a subscription."""
        self._snapshots = snapshots
        self._now = now

    # --- asking for money ---

    def begin(
        self,
        owner: str,
        minor: int,
        *,
        purpose: str = TOP_UP,
        name: str,
        back: str,
        least: int = 50,
        save_card: bool = False,
    ) -> Payment:
        """Open a payment page for a wallet or a tip. Raises `CardsRefused`, `CardsAway`, `AmountWrong`."""
        if isinstance(minor, bool) or not isinstance(minor, int):
            raise AmountWrong("An amount for a card is a whole number of cents.")
        if minor < least:
            raise CardsRefused(f"The least that a card can pay here is {self._shown(least)}.")
        if minor > WALLET_MAX_MINOR:
            raise CardsRefused(f"The most that is taken at once is {self._shown(WALLET_MAX_MINOR)}.")
        micros = self.currency.micros_of_minor(minor)
        self._check_room(owner, micros if purpose == TOP_UP else 0)
        ident = secrets.token_hex(12)
        self.run(lambda plain: written(plain, ident, owner, purpose, micros, self.millis()))
        metadata = {"payment": ident, "owner": owner, "purpose": purpose, "node": self.node()}
        try:
            page = self.processor.open_checkout(
                ident,
                amount=minor,
                currency=self.currency.code,
                name=name,
                metadata=metadata,
                back=back,
                save_card=save_card,
            )
        except CardsRefused:
            self.run(lambda plain: became(plain, ident, "failed"))
            raise
        self.run(lambda plain: plain.run(_OPENED, id=ident, session=page.ident, url=page.url))
        return self.payment(ident)

    def payment(self, ident: str) -> Payment:
        """Find a payment that was begun here."""
        found = self.find(ident)
        if found is None:
            raise CardsRefused("There is no such payment.")
        return found

    def find(self, ident: str) -> Payment | None:
        """Find a payment, by our name for it or its invoice's."""
        return self.read(lambda plain: payment_with(plain, ident))

    def read(self, question: Callable[[Plain], T]) -> T:
        """Read in one snapshot."""
        with self._snapshots() as connection:
            return question(Plain(connection))

    def payments_of(self, owner: str) -> list[Payment]:
        """Give a listener's payments, the oldest first."""
        return self.read(lambda plain: payments_of(plain, owner))

    # --- what became of it ---

    def fulfil(self, session_id: str) -> Payment | None:
        """Look at a payment page and post what it brought; None for a subscription's, and for another node's."""
        return self._fulfilled(self.processor.checkout(session_id))

    def is_over(self, session_id: str) -> bool:
        """Look at a payment page as `fulfil` does, and say whether nothing more comes of it than is known now."""
        page = self.processor.checkout(session_id)
        self._fulfilled(page)
        return page.is_paid or page.is_over

    def look_at_refund(self, ident: str) -> None:
        """Look at a refund, whoever asked for it."""
        found = self.processor.refunded(ident)
        payment = self._payment_of(found.intent)
        if payment is not None:
            self._book_refund(payment, found)

    def look_at_charge(self, ident: str) -> None:
        """Look at a charge: its payment, its fee, and what was paid back of it."""
        intent = self.processor.intent_of_charge(ident)
        if intent is not None:
            self.look_at_intent(intent)

    def look_at_intent(self, intent: str) -> None:
        """Look at a payment by the processor's name for it."""
        page = self.processor.checkout_of(intent) or self.processor.direct(intent)
        payment = self._fulfilled(page) or self._payment_of(intent)
        if payment is not None and page.charge is not None and page.charge.refunded:
            for found in self.processor.refunds_of(intent):
                self._book_refund(payment, found)

    def look_at_dispute(self, ident: str) -> None:
        """Look at a dispute: what it moved, and whether the wallet is open."""
        found = self.processor.disputed(ident)
        payment = self._payment_of(found.intent)
        if payment is not None:
            self.run(lambda plain: disputes.disputed(plain, payment, found, self.currency, self.millis()))
            self.looked_at(payment)

    def look_at_warning(self, ident: str) -> None:
        """Close the wallet of a payment that is said to be a fraud; the artist looks, pays back, or opens it again."""
        charge = self.processor.suspected(ident)
        intent = self.processor.intent_of_charge(charge) if charge is not None else None
        payment = self._payment_of(intent)
        if payment is not None:
            self.run(lambda plain: disputes.warned(plain, payment, ident, self.millis()))

    def look_at_payout(self, ident: str) -> None:
        """Look at a payout to the bank."""
        found = self.processor.payout(ident)
        micros = self.currency.micros_of_minor(found.amount)
        self.run(lambda plain: payouts.paid_out(plain, found, micros, self.millis()))

    # --- giving it back ---

    def refund_unspent(self, owner: str, why: str = "on request") -> int:
        """Pay back what is left of each payment, to where it came from; give the micros that were asked back.

        It leaves the wallet at once, and returns to it should the processor refuse. Fractions of a
        cent stay, for they cannot be paid.
        """

        def ask(plain: Plain) -> list[refunds.Asked]:
            wallet = wallet_of(plain, owner, to_change=True)
            return refunds.asked_back(plain, wallet, why, self.currency, self.millis()) if wallet is not None else []

        asked = self.run(ask)
        for one in asked:
            self._ask_refund(one)
        return sum(self.currency.micros_of_minor(one.minor) for one in asked)

    # --- what never arrived ---

    def sweep(self, older_than_s: int = 60) -> None:
        """Look again at whatever is open: pages, refunds, fees that were not known yet."""
        before = self.millis() - older_than_s * 1000
        deeds = [partial(self._look_again, payment) for payment in self.read(lambda plain: to_look_at(plain, before))]
        deeds += [partial(self._look_at_asked, one) for one in self.read(refunds.open_refunds)]
        each_of(deeds)

    def unexplained(self) -> int:
        """Give the micros by which the processor's movements differ from what is booked: it should be nothing."""
        there = sum(one.amount - one.fee for one in self.processor.movements()) * self.currency.minor_micros
        return there - self.read(lambda plain: balance_of(plain, accounts.PROCESSOR))

    def alarms(self) -> list[tuple[str, str, int]]:
        """Give what the artist has to look at: id, sentence, Unix milliseconds."""
        return self.read(alarms)

    # --- inside ---

    def _look_again(self, payment: Payment) -> None:
        if payment.session_id is not None and not payment.session_id.startswith(DIRECT):
            self.fulfil(payment.session_id)
        elif payment.intent_id is not None:
            self.look_at_intent(payment.intent_id)

    def _look_at_asked(self, one: refunds.Open) -> None:
        if one.refund is not None:
            self.look_at_refund(one.refund)
        elif not self._found_refund(one):
            self._ask_refund_again(one)

    def _fulfilled(self, page: Checkout) -> Payment | None:
        if page.invoice is not None and page.is_paid:
            self.look_at_invoice(page.invoice)
        ident = page.metadata.get("payment")
        if ident is None or page.metadata.get("node") != self.node():
            return None  # of another shop on the same account
        self.run(lambda plain: booked(plain, ident, page, self.currency, self.millis()))
        return self.payment(ident)

    def _payment_of(self, intent: str | None) -> Payment | None:
        """Find the payment behind a refund or a dispute; whatever came before it is booked first."""
        if intent is None:
            return None
        found = self.read(lambda plain: payment_by(plain, intent))
        if found is not None:
            return found
        page = self.processor.checkout_of(intent) or self.processor.direct(intent)
        return self._fulfilled(page) or self.find_elsewhere(intent)

    def _found_refund(self, one: refunds.Open) -> bool:
        """Look whether a refund that was asked for was made, though nobody said so."""
        payment = self._payment_of(one.intent)
        if payment is None:
            return False
        for found in self.processor.refunds_of(one.intent):
            if found.metadata.get("refund") == one.ident:
                self._book_refund(payment, found)
                return True
        return False

    def _ask_refund_again(self, one: refunds.Open) -> None:
        """Ask under a new key: the one before may answer for ever that something failed."""
        tries = one.tries + 1
        self.run(lambda plain: refunds.tried(plain, one.ident, tries))
        self._ask_refund(refunds.Asked(one.ident, one.intent, self.currency.minor_of(one.micros)[0]), tries)

    def _ask_refund(self, one: refunds.Asked, tries: int = 0) -> None:
        try:
            found = self.processor.refund(one.ident, intent=one.intent, amount=one.minor, tries=tries)
        except CardsAway:
            return  # it stays asked for; the sweeper looks whether it was made, and asks again if not
        except CardsRefused:
            self.run(lambda plain: refunds.refund_failed(plain, one.ident, None, self.millis()))
            return
        payment = self._payment_of(one.intent)
        if payment is not None:
            self._book_refund(payment, found)

    def _book_refund(self, payment: Payment, found: Refunded) -> None:
        self.run(lambda plain: refunds.refunded(plain, payment, found, self.currency, self.millis()))
        self.looked_at(payment)

    def _check_room(self, owner: str, micros: int) -> None:
        wallet = self.read(lambda plain: wallet_of(plain, owner))
        most = self.currency.micros_of_minor(WALLET_MAX_MINOR)
        if wallet is not None and wallet.posted + micros > most:
            raise CardsRefused(f"A wallet holds at most {self.currency.shown(most)}.")
        if wallet is not None and wallet.frozen_because:
            raise CardsRefused("Your wallet is closed while one of its payments is being looked into.")

    def _shown(self, minor: int) -> str:
        return self.currency.shown(minor * self.currency.minor_micros)

    def run(self, command: Callable[[Plain], T]) -> T:
        """Write in one transaction."""

        def run(writer: Connection) -> T:
            return command(Plain(writer))

        return self.lane.run(run)

    def millis(self) -> int:
        """The time, in Unix milliseconds."""
        return int(self._now() * 1000)

    def seconds(self) -> int:
        """The time, in Unix seconds."""
        return int(self._now())


def each_of(deeds: Iterable[Callable[[], object]]) -> None:
    """Do each, though some fail; after a few failures in a row the processor is away, and the rest waits."""
    failures, last = 0, None
    for deed in deeds:
        try:
            deed()
        except CardsAway as error:
            failures, last = failures + 1, error
            if failures >= FAILURES_MAX:
                break
        else:
            failures = 0
    if last is not None:
        raise last
