"""Money over a database, with a clock and a key of its own."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from billing import Holds, Offer, Pricing, Receipts, Splits, Wallets, accounts
from billing.audit import audit
from billing.chain import follow_up
from billing.ledger import Transaction, moved
from billing.plain import Plain
from billing.wallets import Wallet, opened, paid_in
from presence.database import Database
from presence.paying.signatures import is_signed_by
from presence.write_lane import WriteLane
from tests.databases import open_migrated
from tests.strict_stripe import Manners, StrictStripe
from trustgraph import Key

CENT = 10_000
ANN, BOB = "did:key:ann", "did:key:bob"


class Clock:
    """Time that tests move."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Till:
    """Everything that handles money, over one database."""

    database: Database
    lane: WriteLane
    clock: Clock
    key: Key

    def __post_init__(self) -> None:
        snapshots = self.database.snapshot
        self.receipts = Receipts(snapshots, self.key, lambda: "sha256:root", "usd")
        self.holds = Holds(self.lane, self.receipts, self.clock)
        self.wallets = Wallets(snapshots, self.lane, self.clock)
        self.splits = Splits(snapshots, self.lane, self.clock)
        self.pricing = Pricing(snapshots, self.lane, self.clock)

    def top_up(self, owner: str, micros: int, ident: str = "first") -> Wallet:
        """Pay money in, as a card payment does."""

        def pay(writer: object) -> Wallet:
            plain, at = Plain(writer), self.wallets.millis()  # type: ignore[arg-type]
            wallet = opened(plain, owner, at)
            entries = moved(micros, debit=accounts.PROCESSOR, credit=accounts.wallet(wallet.ident))
            paid_in(plain, wallet, micros, Transaction(f"topup:{owner}:{ident}", "top_up", entries), at)
            return wallet

        self.lane.run(pay)
        return self.wallets.open(owner)

    def balance(self, account: str) -> int:
        """What an account holds: what is owed or earned is above zero here."""
        from billing.ledger import balance_of

        with self.database.snapshot() as connection:
            return -balance_of(Plain(connection), account)

    def wrong(self) -> tuple[str, ...]:
        """Everything that does not hold."""
        follow_up(self.lane)
        return audit(self.database.snapshot, is_signed_by).wrong


def fixed(micros: int, **more: object) -> Offer:
    return Offer(micros, micros, "1", **more)  # type: ignore[arg-type]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def database(tmp_path: Path, database_url: str | None) -> Iterator[Database]:
    made = open_migrated(database_url, tmp_path / "presence.db")
    yield made
    made.close()


@pytest.fixture
def lane(database: Database) -> Iterator[WriteLane]:
    made = WriteLane(database.owner)
    yield made
    made.close()


@pytest.fixture
def till(database: Database, lane: WriteLane, clock: Clock) -> Iterator[Till]:
    """Whatever a test does: in the end the books are right."""
    made = Till(database, lane, clock, Key(b"p" * 32))
    yield made
    assert made.wrong() == ()


@pytest.fixture
def server(clock: Clock) -> Iterator[StrictStripe]:
    def now() -> datetime:
        return datetime.fromtimestamp(clock.now, UTC)

    with StrictStripe(manners=Manners(held=True), now=now) as running:
        running.webhooks.signing_time = clock
        yield running
