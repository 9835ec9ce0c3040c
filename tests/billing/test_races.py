"""Many at once: threads of one process, and on PostgreSQL two processes, each with a lane of its own."""

import multiprocessing
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from billing import Sale, Wallet, accounts
from billing.errors import BillingError, CapReached, FreeUsedUp, HoldAlreadyEnded, NotEnough
from billing.ledger import Transaction, moved, post
from billing.plain import Plain, statement
from billing.prices import Free, Offer
from billing.wallets import paid_in
from presence.database import open_database
from presence.write_lane import WriteLane
from tests.billing.conftest import ANN, BOB, CENT, Clock, Till, fixed
from trustgraph import Key

THREADS = 32


@contextmanager
def till_of(url: str) -> Iterator[Till]:
    """Another process's till over the same database."""
    database = open_database(url, Path("unused"))
    lane = WriteLane(database.owner)
    yield Till(database, lane, Clock(), Key(b"p" * 32))
    lane.close()
    database.close()


@pytest.fixture
def tills(till: Till, database_url: str | None) -> Iterator[list[Till]]:
    """Two lanes over one database. SQLite has one owner, so there it is one lane twice."""
    if database_url is None:
        yield [till, till]
        return
    with till_of(database_url) as other:
        yield [till, other]


def ask(till: Till, ident: str, owner: str = ANN, offer: Offer | None = None) -> bool:
    """Ask and pay a cent, or be refused."""
    offer = fixed(CENT) if offer is None else offer
    try:
        hold = till.holds.place(ident, owner, offer, client="here")
    except (NotEnough, FreeUsedUp):
        return False
    till.holds.capture(hold, offer.ceiling_micros, Sale("ask", "?"), beside=lambda *_: None)
    return True


def at_once(*deeds: Callable[[], object]) -> list["Future[object]"]:
    """Do things at the same moment."""
    gate = threading.Barrier(len(deeds))

    def after_all(deed: Callable[[], object]) -> object:
        gate.wait()
        return deed()

    with ThreadPoolExecutor(len(deeds)) as threads:
        return [threads.submit(after_all, deed) for deed in deeds]


def asking(url: str, name: str, offer: Offer | None, results: Any) -> None:
    """Ask a hundred times by 32 threads, in a process of its own."""
    with till_of(url) as till, ThreadPoolExecutor(THREADS) as threads:
        owners = [ANN if offer is None else f"did:key:{name}{number % 25}" for number in range(100)]
        done = threads.map(lambda n: ask(till, f"{name}{n}", owners[n], offer), range(100))
        results.put(sum(done))


def in_two_processes(work: Callable[..., None], *given: Any) -> list[Any]:
    """Do the same in two processes, and give what each found."""
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    processes = [context.Process(target=work, args=(given[0], name, *given[1:], results)) for name in ("a", "b")]
    for process in processes:
        process.start()
    found = [results.get(timeout=120) for _ in processes]
    for process in processes:
        process.join()
        assert process.exitcode == 0
    return found


def test_money_for_50_answers_50_of_200(till: Till) -> None:
    till.top_up(ANN, 50 * CENT)
    with ThreadPoolExecutor(THREADS) as threads:
        assert sum(threads.map(lambda n: ask(till, f"q{n}"), range(200))) == 50
    assert till.wallets.open(ANN).posted == 0


@pytest.mark.slow
def test_money_for_50_answers_50_of_200_in_two_processes(till: Till, database_url: str | None) -> None:
    if database_url is None:
        pytest.skip("one process owns an SQLite file")
    till.top_up(ANN, 50 * CENT)
    assert sum(in_two_processes(asking, database_url, None)) == 50
    assert till.wallets.open(ANN).posted == 0


FREE = Offer(0, 0, "1", free=Free("first", 2, per_client_a_day=60, a_day=40))


def test_free_places_are_never_exceeded(till: Till) -> None:
    with ThreadPoolExecutor(50) as threads:
        owners = [f"did:key:{number % 30}" for number in range(120)]
        got = list(threads.map(lambda n: ask(till, f"q{n}", owners[n], FREE), range(120)))
    assert sum(got) == 40
    assert max(Counter(owner for owner, had in zip(owners, got, strict=True) if had).values()) <= 2


@pytest.mark.slow
def test_free_places_are_never_exceeded_by_two_processes(till: Till, database_url: str | None) -> None:
    if database_url is None:
        pytest.skip("one process owns an SQLite file")
    assert sum(in_two_processes(asking, database_url, FREE)) == 40


def test_her_own_limit_holds_against_everything_at_once(tills: list[Till]) -> None:
    till = tills[0]
    till.top_up(ANN, 100 * CENT)
    till.wallets.limit(ANN, day_max=7 * CENT, month_max=None)
    with ThreadPoolExecutor(THREADS) as threads:
        assert sum(threads.map(lambda n: ask(tills[n % 2], f"q{n}"), range(60))) == 7
    with pytest.raises(CapReached):
        till.holds.place("more", ANN, fixed(1))


@pytest.mark.slow
def test_capture_release_and_expiry_race_a_thousand_times(tills: list[Till]) -> None:
    """Exactly one wins; whoever loses is told so, and expiry never fails over a hold that ended meanwhile."""
    till, other = tills
    till.top_up(ANN, 1_000 * CENT)
    captures = 0
    expiring = Till(till.database, other.lane, till.clock, till.key)
    for number in range(1_000):
        hold = till.holds.place(f"q{number}", ANN, fixed(CENT))
        sale = Sale("ask", "?")
        captured, released, expired = at_once(
            partial(till.holds.capture, hold, CENT, sale, beside=lambda *_: None),
            partial(other.holds.release, hold),
            expiring.holds.end_all,
        )
        assert expired.exception() is None
        errors = [captured.exception(), released.exception()]
        assert all(error is None or isinstance(error, HoldAlreadyEnded) for error in errors)
        winners = sum(error is None for error in errors) + (expired.result() == [hold.id])
        assert winners == 1
        captures += errors[0] is None
    assert till.wallets.open(ANN).posted == (1_000 - captures) * CENT


def both(till: Till, first: Wallet, second: Wallet, ident: str) -> None:
    """Credit two wallets in one transaction of the database, in this order."""

    def pay(writer: Any) -> None:
        plain = Plain(writer)
        for wallet in (first, second):
            entries = moved(CENT, debit=accounts.PROCESSOR, credit=accounts.wallet(wallet.ident))
            paid_in(plain, wallet, CENT, Transaction(f"{ident}:{wallet.ident}", "top_up", entries), 1)

    till.lane.run(pay)


def crossing(url: str, name: str, results: Any) -> None:
    """Ask of two wallets in turn and credit both at once, in the order of this process."""
    owners = [ANN, BOB] if name == "a" else [BOB, ANN]
    with till_of(url) as till, ThreadPoolExecutor(8) as threads:
        first, second = (till.wallets.open(owner) for owner in owners)
        deeds: list[Callable[[], object]] = [partial(both, till, first, second, f"{name}{n}") for n in range(60)]
        deeds += [partial(ask, till, f"{name}{n}", owners[n % 2]) for n in range(120)]
        deeds += [partial(till.wallets.give, owners[n % 2], CENT, f"gift:{name}{n}") for n in range(60)]
        done = [threads.submit(deed) for deed in deeds]
        results.put([repr(one.exception()) for one in done if one.exception() is not None])


@pytest.mark.slow
def test_wallets_in_opposite_order_lose_no_command(till: Till, database_url: str | None) -> None:
    if database_url is None:
        pytest.skip("one process owns an SQLite file")
    for owner in (ANN, BOB):
        till.top_up(owner, 1_000 * CENT)
    assert in_two_processes(crossing, database_url) == [[], []]
    spent = 240 * CENT
    left = sum(wallet.posted + wallet.gift for wallet in map(till.wallets.open, (ANN, BOB)))
    assert left == (2_000 + 240 + 120) * CENT - spent


def test_the_same_payment_told_to_two_lanes_at_once_is_credited_once(tills: list[Till]) -> None:
    for number in range(20):
        done = at_once(*[partial(one.top_up, ANN, CENT, str(number)) for one in tills])
        assert [one.exception() for one in done] == [None, None]
    assert tills[0].wallets.open(ANN).posted == 20 * CENT


def test_a_posting_that_differs_is_refused_though_it_comes_at_once(tills: list[Till]) -> None:
    def say(till: Till, ident: str, micros: int) -> bool:
        said = Transaction(ident, "test", moved(micros, debit=accounts.TAX, credit=accounts.TIPS))
        return till.lane.run(lambda owner: post(Plain(owner), said, 1))

    for number in range(10):
        done = at_once(*[partial(say, one, str(number), micros) for micros, one in enumerate(tills, start=1)])
        assert sorted(type(one.exception()).__name__ for one in done) == ["NoneType", "PostingDiffers"]


def test_wallets_of_the_same_listener_opened_at_once_are_one(tills: list[Till]) -> None:
    for number in range(20):
        done = at_once(*[partial(one.wallets.open, f"did:key:{number}") for one in tills])
        first, second = (one.result() for one in done)
        assert first == second


def test_gifts_that_expire_in_two_processes_are_taken_back_once(tills: list[Till]) -> None:
    till, other = tills
    for number in range(15):
        till.wallets.give(ANN, CENT, f"gift:{number}", until=int(till.clock.now * 1000))
        till.clock.now += 10
        other.clock.now = till.clock.now + 1
        done = at_once(till.wallets.expire_gifts, other.wallets.expire_gifts)
        assert [one.exception() for one in done] == [None, None]
        assert till.wallets.open(ANN).gift == 0
        assert till.balance(accounts.PROMOTION) == 0


def test_a_gift_is_spent_or_expires_but_not_both(tills: list[Till]) -> None:
    till, other = tills
    other.clock = till.clock
    for number in range(15):
        till.wallets.give(ANN, CENT, f"gift:{number}", until=int(till.clock.now * 1000) + 1000)
        late = Till(other.database, other.lane, Clock(), other.key)
        late.clock.now = till.clock.now + 2
        done = at_once(partial(ask, till, f"q{number}"), late.wallets.expire_gifts)
        assert [one.exception() for one in done] == [None, None]
        till.clock.now += 10
        late.clock.now += 10
        late.wallets.expire_gifts()
        assert till.wallets.open(ANN).gift == 0


def test_what_is_paid_about_a_thing_at_once_is_never_more_than_makes_it_hers(tills: list[Till]) -> None:
    """Offers are made before either is paid; what is over is not charged."""
    tills[0].top_up(ANN, 100 * CENT)
    offer = Offer(4 * CENT, 4 * CENT, "1", thing="record:1", own_at_micros=10 * CENT)
    holds = [till.holds.place(f"q{n}", ANN, offer) for n, till in enumerate(tills * 3)]
    sale = Sale("record", "?")
    at_once(
        *[
            partial(till.holds.capture, hold, 4 * CENT, sale, beside=lambda *_: None)
            for hold, till in zip(holds, tills * 3, strict=True)
        ]
    )
    assert tills[0].wallets.open(ANN).posted == 90 * CENT
    with tills[0].database.snapshot() as connection:
        row = Plain(connection).row(statement("SELECT paid, is_bought FROM owned"))
    assert row == (10 * CENT, 1)


def test_what_is_bought_twice_at_once_is_paid_once(tills: list[Till]) -> None:
    tills[0].top_up(ANN, 100 * CENT)
    offer = Offer(4 * CENT, 4 * CENT, "1", thing="mixtape:1", buys=True)
    holds = [till.holds.place(f"q{n}", ANN, offer) for n, till in enumerate(tills)]
    for hold, till in zip(holds, tills, strict=True):
        till.holds.capture(hold, 4 * CENT, Sale("mixtape", "?"), beside=lambda *_: None)
    assert tills[0].wallets.open(ANN).posted == 96 * CENT


def test_whoever_loses_a_race_is_told_in_a_sentence(till: Till) -> None:
    till.top_up(ANN, CENT)
    hold = till.holds.place("q1", ANN, fixed(CENT))
    till.holds.release(hold)
    with pytest.raises(BillingError, match="settled already"):
        till.holds.release(hold)
