"""Topping up by itself: off until the listener turns it on, with an amount, a floor and a most for the month.

The card is kept by the processor, never here. Whatever the bank does not let through turns it off, with
the reason; nobody is charged again to find out.
"""

import secrets
from dataclasses import astuple, dataclass

from sqlalchemy import Connection

from billing.cards.errors import CardsAway, CardsRefused
from billing.cards.payment import TOP_UP, Payment
from billing.cards.payments import Cards
from billing.plain import Plain, statement
from billing.wallets import day_and_month, wallet_of

NO_TAX = "Tax is worked out on the payment page here, so that a wallet cannot fill itself. Pay in by hand."
OFF, WAITING, ON = "off", "waiting", "on"

_COLUMNS = "owner, micros, below, month_max, state, payment, customer, method, why"
_WRITE = statement(
    """INSERT INTO auto_top_ups (owner, micros, below, month_max, state, payment)
 VALUES (:owner, :micros, :below, :most, 'waiting', :payment) ON CONFLICT (owner) DO UPDATE SET
 micros = excluded.micros, below = excluded.below, month_max = excluded.month_max, state = 'waiting',
 payment = excluded.payment, customer = NULL, method = NULL, why = NULL"""
)
_FIND = statement(f"SELECT {_COLUMNS} FROM auto_top_ups WHERE owner = :owner")
_LIVE = statement(f"SELECT {_COLUMNS} FROM auto_top_ups WHERE state <> 'off' ORDER BY owner")
_SAVED = statement(
    """UPDATE auto_top_ups SET state = 'on', customer = :customer, method = :method
 WHERE owner = :owner AND payment = :payment AND state = 'waiting'"""
)
_OFF = statement("UPDATE auto_top_ups SET state = 'off', why = :why WHERE owner = :owner")
_OFF_SINCE = statement(
    "UPDATE auto_top_ups SET state = 'off', why = :why WHERE owner = :owner AND payment = :payment AND state <> 'off'"
)
_BEGIN = statement(
    """INSERT INTO card_payments (id, owner, purpose, micros, state, created_at, is_auto)
 VALUES (:id, :owner, 'top_up', :micros, 'created', :at, 1)"""
)
_OPEN = statement("SELECT id FROM card_payments WHERE owner = :owner AND is_auto = 1 AND state = 'created'")
_FAILED = statement("UPDATE card_payments SET state = 'failed' WHERE id = :id AND state = 'created'")
_THIS_MONTH = statement(
    """SELECT coalesce(sum(micros), 0) FROM card_payments
 WHERE owner = :owner AND is_auto = 1 AND state <> 'failed' AND created_at >= :since"""
)


@dataclass(frozen=True, slots=True)
class AutoTopUp:
    """What a listener wants: so much whenever there is less than so much, and no more than so much a month."""

    owner: str
    micros: int
    below: int
    month_max: int
    state: str
    payment: str
    customer: str | None
    method: str | None
    why: str | None


class AutoTopUps:
    """Thread-safe; one process tops up at a time."""

    def __init__(self, cards: Cards) -> None:
        self._cards = cards

    def begin(self, owner: str, minor: int, *, below: int, month_max: int, name: str, back: str) -> Payment:
        """Open a payment page that keeps the card for later; all amounts in minor units. Raises `CardsRefused`."""
        if self._cards.processor.tax is not None:
            raise CardsRefused(NO_TAX)
        if not 0 < below <= minor <= month_max:
            raise CardsRefused("The floor is at most the amount, and the amount at most what you allow for a month.")
        payment = self._cards.begin(owner, minor, name=name, back=back, save_card=True)
        micros = self._cards.currency.micros_of_minor
        row = {"owner": owner, "micros": payment.micros, "below": micros(below), "most": micros(month_max)}
        self._cards.lane.run(lambda writer: Plain(writer).run(_WRITE, **row, payment=payment.ident))
        return payment

    def find(self, owner: str) -> AutoTopUp | None:
        """Give what a listener has set."""
        row = self._cards.read(lambda plain: plain.row(_FIND, owner=owner))
        return None if row is None else AutoTopUp(*row)

    def turn_off(self, owner: str, why: str = "You turned it off.") -> None:
        """Top up no more by itself."""
        self._cards.lane.run(lambda writer: Plain(writer).run(_OFF, owner=owner, why=why))

    def sweep(self) -> None:
        """Learn the cards that were kept, and top up where it is wanted."""
        for row in self._cards.read(lambda plain: plain.rows(_LIVE)):
            auto = AutoTopUp(*row)
            if self._cards.processor.tax is not None:
                self._turned_off(auto, NO_TAX)
                continue
            if auto.state == WAITING:
                self._learn(auto)
            elif auto.customer is not None and auto.method is not None:
                self._top_up(auto, auto.customer, auto.method)

    def _turned_off(self, auto: AutoTopUp, why: str) -> None:
        """Turn off what was wanted then; what she wants since stays as she set it, and so does that she stopped it."""
        self._cards.lane.run(
            lambda writer: Plain(writer).run(_OFF_SINCE, owner=auto.owner, payment=auto.payment, why=why)
        )

    def _learn(self, auto: AutoTopUp) -> None:
        payment = self._cards.find(auto.payment)
        if payment is None or payment.intent_id is None or payment.state != "paid":
            return
        customer, method = self._cards.processor.saved_card(payment.intent_id)
        if customer is None or method is None:
            self._turned_off(auto, "The card could not be kept.")
            return
        row = {"owner": auto.owner, "payment": auto.payment, "customer": customer, "method": method}
        self._cards.lane.run(lambda writer: Plain(writer).run(_SAVED, **row))

    def _top_up(self, auto: AutoTopUp, customer: str, method: str) -> None:
        ident = self._begun(auto)
        if ident is None:
            return
        minor = self._cards.currency.minor_of(auto.micros)[0]
        metadata = {"payment": ident, "owner": auto.owner, "purpose": TOP_UP, "node": self._cards.node()}
        try:
            intent = self._cards.processor.charge_saved(
                ident, amount=minor, currency=self._cards.currency.code, card=(customer, method), metadata=metadata
            )
        except CardsAway:
            found = self._cards.processor.intent_with(customer, ident)
            if found is not None:
                self._cards.look_at_intent(found)
            return  # it stays open; the next sweep asks by the same name
        except CardsRefused as error:
            self._cards.lane.run(lambda writer: Plain(writer).run(_FAILED, id=ident))
            self._turned_off(auto, str(error))
            return
        self._cards.look_at_intent(intent)

    def _begun(self, auto: AutoTopUp) -> str | None:
        """Write down a payment, if one is wanted still, and allowed; one that is open is gone on with."""
        at, told = self._cards.millis(), astuple(auto)
        _, month = day_and_month(at)

        def begin(writer: Connection) -> str | None:
            plain = Plain(writer)
            wallet = wallet_of(plain, auto.owner, to_change=True)
            if plain.row(_FIND, owner=auto.owner) != told:  # she may have stopped it, or wants something else by now
                return None
            if (is_open := plain.row(_OPEN, owner=auto.owner)) is not None:
                return str(is_open[0])
            if wallet is None or wallet.frozen_because or wallet.available >= auto.below:
                return None
            spent = int((plain.row(_THIS_MONTH, owner=auto.owner, since=month) or (0,))[0])
            if spent + auto.micros > auto.month_max:
                return None
            ident = secrets.token_hex(12)
            plain.run(_BEGIN, id=ident, owner=auto.owner, micros=auto.micros, at=at)
            return ident

        return self._cards.lane.run(begin)
