"""Wallets: what a listener has paid in and not spent, what of it is set aside, and her own limits.

Money comes in by a posting and is told here in the same transaction. Lots (what is left of each
payment, first in, first out) are read from the ledger when something is paid back.
"""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection

from billing import accounts
from billing.contracts import Snapshots, WriteLane
from billing.errors import NotEnough
from billing.ledger import Transaction, moved, open_accounts, post
from billing.money import checked
from billing.plain import Plain, statement

_COLUMNS = "id, owner, posted, held, gift, gift_held, gift_expires_at, frozen_because, day_max, month_max"
_BY_OWNER = statement(f"SELECT {_COLUMNS} FROM wallets WHERE owner = :owner")
_TO_CHANGE = statement(_BY_OWNER.sqlite, postgresql=f"{_BY_OWNER.sqlite} FOR UPDATE")
_BY_ID = statement(f"SELECT {_COLUMNS} FROM wallets WHERE id = :id")
_OWNERS = statement("SELECT owner FROM wallets ORDER BY owner")
_FILLED = statement(f"SELECT {_COLUMNS} FROM wallets WHERE posted > held ORDER BY posted DESC, id LIMIT :most")
_OPEN = statement(
    """INSERT INTO wallets (id, owner, posted, held, gift, gift_held, created_at)
 VALUES (:id, :owner, 0, 0, 0, 0, :at) ON CONFLICT (owner) DO NOTHING"""
)
_ADD = statement("UPDATE wallets SET posted = posted + :micros WHERE id = :id")
_TAKE = statement("UPDATE wallets SET posted = posted - :micros WHERE id = :id AND posted - held >= :micros")
_GIVE = statement("UPDATE wallets SET gift = gift + :micros, gift_expires_at = :until WHERE id = :id")
_UNGIVE = statement(
    """UPDATE wallets SET gift = gift - :micros
 WHERE id = :id AND gift - gift_held = :micros AND gift_expires_at <= :at"""
)
_FREEZE = statement("UPDATE wallets SET frozen_because = :why WHERE id = :id")
_LIMIT = statement("UPDATE wallets SET day_max = :day, month_max = :month WHERE id = :id")
_MOVE = statement("UPDATE wallets SET owner = :new WHERE owner = :old")
_EXPIRED = statement(
    """SELECT id, gift - gift_held FROM wallets
 WHERE gift > gift_held AND gift_expires_at IS NOT NULL AND gift_expires_at <= :at"""
)
_SPENT = statement(
    """SELECT coalesce(sum(e.micros), 0) FROM ledger_entries e JOIN ledger_transactions t ON t.id = e.transaction_id
 WHERE e.account = :account AND e.micros > 0 AND t.at >= :since AND t.kind IN ('capture', 'tip', 'subscription')"""
)
_STATEMENT = statement(
    """SELECT t.seq, t.id, t.kind, t.at, e.micros, t.about FROM ledger_entries e
 JOIN ledger_transactions t ON t.id = e.transaction_id WHERE e.account IN (:account, :gift) ORDER BY t.seq, e.n"""
)
_NEWEST = statement(
    """SELECT t.seq, t.id, t.kind, t.at, e.micros, t.about FROM ledger_entries e
 JOIN ledger_transactions t ON t.id = e.transaction_id WHERE e.account IN (:account, :gift)
 ORDER BY t.seq DESC, e.n DESC LIMIT :most"""
)
_OF_RECEIPT = statement(
    """SELECT t.seq, t.id, t.kind, t.at, e.micros, t.about FROM ledger_entries e
 JOIN ledger_transactions t ON t.id = e.transaction_id WHERE e.account IN (:account, :gift)
 AND t.about LIKE :like ORDER BY t.seq, e.n"""
)
_COUNTED = statement("SELECT count(DISTINCT transaction_id) FROM ledger_entries WHERE account IN (:account, :gift)")
_POCKETS = 2


@dataclass(frozen=True, slots=True)
class Wallet:
    """One listener's wallet, in micros; times in Unix milliseconds."""

    ident: str
    owner: str
    posted: int
    held: int
    gift: int
    gift_held: int
    gift_expires_at: int | None
    frozen_because: str | None
    day_max: int | None
    month_max: int | None

    @property
    def available(self) -> int:
        """What may be spent of what was paid in."""
        return 0 if self.frozen_because else self.posted - self.held

    def gift_at(self, at: int) -> int:
        """What may be spent of what was given, at a time."""
        has_expired = self.gift_expires_at is not None and self.gift_expires_at <= at
        return 0 if has_expired or self.frozen_because else self.gift - self.gift_held


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a wallet's statement: above zero came in, below went out."""

    seq: int
    ident: str
    kind: str
    at: int
    micros: int
    about: dict[str, str | int]


@dataclass(frozen=True, slots=True)
class Lot:
    """What is left of one payment."""

    topup: str
    paid: int
    left: int


def wallet_of(plain: Plain, owner: str, *, to_change: bool = False) -> Wallet | None:
    """Find a listener's wallet; nobody else changes it before this transaction ends, if it is to be changed."""
    row = plain.row(_TO_CHANGE if to_change else _BY_OWNER, owner=owner)
    return None if row is None else Wallet(*row)


def wallet_with(plain: Plain, ident: str) -> Wallet:
    """Find a wallet by its id; it exists."""
    row = plain.row(_BY_ID, id=ident)
    if row is None:
        raise LookupError(ident)
    return Wallet(*row)


def opened(plain: Plain, owner: str, at: int) -> Wallet:
    """Give a listener's wallet; open one where there is none."""
    found = wallet_of(plain, owner)
    if found is None:
        plain.run(_OPEN, id=secrets.token_hex(12), owner=owner, at=at)
        found = wallet_of(plain, owner)
        if found is None:
            raise LookupError(owner)
        open_accounts(plain, [accounts.wallet(found.ident), accounts.gift(found.ident)], at)
    return found


def paid_in(plain: Plain, wallet: Wallet, micros: int, transaction: Transaction, at: int) -> bool:
    """Post money that came in, and add it to the wallet; False where it was posted before."""
    is_new = post(plain, transaction, at)
    if is_new:
        plain.run(_ADD, id=wallet.ident, micros=checked(micros))
    return is_new


def taken_out(plain: Plain, wallet: Wallet, micros: int, transaction: Transaction, at: int) -> bool:
    """Post money that leaves a wallet; False where it was posted before. Raises `NotEnough`."""
    is_new = post(plain, transaction, at)
    if is_new and not plain.run(_TAKE, id=wallet.ident, micros=checked(micros)):
        raise NotEnough(micros, wallet.available)
    return is_new


def spent_since(plain: Plain, wallet: str, since: int) -> int:
    """Give what was spent of what was paid in, since a time."""
    row = plain.row(_SPENT, account=accounts.wallet(wallet), since=since)
    return int(row[0]) if row else 0


def lots(plain: Plain, wallet: str) -> list[Lot]:
    """Give what is left of each payment: spending uses the oldest first, a refund its own."""
    account = accounts.wallet(wallet)
    found: dict[str, Lot] = {}
    for _, ident, kind, _, micros, about in plain.rows(_STATEMENT, account=account, gift=account):
        if micros < 0:
            named = str(json.loads(about).get("topup", ident))
            lot = found.get(named, Lot(named, 0, 0))
            paid = -micros if kind == "top_up" else 0
            found[named] = Lot(named, lot.paid + paid, lot.left - micros)
        else:
            _use(found, micros, json.loads(about).get("topup"))
    return list(found.values())


def _use(found: dict[str, Lot], micros: int, own: str | None) -> None:
    order = [own, *found] if own in found else list(found)
    for name in order:
        lot = found[str(name)]
        part = min(lot.left, micros)
        found[str(name)] = Lot(lot.topup, lot.paid, lot.left - part)
        micros -= part


class Wallets:
    """The wallets of a node. Thread-safe."""

    def __init__(self, snapshots: Snapshots, lane: WriteLane, now: Callable[[], float]) -> None:
        self._snapshots = snapshots
        self._lane = lane
        self._now = now

    def open(self, owner: str) -> Wallet:
        """Give a listener's wallet; open one where there is none."""
        with self._snapshots() as connection:
            found = wallet_of(Plain(connection), owner)
        return found or self._lane.run(lambda writer: opened(Plain(writer), owner, self.millis()))

    def find(self, owner: str) -> Wallet | None:
        """Find a listener's wallet."""
        with self._snapshots() as connection:
            return wallet_of(Plain(connection), owner)

    def owners(self) -> list[str]:
        """Give everybody who has a wallet."""
        with self._snapshots() as connection:
            return [str(owner) for (owner,) in Plain(connection).rows(_OWNERS)]

    def filled(self, most: int) -> list[Wallet]:
        """Give the wallets in which something is left of what was paid in, the fullest first."""
        with self._snapshots() as connection:
            return [Wallet(*row) for row in Plain(connection).rows(_FILLED, most=most)]

    def named(self, ident: str) -> Wallet | None:
        """Find a wallet by its id."""
        with self._snapshots() as connection:
            row = Plain(connection).row(_BY_ID, id=ident)
        return None if row is None else Wallet(*row)

    def give(self, owner: str, micros: int, ident: str, *, until: int | None = None, why: str = "gift") -> Wallet:
        """Give credit that costs the artist: once for each id, until a time (Unix milliseconds) if one is said.

        What was given before, is left and has not expired goes with it, to the later end.
        """
        checked(micros)

        def give(writer: Connection) -> Wallet:
            plain, at = Plain(writer), self.millis()
            wallet = opened(plain, owner, at)
            entries = moved(micros, debit=accounts.PROMOTION, credit=accounts.gift(wallet.ident))
            if post(plain, Transaction(ident, "gift", entries, {"why": why}), at):
                if wallet.gift_expires_at is not None and wallet.gift_expires_at <= at:
                    _taken_back(plain, wallet.ident, wallet.gift - wallet.gift_held, at)
                is_endless = wallet.gift > 0 and wallet.gift_expires_at is None
                ends = None if until is None or is_endless else max(until, wallet.gift_expires_at or 0)
                plain.run(_GIVE, id=wallet.ident, micros=micros, until=ends)
            return wallet_with(plain, wallet.ident)

        return self._lane.run(give)

    def expire_gifts(self) -> int:
        """Take back what was given and has expired; give how many wallets that concerned."""

        def expire(writer: Connection) -> int:
            plain, at = Plain(writer), self.millis()
            return sum(_taken_back(plain, ident, micros, at) for ident, micros in plain.rows(_EXPIRED, at=at))

        with self._snapshots() as connection:
            if not Plain(connection).rows(_EXPIRED, at=self.millis()):
                return 0
        return self._lane.run(expire)

    def limit(self, owner: str, *, day_max: int | None, month_max: int | None) -> Wallet:
        """Keep a listener's own limits, in micros; None is none."""
        for most in (day_max, month_max):
            if most is not None:
                checked(most)

        def keep(writer: Connection) -> Wallet:
            plain = Plain(writer)
            wallet = opened(plain, owner, self.millis())
            plain.run(_LIMIT, id=wallet.ident, day=day_max, month=month_max)
            return wallet_with(plain, wallet.ident)

        return self._lane.run(keep)

    def freeze(self, ident: str, why: str | None) -> None:
        """Close a wallet to spending, with the reason; None opens it again."""
        self._lane.run(lambda writer: Plain(writer).run(_FREEZE, id=ident, why=why))

    def move(self, old: str, new: str) -> None:
        """Let a wallet follow its owner to her new key; where both have one, each stays."""

        def move(writer: Connection) -> None:
            plain = Plain(writer)
            if wallet_of(plain, new) is None:
                plain.run(_MOVE, old=old, new=new)

        self._lane.run(move)

    def lines(self, wallet: Wallet, *, newest: int | None = None, receipt: str | None = None) -> list[Line]:
        """Give everything that came in and went out, oldest first.

        Of the `newest` so many movements are given, each of which may be two lines; of a `receipt`, by its id, its own.
        """
        pockets = _pockets(wallet)
        with self._snapshots() as connection:
            plain = Plain(connection)
            if receipt is not None:
                rows = plain.rows(_OF_RECEIPT, like=f"%{receipt}%", **pockets)
            elif newest is not None:
                rows = list(reversed(plain.rows(_NEWEST, most=newest * _POCKETS, **pockets)))
            else:
                rows = plain.rows(_STATEMENT, **pockets)
        return [Line(seq, ident, kind, at, -micros, json.loads(about)) for seq, ident, kind, at, micros, about in rows]

    def movements(self, wallet: Wallet) -> int:
        """Count how often something came in or went out."""
        with self._snapshots() as connection:
            row = Plain(connection).row(_COUNTED, **_pockets(wallet))
        return int(row[0]) if row else 0

    def lots(self, wallet: Wallet) -> list[Lot]:
        """Give what is left of each payment."""
        with self._snapshots() as connection:
            return lots(Plain(connection), wallet.ident)

    def millis(self) -> int:
        """The time, in Unix milliseconds."""
        return int(self._now() * 1000)


def _taken_back(plain: Plain, ident: str, micros: int, at: int) -> bool:
    """Take back what has expired; not where another process spent it, gave more or was faster."""
    if not micros or not plain.run(_UNGIVE, id=ident, micros=micros, at=at):
        return False
    entries = moved(micros, debit=accounts.gift(ident), credit=accounts.PROMOTION)
    return post(plain, Transaction(f"expiry:{ident}:{secrets.token_hex(8)}", "expiry", entries), at)


def day_and_month(at: int) -> tuple[int, int]:
    """Give when the day and the month of a time began, in UTC; all in Unix milliseconds."""
    now = datetime.fromtimestamp(at / 1000, UTC)
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return int(day.timestamp() * 1000), int(day.replace(day=1).timestamp() * 1000)


def _pockets(wallet: Wallet) -> dict[str, str]:
    """Name the accounts of what was paid in and of what was given."""
    return {"account": accounts.wallet(wallet.ident), "gift": accounts.gift(wallet.ident)}
