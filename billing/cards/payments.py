"""Payments into wallets and tips, what is paid back, disputes and payouts: each read anew, posted once.

A payment is written down before the processor is asked for it. What it becomes is told by the
processor's own object and by nothing else; doubt goes to suspense and sounds an alarm.
"""

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from sqlalchemy import Connection

from billing import accounts
from billing.cards.errors import CardsAway, CardsRefused
from billing.cards.processor import Checkout, Disputed, Moved, Processor, Refunded
from billing.contracts import Snapshots, WriteLane
from billing.errors import AmountWrong
from billing.ledger import Entry, Transaction, balance_of, moved, post
from billing.money import Currency
from billing.plain import Plain, statement
from billing.shares import ARTIST
from billing.splits import divide
from billing.wallets import Wallet, lots, opened, paid_in, taken_out, wallet_of

T = TypeVar("T")
DIRECT = "direct:"
"""Begins what stands for a page where there was none."""
FAILURES_MAX = 3
TOP_UP, TIP = "top_up", "tip"
WALLET_MAX_MINOR = 20_000
"""What a wallet holds at most, in minor units: prepaid money stays small, and within what the law leaves alone."""
OPEN_DISPUTES = ("needs_response", "under_review", "warning_needs_response", "warning_under_review")

_WRITE = statement(
    """INSERT INTO card_payments (id, owner, purpose, micros, state, created_at)
 VALUES (:id, :owner, :purpose, :micros, 'created', :at) ON CONFLICT (id) DO NOTHING"""
)
_OPENED = statement("UPDATE card_payments SET session_id = :session, url = :url WHERE id = :id")
_COLUMNS = "id, owner, purpose, micros, state, session_id, intent_id, url, fee_micros, created_at, paid_at"
_FIND = statement(f"SELECT {_COLUMNS} FROM card_payments WHERE id = :id")
_BY_INTENT = statement(f"SELECT {_COLUMNS} FROM card_payments WHERE intent_id = :intent")
_OF_OWNER = statement(f"SELECT {_COLUMNS} FROM card_payments WHERE owner = :owner ORDER BY created_at")
_OPEN = statement(f"SELECT {_COLUMNS} FROM card_payments WHERE state = 'created' AND created_at <= :before")
_WITHOUT_FEE = statement(
    f"""SELECT {_COLUMNS} FROM card_payments
 WHERE state = 'paid' AND fee_micros IS NULL AND session_id IS NOT NULL"""
)
_BECAME = statement("UPDATE card_payments SET state = :state WHERE id = :id AND state = 'created'")
_PAID = statement(
    """UPDATE card_payments SET state = :state, intent_id = :intent, session_id = :session, paid_at = :at
 WHERE id = :id AND paid_at IS NULL"""
)
_FEE = statement("UPDATE card_payments SET fee_micros = :fee WHERE id = :id AND fee_micros IS NULL")
_ASK_REFUND = statement(
    """INSERT INTO card_refunds (id, payment, micros, state, why, tries, at)
 VALUES (:id, :payment, :micros, 'asked', :why, 0, :at) ON CONFLICT (id) DO NOTHING"""
)
_TRIED = statement("UPDATE card_refunds SET tries = :tries WHERE id = :id")
_REFUND = statement("UPDATE card_refunds SET refund_id = :refund, state = :state WHERE id = :id")
_REFUND_OF = statement("SELECT payment FROM card_refunds WHERE id = :id")
_ASKED = statement(
    """SELECT r.id, p.intent_id, r.micros, r.refund_id, r.tries FROM card_refunds r
 JOIN card_payments p ON p.id = r.payment WHERE r.state IN ('asked', 'pending')"""
)
_ENTERED = statement("SELECT account, micros FROM ledger_entries WHERE transaction_id = :id ORDER BY n")
_DISPUTE = statement(
    """INSERT INTO card_disputes (id, payment, state, at) VALUES (:id, :payment, :state, :at)
 ON CONFLICT (id) DO UPDATE SET state = excluded.state"""
)
_DISPUTES_OPEN = statement(
    """SELECT count(*) FROM card_disputes d JOIN card_payments p ON p.id = d.payment
 WHERE p.owner = :owner AND d.state IN ('needs_response', 'under_review', 'warning_needs_response',
 'warning_under_review')"""
)
_FREEZE = statement("UPDATE wallets SET frozen_because = :why WHERE id = :id")
_ADD = statement("UPDATE wallets SET posted = posted + :micros WHERE id = :id")
_ALARM = statement("INSERT INTO alarms (id, sentence, at) VALUES (:id, :sentence, :at) ON CONFLICT (id) DO NOTHING")
_SEEN = statement("SELECT 1 FROM alarms WHERE id = :id")
_ALARMS = statement("SELECT id, sentence, at FROM alarms WHERE seen_at IS NULL ORDER BY at")


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment from outside; `fee_micros` is what the processor took, when it is known."""

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
        row = {"id": ident, "owner": owner, "purpose": purpose, "micros": micros, "at": self.millis()}
        self.lane.run(lambda writer: Plain(writer).run(_WRITE, **row))
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
            self.lane.run(lambda writer: Plain(writer).run(_BECAME, id=ident, state="failed"))
            raise
        self.lane.run(lambda writer: Plain(writer).run(_OPENED, id=ident, session=page.ident, url=page.url))
        return self.payment(ident)

    def payment(self, ident: str) -> Payment:
        """Find a payment that was begun here."""
        with self._snapshots() as connection:
            row = Plain(connection).row(_FIND, id=ident)
        if row is None:
            raise CardsRefused("There is no such payment.")
        return Payment(*row)

    def find(self, ident: str) -> Payment | None:
        """Find a payment, by our name for it or its invoice's."""
        row = self.read(lambda plain: plain.row(_FIND, id=ident))
        return None if row is None else Payment(*row)

    def read(self, question: Callable[[Plain], T]) -> T:
        """Read in one snapshot."""
        with self._snapshots() as connection:
            return question(Plain(connection))

    def payments_of(self, owner: str) -> list[Payment]:
        """Give a listener's payments, the oldest first."""
        with self._snapshots() as connection:
            return [Payment(*row) for row in Plain(connection).rows(_OF_OWNER, owner=owner)]

    # --- what became of it ---

    def fulfil(self, session_id: str) -> Payment | None:
        """Look at a payment page and post what it brought; None for one that is not of this node."""
        return self._fulfilled(self.processor.checkout(session_id))

    def look_at_refund(self, ident: str) -> None:
        """Look at a refund, whoever asked for it."""
        found = self.processor.refunded(ident)
        payment = self._payment_of(found.intent)
        if payment is not None:
            self._run(lambda plain: self._refunded(plain, payment, found))

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
                self._run(partial(self._refunded, payment=payment, found=found))

    def look_at_dispute(self, ident: str) -> None:
        """Look at a dispute: what it moved, and whether the wallet is open."""
        found = self.processor.disputed(ident)
        payment = self._payment_of(found.intent)
        if payment is not None:
            self._run(lambda plain: self._disputed(plain, payment, found))

    def look_at_warning(self, ident: str) -> None:
        """Close the wallet of a payment that is said to be a fraud; the artist looks, pays back, or opens it again."""
        charge = self.processor.suspected(ident)
        intent = self.processor.intent_of_charge(charge) if charge is not None else None
        payment = self._payment_of(intent)
        if payment is None:
            return

        def close(plain: Plain) -> None:
            wallet = wallet_of(plain, payment.owner, to_change=True)
            if wallet is not None and wallet.frozen_because is None and plain.row(_SEEN, id=ident) is None:
                plain.run(_FREEZE, id=wallet.ident, why="one of its payments may be a fraud")
            sentence = f"Payment {payment.ident} may be a fraud, says the bank. Pay it back before it is disputed."
            alarm(plain, ident, sentence, self.millis())

        self._run(close)

    def look_at_payout(self, ident: str) -> None:
        """Look at a payout to the bank."""
        found = self.processor.payout(ident)
        micros = self.currency.micros_of_minor(found.amount)
        there = Transaction(f"payout:{ident}", "payout", moved(micros, debit=accounts.BANK, credit=accounts.PROCESSOR))
        back = Transaction(
            f"payout-failed:{ident}", "payout", moved(micros, debit=accounts.PROCESSOR, credit=accounts.BANK)
        )

        def book(plain: Plain) -> None:
            if found.state == "paid":
                post(plain, there, self.millis())
            elif found.state in ("failed", "canceled") and plain.rows(_ENTERED, id=there.ident):
                post(plain, back, self.millis())

        self._run(book)

    # --- giving it back ---

    def refund_unspent(self, owner: str, why: str = "on request") -> int:
        """Pay back what is left of each payment, to where it came from; give the micros that were asked back.

        It leaves the wallet at once, and returns to it should the processor refuse. Fractions of a
        cent stay, for they cannot be paid.
        """

        def ask(plain: Plain) -> list[tuple[str, str, int]]:
            wallet = wallet_of(plain, owner, to_change=True)
            return self._asked_back(plain, wallet, why) if wallet is not None else []

        asked = self._run(ask)
        for ident, intent, minor in asked:
            self._ask_refund(ident, intent, minor)
        return sum(self.currency.micros_of_minor(minor) for _, _, minor in asked)

    # --- what never arrived ---

    def sweep(self, older_than_s: int = 60) -> None:
        """Look again at whatever is open: pages, refunds, fees that were not known yet."""
        with self._snapshots() as connection:
            plain = Plain(connection)
            before = self.millis() - older_than_s * 1000
            waiting = [Payment(*row) for row in (*plain.rows(_OPEN, before=before), *plain.rows(_WITHOUT_FEE))]
            asked = plain.rows(_ASKED)
        deeds = [partial(self._look_again, payment) for payment in waiting]
        deeds += [partial(self._look_at_asked, *row) for row in asked]
        each_of(deeds)

    def unexplained(self) -> int:
        """Give the micros by which the processor's movements differ from what is booked: it should be nothing."""
        there = sum(one.amount - one.fee for one in self.processor.movements()) * self.currency.minor_micros
        with self._snapshots() as connection:
            return there - balance_of(Plain(connection), accounts.PROCESSOR)

    def alarms(self) -> list[tuple[str, str, int]]:
        """Give what the artist has to look at: id, sentence, Unix milliseconds."""
        with self._snapshots() as connection:
            return [(ident, sentence, at) for ident, sentence, at in Plain(connection).rows(_ALARMS)]

    # --- inside ---

    def _look_again(self, payment: Payment) -> None:
        if payment.session_id is not None and not payment.session_id.startswith(DIRECT):
            self.fulfil(payment.session_id)
        elif payment.intent_id is not None:
            self.look_at_intent(payment.intent_id)

    def _look_at_asked(self, ident: str, intent: str, micros: int, refund: str | None, tries: int) -> None:
        if refund is not None:
            self.look_at_refund(refund)
        elif not self._found_refund(ident, intent):
            self._ask_refund_again(ident, intent, self.currency.minor_of(micros)[0], tries + 1)

    def _fulfilled(self, page: Checkout) -> Payment | None:
        ident = page.metadata.get("payment")
        if ident is None or page.metadata.get("node") != self.node():
            return None  # of another shop on the same account
        self._run(lambda plain: self._booked(plain, ident, page))
        return self.payment(ident)

    def _booked(self, plain: Plain, ident: str, page: Checkout) -> None:
        at = self.millis()
        if plain.row(_FIND, id=ident) is None:  # the database is from before: the processor knows more
            micros = self.currency.micros_of_minor(page.amount)
            owner, purpose = page.metadata["owner"], page.metadata["purpose"]
            plain.run(_WRITE, id=ident, owner=owner, purpose=purpose, micros=micros, at=at)
        payment = Payment(*(plain.row(_FIND, id=ident) or ()))
        if page.is_over and not page.is_paid:
            plain.run(_BECAME, id=ident, state="expired")
        if not page.is_paid:
            return
        self._post_payment(plain, payment, page, at)
        if page.charge is not None and page.charge.fee is not None:
            fee = page.charge.fee * self.currency.minor_micros
            if fee and plain.run(_FEE, id=ident, fee=fee):
                entries = moved(fee, debit=accounts.FEES, credit=accounts.PROCESSOR)
                post(plain, Transaction(f"fee:{ident}", "fee", entries, {"payment": ident}), at)

    def _post_payment(self, plain: Plain, payment: Payment, page: Checkout, at: int) -> None:
        micros = page.amount * self.currency.minor_micros
        is_right = page.currency == self.currency.code and micros == payment.micros
        state = "paid" if is_right else "suspense"
        row = {"id": payment.ident, "intent": page.intent, "session": page.ident, "at": at, "state": state}
        if not plain.run(_PAID, **row):
            return
        about = {"payment": payment.ident}
        name = f"{payment.purpose}:{payment.ident}"
        if not is_right:
            entries = moved(micros, debit=accounts.PROCESSOR, credit=accounts.SUSPENSE)
            post(plain, Transaction(name, "suspense", entries, about), at)
            alarm(plain, name, f"Payment {payment.ident} came with another amount or currency than asked for.", at)
        elif payment.purpose == TIP:
            post(plain, Transaction(name, "tip", _tipped(plain, micros), about), at)
        else:
            wallet = opened(plain, payment.owner, at)
            entries = moved(micros, debit=accounts.PROCESSOR, credit=accounts.wallet(wallet.ident))
            paid_in(plain, wallet, micros, Transaction(name, "top_up", entries, about), at)

    def _payment_of(self, intent: str | None) -> Payment | None:
        """Find the payment behind a refund or a dispute; whatever came before it is booked first."""
        if intent is None:
            return None
        with self._snapshots() as connection:
            row = Plain(connection).row(_BY_INTENT, intent=intent)
        if row is not None:
            return Payment(*row)
        page = self.processor.checkout_of(intent) or self.processor.direct(intent)
        return self._fulfilled(page) or self.find_elsewhere(intent)

    def _asked_back(self, plain: Plain, wallet: Wallet, why: str) -> list[tuple[str, str, int]]:
        asked, at, left = [], self.millis(), wallet.posted - wallet.held
        for lot in lots(plain, wallet.ident):
            purpose, _, ident = lot.topup.partition(":")
            row = plain.row(_FIND, id=ident) if purpose == TOP_UP else None
            payment = Payment(*row) if row is not None else None
            minor, _ = self.currency.minor_of(min(lot.left, left))
            if payment is None or payment.intent_id is None or minor <= 0:
                continue
            refund, micros = secrets.token_hex(12), self.currency.micros_of_minor(minor)
            entries = moved(micros, debit=accounts.wallet(wallet.ident), credit=accounts.PROCESSOR)
            about = {"topup": lot.topup, "refund": refund}
            taken_out(plain, wallet, micros, Transaction(f"refund:{refund}", "refund", entries, about), at)
            plain.run(_ASK_REFUND, id=refund, payment=ident, micros=micros, why=why, at=at)
            asked.append((refund, payment.intent_id, minor))
            left -= micros
        return asked

    def _found_refund(self, ident: str, intent: str) -> bool:
        """Look whether a refund that was asked for was made, though nobody said so."""
        payment = self._payment_of(intent)
        if payment is None:
            return False
        for found in self.processor.refunds_of(intent):
            if found.metadata.get("refund") == ident:
                self._run(partial(self._refunded, payment=payment, found=found))
                return True
        return False

    def _ask_refund_again(self, ident: str, intent: str, minor: int, tries: int) -> None:
        """Ask under a new key: the one before may answer for ever that something failed."""
        self.lane.run(lambda writer: Plain(writer).run(_TRIED, id=ident, tries=tries))
        self._ask_refund(ident, intent, minor, tries)

    def _ask_refund(self, ident: str, intent: str, minor: int, tries: int = 0) -> None:
        try:
            found = self.processor.refund(ident, intent=intent, amount=minor, tries=tries)
        except CardsAway:
            return  # it stays asked for; the sweeper looks whether it was made, and asks again if not
        except CardsRefused:
            self._run(lambda plain: self._refund_failed(plain, ident, None))
            return
        payment = self._payment_of(intent)
        if payment is not None:
            self._run(lambda plain: self._refunded(plain, payment, found))

    def _refunded(self, plain: Plain, payment: Payment, found: Refunded) -> None:
        ident = found.metadata.get("refund", found.ident)
        state = {"succeeded": "succeeded", "failed": "failed", "canceled": "failed"}.get(found.state, "pending")
        if not plain.rows(_ENTERED, id=f"refund:{ident}"):
            if state == "failed":
                return
            self._post_refund(plain, payment, ident, found)
        plain.run(_REFUND, id=ident, refund=found.ident, state=state)
        if state == "failed":
            self._refund_failed(plain, ident, found.ident)

    def _post_refund(self, plain: Plain, payment: Payment, ident: str, found: Refunded) -> None:
        """Book a refund that was asked for elsewhere: of the wallet, as far as that reaches; the rest is lost."""
        at, micros = self.millis(), found.amount * self.currency.minor_micros
        about = {"topup": f"{payment.purpose}:{payment.ident}", "refund": ident}
        entries = self._taken_from(plain, payment, micros, accounts.PROCESSOR)
        post(plain, Transaction(f"refund:{ident}", "refund", entries, about), at)
        plain.run(_ASK_REFUND, id=ident, payment=payment.ident, micros=micros, why="by the processor", at=at)

    def _taken_from(self, plain: Plain, payment: Payment, micros: int, credit: str) -> tuple[Entry, ...]:
        """Take an amount back from who paid it; what was spent already, and a tip, is the artist's to bear."""
        wallet = wallet_of(plain, payment.owner, to_change=True) if payment.purpose == TOP_UP else None
        entries, left = [Entry(credit, -micros)], micros
        if payment.state == "suspense":
            entries.append(Entry(accounts.SUSPENSE, micros))
            return tuple(entries)
        if wallet is not None:
            part = min(left, wallet.posted - wallet.held)
            if part > 0:
                plain.run(_ADD, id=wallet.ident, micros=-part)
                entries.append(Entry(accounts.wallet(wallet.ident), part))
                left -= part
        if left:
            entries.append(Entry(accounts.LOSSES, left))
        return tuple(entries)

    def _refund_failed(self, plain: Plain, ident: str, refund: str | None) -> None:
        """Undo what a refund booked, to the micro: what left a wallet is in it again."""
        at = self.millis()
        plain.run(_REFUND, id=ident, refund=refund, state="failed")
        entered = plain.rows(_ENTERED, id=f"refund:{ident}")
        entries = tuple(Entry(account, -micros) for account, micros in entered)
        payment = plain.row(_REFUND_OF, id=ident)
        about = {"refund": ident, "topup": f"{TOP_UP}:{payment[0] if payment else ''}"}
        if entries and post(plain, Transaction(f"refund-failed:{ident}", "refund", entries, about), at):
            for entry in entries:
                if entry.account.startswith(accounts.wallet("")):
                    plain.run(_ADD, id=entry.account.rpartition(":")[2], micros=-entry.micros)

    def _disputed(self, plain: Plain, payment: Payment, found: Disputed) -> None:
        at = self.millis()
        for movement in found.moved:
            entries = _dispute_entries(movement, self.currency.minor_micros)
            if entries:
                about = {"dispute": found.ident, "payment": payment.ident}
                post(plain, Transaction(f"dispute:{movement.ident}", "dispute", entries, about), at)
        if found.state == "lost" and not plain.rows(_ENTERED, id=f"dispute-lost:{found.ident}"):
            lost = balance_of_dispute(found, self.currency.minor_micros)
            if lost > 0:
                entries = self._taken_from(plain, payment, lost, accounts.DISPUTED)
                about = {"dispute": found.ident, "topup": f"{payment.purpose}:{payment.ident}"}
                post(plain, Transaction(f"dispute-lost:{found.ident}", "dispute", entries, about), at)
        plain.run(_DISPUTE, id=found.ident, payment=payment.ident, state=found.state, at=at)
        self._freeze_or_thaw(plain, payment)
        if found.state in OPEN_DISPUTES:
            alarm(plain, f"dispute:{found.ident}", f"Payment {payment.ident} is disputed. Answer it at Stripe.", at)

    def _freeze_or_thaw(self, plain: Plain, payment: Payment) -> None:
        wallet = wallet_of(plain, payment.owner)
        if wallet is None:
            return
        is_open = (plain.row(_DISPUTES_OPEN, owner=payment.owner) or (0,))[0]
        disputed = "one of its payments is disputed"
        if is_open:
            plain.run(_FREEZE, id=wallet.ident, why=disputed)
        elif wallet.frozen_because == disputed:
            plain.run(_FREEZE, id=wallet.ident, why=None)

    def _check_room(self, owner: str, micros: int) -> None:
        with self._snapshots() as connection:
            wallet = wallet_of(Plain(connection), owner)
        most = self.currency.micros_of_minor(WALLET_MAX_MINOR)
        if wallet is not None and wallet.posted + micros > most:
            raise CardsRefused(f"A wallet holds at most {self.currency.shown(most)}.")
        if wallet is not None and wallet.frozen_because:
            raise CardsRefused("Your wallet is closed while one of its payments is being looked into.")

    def _shown(self, minor: int) -> str:
        return self.currency.shown(minor * self.currency.minor_micros)

    def _run(self, command: Callable[[Plain], T]) -> T:
        def run(writer: Connection) -> T:
            return command(Plain(writer))

        return self.lane.run(run)

    def millis(self) -> int:
        """The time, in Unix milliseconds."""
        return int(self._now() * 1000)

    def seconds(self) -> int:
        """The time, in Unix seconds."""
        return int(self._now())


def alarm(plain: Plain, ident: str, sentence: str, at: int) -> None:
    """Tell the artist, once for each id, of money in doubt; `at` in Unix milliseconds."""
    plain.run(_ALARM, id=ident, sentence=sentence, at=at)


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


def balance_of_dispute(found: Disputed, minor_micros: int) -> int:
    """Give what a dispute has taken and not given back, in micros, fees aside."""
    return -sum(one.amount for one in found.moved) * minor_micros


def _dispute_entries(movement: Moved, minor_micros: int) -> tuple[Entry, ...]:
    amount, fee = movement.amount * minor_micros, movement.fee * minor_micros
    entries = (Entry(accounts.DISPUTED, -amount), Entry(accounts.FEES, fee), Entry(accounts.PROCESSOR, amount - fee))
    return tuple(entry for entry in entries if entry.micros)


def _tipped(plain: Plain, micros: int) -> tuple[Entry, ...]:
    parts = divide(plain, micros, ()).parts
    earned = [
        Entry(accounts.TIPS if party == ARTIST else accounts.payable(party), -part) for party, part in parts.items()
    ]
    return (Entry(accounts.PROCESSOR, micros), *earned)
