"""Everything of this node that handles money, opened once, and what has to be done again and again."""

import hashlib
import hmac
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import structlog

from billing import Currency, Holds, Pricing, Receipts, Splits, Wallets
from billing.chain import follow_up
from billing.errors import LogRewound
from billing.payables import Payables
from billing.publishing import PublicLog
from billing.witnesses import Witnesses
from presence.database import Database
from presence.paying.signatures import is_signed_by_key
from presence.write_lane import WriteLane
from trustgraph import Key
from trustgraph.did import key_of

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Paying:
    """The money side of a node. `public` and `witnesses` are None where there is no key to sign with."""

    currency: Currency
    wallets: Wallets
    holds: Holds
    pricing: Pricing
    receipts: Receipts
    splits: Splits
    payables: Payables
    public: PublicLog | None
    witnesses: Witnesses | None
    lane: WriteLane
    node: Callable[[], str]
    secret: Callable[[], bytes]

    def client_name(self, address: str) -> str:
        """Name an address without keeping it, to count the free answers of newcomers by."""
        return hmac.digest(self.secret(), b"client " + address.encode(), hashlib.sha256).hex()

    def keep_books(self, *, leads: bool = True) -> None:
        """Do what follows the commits: the chain, what has expired, the public log.

        Of several processes, the others keep their own holds alive, and their files of that log as they are published.
        """
        self.holds.keep_alive()
        if not leads:
            if self.public is not None:
                self.public.follow()
            return
        self.holds.expire()
        self.wallets.expire_gifts()
        follow_up(self.lane)
        if self.public is not None:
            try:
                self.public.publish()
            except LogRewound:
                log.exception("receipts not published")


def open_paying(
    database: Database,
    lane: WriteLane,
    key: Key | None,
    node: Callable[[], str],
    folder: Path,
    currency: Currency,
    secret: Callable[[], bytes],
    now: Callable[[], float],
) -> Paying:
    """Open what handles money; `folder` is where the public log of receipts is served from."""
    receipts = Receipts(database.snapshot, key, node, currency.code)
    public = witnesses = None
    if key is not None:
        public = PublicLog(folder, database.snapshot, lane, key, key_of(key.did), is_signed_by_key, node, now)
        witnesses = Witnesses(database.snapshot, lane, public, is_signed_by_key, now)
    return Paying(
        currency,
        Wallets(database.snapshot, lane, now),
        Holds(lane, receipts, now),
        Pricing(database.snapshot, lane, now),
        receipts,
        Splits(database.snapshot, lane, now),
        Payables(database.snapshot, lane, currency, now),
        public,
        witnesses,
        lane,
        node,
        secret,
    )


class Bookkeeper:
    """A thread that keeps the books while the node is open."""

    def __init__(self, paying: Paying, seconds: float, leads: Callable[[], bool] = lambda: True) -> None:
        self._paying, self._leads = paying, leads
        self._seconds = seconds
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """End what a crash left set aside, then begin."""
        self._thread = threading.Thread(target=self._work, name="bookkeeper", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Keep the books once more, and stop."""
        self._closed.set()
        if self._thread is not None:
            self._thread.join()
        self._once()

    def _work(self) -> None:
        while not self._closed.wait(self._seconds):
            self._once()

    def _once(self) -> None:
        try:
            self._paying.keep_books(leads=self._leads())
        except Exception:
            log.exception("books not kept")
