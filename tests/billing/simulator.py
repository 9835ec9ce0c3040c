"""Thirty days of a presence with too many listeners and everything going wrong: seeded, on a virtual clock.

`python -m tests.billing.simulator --seed 7 --questions 100000` replays a run; it prints its seed first.
Cards are paid, declined, disputed and refunded at a strict Stripe whose answers fail and whose messages
come twice, late, in disorder or never; the node is stopped in the middle of answers. In the end all of it
is looked up once more, and not a micro is missing.
"""

import argparse
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from unittest import mock

from billing import BillingError, Hold, Sale, accounts
from billing.cards import CardsAway, CardsRefused
from billing.errors import NotEnough
from billing.shares import ARTIST, Cited
from presence.database import Database, open_database
from presence.migrations import upgrade
from presence.write_lane import WriteLane
from tests.billing.card_desk import Desk
from tests.billing.conftest import CENT, Clock, Till, fixed
from tests.strict_stripe import Fault, Manners, StrictStripe
from tests.strict_stripe.refusals import Refusal
from trustgraph import Key

DAYS = 30
DAY = 24 * 3600
FAULTS = (
    Fault.ERROR_BEFORE_COMMIT,
    Fault.ERROR_AFTER_COMMIT,
    Fault.DROP_BEFORE_COMMIT,
    Fault.DROP_AFTER_COMMIT,
    Fault.LOCK_TIMEOUT,
    Fault.RATE_LIMIT,
)


class NothingThere(Exception):
    """There is nothing yet that this could happen to."""


@dataclass
class Told:
    """What a run came to."""

    seed: int
    happened: Counter[str] = field(default_factory=Counter)
    wrong: tuple[str, ...] = ()
    unexplained: int = 0
    left: dict[str, int] = field(default_factory=dict)
    charged: int = 0
    credited: int = 0
    owed_in_tax: int = 0

    @property
    def is_whole(self) -> bool:
        return not self.wrong and not self.unexplained and not any(self.left.values()) and self.charged == self.credited


class Simulation:
    """One run. `fault_rate` is the share of requests to the processor that fail."""

    def __init__(
        self, seed: int, questions: int, folder: Path, *, listeners: int = 2_000, url: str | None = None,
        fault_rate: float = 0.05, tax_rate: Decimal = Decimal(0),
    ) -> None:  # fmt: skip
        self.dice = random.Random(seed)
        self.questions, self.fault_rate, self.tax_rate = questions, fault_rate, tax_rate
        self.clock = Clock()
        self.told = Told(seed)
        self.people = [f"did:key:listener{number}" for number in range(listeners)]
        self.database: Database = open_database(url, folder / "presence.db")
        upgrade(self.database.owner)
        self.lane = WriteLane(self.database.owner)
        self.open: list[Hold] = []
        self.collaborator = ""

    def run(self) -> Told:
        """Live through the days, settle everything, and tell."""
        with StrictStripe(manners=Manners(held=True), now=self._now, seed=self.told.seed) as self.server:
            self.server.webhooks.signing_time = self.clock
            self.server.terms = replace(self.server.terms, tax_rate=self.tax_rate)
            with mock.patch("time.time", self.clock), mock.patch("time.sleep"):
                self._start()
                self._agree_on_a_split()
                for owner in self.people[::2]:
                    self.desk.paid(1_000, owner)
                self.server.faults.randomly(self.fault_rate, seed=self.told.seed, kinds=FAULTS)
                for number in range(self.questions):
                    self._step(number)
                self._settle()
        self._compare()
        self.lane.close()
        self.database.close()
        return self.told

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self.clock.now, UTC)

    def _start(self) -> None:
        """Begin as a process does: what was set aside before is let go."""
        self.till = Till(self.database, self.lane, self.clock, Key(b"p" * 32))
        self.desk = Desk(self.till, self.server, self.clock)
        self.desk.cards.processor.tax = "exclusive" if self.tax_rate else None
        self.open.clear()
        self.told.happened["let go at a start"] += len(self.till.holds.end_all())

    def _agree_on_a_split(self) -> None:
        party, _ = self.till.splits.add_party("A drummer")
        version = self.till.splits.propose("node", {ARTIST: 6_667, party.ident: 3_333})
        self.till.splits.accept(party.ident, version)
        self.collaborator = party.ident

    def _step(self, number: int) -> None:
        self.clock.now += DAYS * DAY / self.questions
        self._ask(f"q{number}")
        deeds: list[tuple[float, Callable[[], None]]] = [
            (0.03, self._pay_in),
            (0.02, self._page_ends),
            (0.004, self._ask_back),
            (0.002, self._dispute),
            (0.002, self._close_a_dispute),
            (0.002, self._refund_from_the_dashboard),
            (0.004, self._tip),
            (0.002, self._subscribe),
            (0.02, self._messages),
            (0.0005, self._stop),
            (max(0.001, 100 / self.questions), self._pass_a_while),
        ]
        for chance, deed in deeds:
            if self.dice.random() < chance:
                self._try(deed)

    def _try(self, deed: Callable[[], None]) -> None:
        name = deed.__name__.strip("_")
        try:
            deed()
        except (CardsAway, CardsRefused, NotEnough, NothingThere, Refusal) as error:
            self.told.happened[f"{name}: {type(error).__name__}"] += 1
        else:
            self.told.happened[name] += 1

    def _ask(self, ident: str) -> None:
        owner = self.dice.choice(self.people)
        micros = self.dice.choice((1, 333, 3_333, CENT, 2 * CENT, 5 * CENT))
        try:
            hold = self.till.holds.place(ident, owner, fixed(micros))
        except BillingError as error:
            self.told.happened[f"asked: {type(error).__name__}"] += 1
            return
        self.open.append(hold)
        if self.dice.random() < 0.9 or len(self.open) > 20:
            self._end(self.open.pop(self.dice.randrange(len(self.open))))

    def _end(self, hold: Hold) -> None:
        if self.dice.random() < 0.2:
            self.till.holds.release(hold)
            self.told.happened["free"] += 1
            return
        owed = self.dice.randint(0, hold.ceiling_micros)
        sale = Sale("ask", "What?", 1, [Cited("note", self.dice.randint(1, 200))])
        self.till.holds.capture(hold, owed, sale, beside=lambda *_: None)
        self.told.charged += owed
        self.told.happened["answered and paid"] += 1

    def _pay_in(self) -> None:
        self.desk.begin(self.dice.choice((500, 1_000, 2_000)), self.dice.choice(self.people))

    def _page_ends(self) -> None:
        pages = [one for one in self.server.objects("checkout.session")[-200:] if one["status"] == "open"]
        if pages:
            session = self.dice.choice(pages)["id"]
            way = self.dice.choice(("pay", "pay", "pay", "pay_later", "decline", "expire"))
            getattr(self.server, way)(session)
            if way == "pay_later":
                self.server.settle_later(session, succeeded=self.dice.random() < 0.7)
            if self.dice.random() < 0.5:
                self.desk.cards.fulfil(session)

    def _ask_back(self) -> None:
        self.desk.cards.refund_unspent(self.dice.choice(self.people))

    def _charge(self) -> str:
        charges = [one for one in self.server.objects("charge")[-300:] if one["paid"]]
        if not charges:
            raise NothingThere
        return str(self.dice.choice(charges)["id"])

    def _dispute(self) -> None:
        self.server.dispute(self._charge())

    def _close_a_dispute(self) -> None:
        found = [one for one in self.server.objects("dispute") if one["status"] == "needs_response"]
        if found:
            self.server.close_dispute(self.dice.choice(found)["id"], won=self.dice.random() < 0.5)

    def _refund_from_the_dashboard(self) -> None:
        refund = self.server.refund_from_dashboard(self._charge(), self.dice.randint(1, 400))
        if self.dice.random() < 0.3:
            self.server.refund_fails(refund)

    def _tip(self) -> None:
        self.desk.begin(300, self.dice.choice(self.people), "tip")

    def _subscribe(self) -> None:
        owner = self.dice.choice(self.people)
        if self.dice.random() < 0.5:
            self.desk.subscriptions.begin_from_wallet(owner, "month", 500 * CENT)
        else:
            self.desk.subscriptions.begin(owner, "month", 500, name="Supporter", back="https://a.example")

    def _messages(self) -> None:
        """Some of what waits arrives: in disorder, some of it twice, some of it never."""
        waiting = list(range(len(self.server.webhooks.outbox)))
        self.dice.shuffle(waiting)
        order = [place for place in waiting if self.dice.random() < 0.8]
        for place in order + self.dice.sample(order, len(order) // 5):
            with suppress(CardsAway, CardsRefused):
                delivery = self.server.webhooks.outbox[place]
                payload = delivery.payload
                self.desk.inbox.receive(payload, self.server.webhooks.sign(payload))
        self.server.webhooks.outbox.clear()
        self.desk.inbox.work()

    def _stop(self) -> None:
        self._start()

    def _pass_a_while(self) -> None:
        self.clock.now += 600
        self.server.advance(0)
        self.till.wallets.expire_gifts()
        for sweep in (self.desk.inbox.sweep, self.desk.subscriptions.sweep, self.desk.cards.sweep):
            with suppress(CardsAway):
                sweep()
        if self.dice.random() < 0.3:
            self.server.pay_out()

    def _settle(self) -> None:
        """The processor is well again; every message that never came is asked for, every dispute closed."""
        self.server.faults.randomly(0, seed=0, kinds=FAULTS)
        for dispute in self.server.objects("dispute"):
            if dispute["status"] == "needs_response":
                self.server.close_dispute(dispute["id"], won=True)
        self._start()
        for _ in range(6):
            self.clock.now += 2 * DAY
            self.server.advance(0)
            with suppress(Refusal):
                self.server.pay_out()
            self.desk.inbox.sweep()
            while self.desk.inbox.work():
                pass
            self.desk.cards.sweep()
            self.desk.subscriptions.sweep()

    def _compare(self) -> None:
        self.told.wrong = self.till.wrong()
        self.told.unexplained = self.desk_unexplained
        names = (accounts.DISPUTED, accounts.SUSPENSE)
        self.told.left = {name: self.till.balance(name) for name in names}
        earned = self.till.balance(accounts.ANSWERS)
        receipts = sum(self._paid_to_collaborator())
        self.told.credited = earned + receipts
        self.told.owed_in_tax = self.till.balance(accounts.TAX)

    def _paid_to_collaborator(self) -> list[int]:
        from billing.plain import Plain, statement

        query = statement(
            """SELECT e.micros FROM ledger_entries e JOIN ledger_transactions t ON t.id = e.transaction_id
 WHERE e.account = :account AND t.kind = 'capture'"""
        )
        with self.database.snapshot() as connection:
            rows = Plain(connection).rows(query, account=accounts.payable(self.collaborator))
        return [-micros for (micros,) in rows]

    @property
    def desk_unexplained(self) -> int:
        net = sum(int(one["net"]) for one in self.server.objects("balance_transaction"))
        return net * CENT + self.till.balance(accounts.PROCESSOR)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--questions", type=int, default=10_000)
    parser.add_argument("--listeners", type=int, default=2_000)
    options = parser.parse_args()
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(10**6)
    sys.stdout.write(f"seed {seed}\n")
    sys.stdout.flush()
    with tempfile.TemporaryDirectory() as folder:
        told = Simulation(seed, options.questions, Path(folder), listeners=options.listeners).run()
    for name, count in sorted(told.happened.items()):
        sys.stdout.write(f"{count:>8} {name}\n")
    sys.stdout.write(f"wrong: {told.wrong or 'nothing'}; unexplained: {told.unexplained}; left: {told.left}\n")
    sys.stdout.write(f"charged {told.charged}, credited {told.credited}\n")
    sys.exit(not told.is_whole)


if __name__ == "__main__":
    main()
