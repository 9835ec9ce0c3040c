"""Holds: money set aside while an answer is being written. Each ends exactly once.

A hold covers the most that an answer may cost: first what was given, then what was paid in. What is
owed at the end is captured, divided, and receipted in one transaction; the rest is free again.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import Connection

from billing import accounts
from billing.contracts import WriteLane
from billing.errors import (
    AllowanceReached,
    CapReached,
    FreeUsedUp,
    HoldAlreadyEnded,
    NotEnough,
    NothingCanBePaid,
    NoWallet,
    OwedOutsideHold,
    WalletFrozen,
)
from billing.ledger import Entry, Transaction, post
from billing.plain import Plain, statement
from billing.prices import Free, Offer
from billing.receipts import Receipt, Receipts, Sold
from billing.shares import ARTIST, Cited
from billing.splits import Divided, divide
from billing.wallets import Wallet, day_and_month, spent_since, wallet_of

T = TypeVar("T")
SECONDS = 120
"""How long a hold lives unless it is kept alive; whoever writes an answer keeps its hold alive."""

_SET_ASIDE = statement(
    """UPDATE wallets SET held = held + :micros, gift_held = gift_held + :gift
 WHERE id = :id AND posted - held >= :micros AND gift - gift_held >= :gift AND frozen_because IS NULL"""
)
_PLACE = statement(
    """INSERT INTO holds (id, owner, wallet, micros, gift_micros, free, client, state, placed_at, expires_at, captured)
 VALUES (:id, :owner, :wallet, :micros, :gift, :free, :client, 'pending', :at, :until, 0)"""
)
_END = statement(
    "UPDATE holds SET state = :state, ended_at = :at, captured = :captured WHERE id = :id AND state = 'pending'"
)
_FIND = statement("SELECT id, owner, wallet, micros, gift_micros, state FROM holds WHERE id = :id")
_SETTLE = statement(
    """UPDATE wallets SET held = held - :micros, posted = posted - :paid, gift_held = gift_held - :gift,
 gift = gift - :given WHERE id = :id"""
)
_PENDING = statement("SELECT coalesce(sum(micros), 0) FROM holds WHERE wallet = :wallet AND state = 'pending'")
_EXPIRED = statement("SELECT id FROM holds WHERE state = 'pending' AND expires_at <= :at")
_ALL_PENDING = statement("SELECT id FROM holds WHERE state = 'pending'")
_KEEP = statement("UPDATE holds SET expires_at = :until WHERE id = :id AND state = 'pending'")
_FREE_OF_OWNER = statement(
    "SELECT count(*) FROM holds WHERE owner = :owner AND free = :free AND state IN ('pending', 'captured')"
)
_FREE_OF_DAY = statement(
    """SELECT count(*), coalesce(sum(CASE WHEN client = :client THEN 1 ELSE 0 END), 0) FROM holds
 WHERE free = :free AND placed_at >= :since AND state IN ('pending', 'captured')"""
)
_SPENT_TODAY = statement(
    """SELECT coalesce(sum(CASE WHEN state = 'pending' THEN micros + gift_micros ELSE captured END), 0) FROM holds
 WHERE wallet = :wallet AND client = :client AND free IS NULL AND placed_at >= :since
 AND state IN ('pending', 'captured')"""
)
_OWN = statement(
    """INSERT INTO owned (wallet, thing, paid, is_bought) VALUES (:wallet, :thing, :paid, :bought)
 ON CONFLICT (wallet, thing) DO UPDATE SET paid = owned.paid + excluded.paid,
 is_bought = CASE WHEN excluded.is_bought > owned.is_bought THEN excluded.is_bought ELSE owned.is_bought END"""
)

_LOCKED = statement("SELECT 1", postgresql="SELECT 1 FROM wallets WHERE id = :id FOR UPDATE")
_PAID_ABOUT = statement("SELECT paid, is_bought FROM owned WHERE wallet = :wallet AND thing = :thing")
_IS_HERS = statement("UPDATE owned SET is_bought = 1 WHERE wallet = :wallet AND thing = :thing AND paid >= :enough")
# Free places are counted by everybody in turn; SQLite has one writer anyway.
_IN_TURN = statement("SELECT 1", postgresql="SELECT pg_advisory_xact_lock(71846202)")


@dataclass(frozen=True, slots=True)
class Allowance:
    """How much somebody who goes by a name may spend of another's wallet in a day (UTC), gifts included."""

    name: str
    micros_per_day: int


@dataclass(frozen=True, slots=True)
class Hold:
    """What was set aside for one question; nothing at all where `is_kept` is false."""

    id: str
    owner: str
    offer: Offer
    micros: int = 0
    gift_micros: int = 0
    wallet: str | None = None

    @property
    def ceiling_micros(self) -> int:
        """What may be captured at most."""
        return self.micros + self.gift_micros

    @property
    def is_kept(self) -> bool:
        """Whether there is anything to end: money, or a free place."""
        return self.wallet is not None or self.offer.free is not None


@dataclass(frozen=True, slots=True)
class Sale:
    """What an ended answer was: of which act, how long, resting on what, to what question."""

    act: str
    question: str
    sentences: int = 0
    cited: Sequence[Cited] = field(default_factory=tuple)


class Holds:
    """Sets money aside and ends each hold once. Thread-safe."""

    def __init__(self, lane: WriteLane, receipts: Receipts, now: Callable[[], float] = time.time) -> None:
        self._lane = lane
        self._receipts = receipts
        self._now = now
        self._alive: set[str] = set()  # whatever the clock does, what is written here is not expired here

    def place(
        self,
        ident: str,
        owner: str,
        offer: Offer,
        *,
        client: str | None = None,
        allowance: Allowance | None = None,
        before: Callable[[Connection], object] = lambda _: None,
    ) -> Hold:
        """Set an offer's ceiling aside. Raises `NotEnough` and its kin, or `FreeUsedUp`; then nothing is held.

        `client` counts free places; `allowance` says who spends for the owner, and how much a day at most.
        `before` comes first and is committed with the hold, or nothing is.
        """
        hold = Hold(ident, owner, offer)
        if offer.ceiling_micros and not self._receipts.can_sign:
            raise NothingCanBePaid

        def place(writer: Connection) -> Hold:
            before(writer)
            if not offer.ceiling_micros and offer.free is None:
                return hold
            return self._placed(Plain(writer), hold, client, allowance)

        placed = self._lane.run(place)
        if placed.is_kept:
            self._alive.add(ident)
        return placed

    def capture(
        self, hold: Hold, owed_micros: int, sale: Sale, *, beside: Callable[[Connection, Receipt | None], T]
    ) -> T:
        """Charge what is owed, divide it and sign the receipt; `beside` is committed with it, or nothing is.

        What became hers while the answer was written costs nothing more; the receipt says what was paid.
        Raises `OwedOutsideHold`, `HoldAlreadyEnded`.
        """
        if not 0 <= owed_micros <= hold.ceiling_micros:
            raise OwedOutsideHold(hold.id, owed_micros)

        def end(owner: Connection) -> T:
            return beside(owner, self._captured(Plain(owner), hold, owed_micros, sale))

        result = self._lane.run(end)
        self._alive.discard(hold.id)
        return result

    def release(self, hold: Hold) -> None:
        """Let everything go. Raises `HoldAlreadyEnded`."""
        try:
            if hold.is_kept:
                self._run(lambda plain: self._ended(plain, hold, "released"))
        finally:
            self._alive.discard(hold.id)

    def keep_alive(self) -> None:
        """Let the holds that were placed here live on while their answers are written."""
        idents, until = list(self._alive), self._millis() + SECONDS * 1000
        if idents:
            self._run(lambda plain: [plain.run(_KEEP, id=ident, until=until) for ident in idents])

    def expire(self) -> list[str]:
        """End the holds that nobody kept alive; give their ids."""
        return self._end_all(_EXPIRED, at=self._millis())

    def abandon(self, owner: Connection, ident: str) -> bool:
        """End one hold within another command, because nobody writes its answer any more; whether there was one."""
        plain = Plain(owner)
        self._alive.discard(ident)
        row = plain.row(_FIND, id=ident)
        if row is None or row[5] != "pending":
            return False
        with suppress(HoldAlreadyEnded):  # a moment ago
            self._ended(plain, Hold(row[0], row[1], _NO_OFFER, row[3], row[4], row[2]), "expired")
            return True
        return False

    def end_all(self) -> list[str]:
        """End every hold that is left from before; for a process that owns its home alone, at its start."""
        return self._end_all(_ALL_PENDING)

    def _end_all(self, which: Any, **values: int) -> list[str]:
        def end(plain: Plain) -> list[str]:
            ended = []
            for (ident,) in plain.rows(which, **values):
                if ident not in self._alive and (row := plain.row(_FIND, id=ident)) is not None:
                    hold = Hold(row[0], row[1], _NO_OFFER, row[3], row[4], row[2])
                    with suppress(HoldAlreadyEnded):  # another process was faster
                        self._ended(plain, hold, "expired")
                        ended.append(ident)
            return ended

        return self._run(end)

    def _placed(self, plain: Plain, hold: Hold, client: str | None, allowance: Allowance | None) -> Hold:
        at = self._millis()
        until = at + SECONDS * 1000
        if hold.offer.free is not None:
            _check_free(plain, hold, hold.offer.free, client, at)
            free = {"free": hold.offer.free.name, "wallet": None, "micros": 0, "gift": 0}
            plain.run(_PLACE, id=hold.id, owner=hold.owner, client=client, at=at, until=until, **free)
            return hold
        wallet = wallet_of(plain, hold.owner, to_change=True)
        if wallet is None:
            raise NoWallet(hold.offer.ceiling_micros)
        gift = _coverage(plain, wallet, hold.offer.ceiling_micros, at)
        if allowance is not None:
            _check_allowance(plain, wallet.ident, hold.offer.ceiling_micros, allowance, at)
            client = allowance.name
        micros = hold.offer.ceiling_micros - gift
        if not plain.run(_SET_ASIDE, id=wallet.ident, micros=micros, gift=gift):
            raise NotEnough(hold.offer.ceiling_micros, wallet.available)
        paid = {"free": None, "wallet": wallet.ident, "micros": micros, "gift": gift}
        plain.run(_PLACE, id=hold.id, owner=hold.owner, client=client, at=at, until=until, **paid)
        return Hold(hold.id, hold.owner, hold.offer, micros, gift, wallet.ident)

    def _captured(self, plain: Plain, hold: Hold, owed: int, sale: Sale) -> Receipt | None:
        if not hold.is_kept:
            return None
        at = self._millis()
        owed = _not_hers_yet(plain, hold, owed)
        if not plain.run(_END, id=hold.id, state="captured", at=at, captured=owed):
            raise HoldAlreadyEnded(hold.id)
        if hold.wallet is None:
            return None
        given = min(owed, hold.gift_micros)
        paid = owed - given
        plain.run(_SETTLE, id=hold.wallet, micros=hold.micros, paid=paid, gift=hold.gift_micros, given=given)
        _own(plain, hold, owed)
        if not owed:
            return None
        shares = divide(plain, owed, sale.cited)
        sold = Sold(sale.act, hold.offer.version, owed, given, hold.owner, sale.question, sale.sentences)
        receipt = self._receipts.write(plain, sold, shares, at)
        about = {"act": sale.act, "receipt": receipt.ident, "prices": hold.offer.version}
        if hold.offer.thing is not None:
            about["thing"] = hold.offer.thing
        entries = _entries(hold.wallet, paid, given, shares)
        post(plain, Transaction(f"capture:{hold.id}", "capture", entries, about), at, is_known_new=True)
        return receipt

    def _ended(self, plain: Plain, hold: Hold, state: str) -> None:
        if not plain.run(_END, id=hold.id, state=state, at=self._millis(), captured=0):
            raise HoldAlreadyEnded(hold.id)
        if hold.wallet is not None:
            plain.run(_SETTLE, id=hold.wallet, micros=hold.micros, paid=0, gift=hold.gift_micros, given=0)

    def _run(self, command: Callable[[Plain], T]) -> T:
        return self._lane.run(lambda owner: command(Plain(owner)))

    def _millis(self) -> int:
        return int(self._now() * 1000)


_NO_OFFER = Offer(0, 0, "")


def _entries(wallet: str, paid: int, given: int, shares: Divided) -> tuple[Entry, ...]:
    debits = [Entry(accounts.wallet(wallet), paid), Entry(accounts.gift(wallet), given)]
    earned = [
        Entry(accounts.ANSWERS if party == ARTIST else accounts.payable(party), -micros)
        for party, micros in shares.parts.items()
    ]
    return tuple(entry for entry in (*debits, *earned) if entry.micros)


def _coverage(plain: Plain, wallet: Wallet, needed: int, at: int) -> int:
    """Give how much of what is needed the gift covers, or refuse."""
    if wallet.frozen_because is not None:
        raise WalletFrozen(needed)
    gift = min(needed, wallet.gift_at(at))
    if wallet.available < needed - gift:
        raise NotEnough(needed, wallet.available + gift)
    if needed > gift and (wallet.day_max is not None or wallet.month_max is not None):
        _check_limits(plain, wallet, needed - gift, at)
    return gift


def _check_limits(plain: Plain, wallet: Wallet, needed: int, at: int) -> None:
    day, month = day_and_month(at)
    pending = plain.row(_PENDING, wallet=wallet.ident)
    held = int(pending[0]) if pending else 0
    for period, most, since in (("day", wallet.day_max, day), ("month", wallet.month_max, month)):
        if most is not None:
            left = most - spent_since(plain, wallet.ident, since) - held
            if needed > left:
                raise CapReached(needed, max(0, left), period)


def _check_allowance(plain: Plain, wallet: str, needed: int, allowance: Allowance, at: int) -> None:
    """Count what was paid and is set aside under this name today; the wallet is locked, so nobody else counts now."""
    day, _ = day_and_month(at)
    row = plain.row(_SPENT_TODAY, wallet=wallet, client=allowance.name, since=day)
    left = allowance.micros_per_day - (int(row[0]) if row else 0)
    if needed > left:
        raise AllowanceReached(needed, max(0, left))


def _check_free(plain: Plain, hold: Hold, free: Free, client: str | None, at: int) -> None:
    plain.row(_IN_TURN)
    used = plain.row(_FREE_OF_OWNER, owner=hold.owner, free=free.name)
    if used is None or used[0] >= free.most:
        raise FreeUsedUp
    if free.a_day is None and free.per_client_a_day is None:
        return
    day, _ = day_and_month(at)
    today = plain.row(_FREE_OF_DAY, free=free.name, since=day, client=client) or (0, 0)
    for used_today, most in zip(today, (free.a_day, free.per_client_a_day), strict=True):
        if most is not None and used_today >= most:
            raise FreeUsedUp


def _not_hers_yet(plain: Plain, hold: Hold, owed: int) -> int:
    """Give what is still to be paid about a thing: several questions about it may have been under way at once."""
    offer = hold.offer
    if offer.thing is None or hold.wallet is None or not (offer.buys or offer.own_at_micros):
        return owed
    plain.row(_LOCKED, id=hold.wallet)
    paid, is_bought = plain.row(_PAID_ABOUT, wallet=hold.wallet, thing=offer.thing) or (0, 0)
    if is_bought:
        return 0
    return min(owed, max(0, offer.own_at_micros - paid)) if offer.own_at_micros else owed


def _own(plain: Plain, hold: Hold, owed: int) -> None:
    """Count what was paid about a thing; what is bought, or paid for to the end, is hers."""
    offer = hold.offer
    if offer.thing is None or hold.wallet is None or not (owed or offer.buys):
        return
    plain.run(_OWN, wallet=hold.wallet, thing=offer.thing, paid=owed, bought=int(offer.buys and owed > 0))
    if offer.own_at_micros:
        plain.run(_IS_HERS, wallet=hold.wallet, thing=offer.thing, enough=offer.own_at_micros)
