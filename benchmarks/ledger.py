"""What money costs: setting aside and charging, with everything that our ledger does, durably.

A pair is a hold and its capture: wallet, hold, transaction, entries, receipt with its signature. Beside
it in the same run the same rows by plain sqlite3, in groups of whoever waits (our lane waits a moment for
more of them) and one by one; nothing but statements, no rules, no receipts. Then PostgreSQL, where its programs are
installed.
"""

import os
import queue
import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from billing import Holds, Offer, Receipts, Sale, Wallets, accounts
from billing.audit import audit
from billing.chain import follow_up
from billing.ledger import Transaction, moved
from billing.plain import Plain
from billing.wallets import opened, paid_in
from presence.database import Database, open_database
from presence.migrations import upgrade
from presence.write_lane import GROUP_MAX, WriteLane
from tests.postgres import binaries, cluster, new_database
from trustgraph import Key

CALLERS = (1, 8, 32)
SECONDS = 2.0
ROUNDS = 3
WALLETS = 32
CENT = 10_000
PAID_IN = 10**14
OFFER = Offer(CENT, CENT, "1")
SALE = Sale("ask", "What was it?", 3)


class Unsigned:
    """A signer that signs nothing, to see what signing costs."""

    did = Key(b"b" * 32).did

    def sign(self, message: bytes) -> bytes:
        """Give 64 bytes."""
        return bytes(64)


def measure() -> dict[str, Any]:
    """Ask and pay by 1, 8 and 32 callers at once; in rounds, so that what disturbs meets all alike."""
    figures: dict[str, Any] = {}
    kinds: dict[str, Callable[[Path], Any]] = {
        "sqlite": lambda folder: ours(folder, Key(b"b" * 32)),
        "sqlite_unsigned": lambda folder: ours(folder, Unsigned()),
        "plain_sqlite3": plain_sqlite3,
        "plain_sqlite3_one_by_one": one_by_one,
    }
    runs: dict[str, list[dict[str, float]]] = {}
    for _ in range(ROUNDS):
        for name, made in kinds.items():
            _round(name, made, runs)
    if binaries() is not None:
        with cluster(durable=True) as address:
            for number in range(ROUNDS):
                url = new_database(address, f"ledger_{number}")
                _round("postgresql", partial(ours, key=Key(b"b" * 32), url=url), runs)
    for name, found in runs.items():
        middle = sorted(found, key=lambda one: one["pairs_per_s"])[len(found) // 2]
        figures |= {f"{name}_{what}": value for what, value in middle.items()}
        figures[f"{name}_cpu_us_per_pair"] = min(one["cpu_us_per_pair"] for one in found)
    cpu = figures["sqlite_at_32_cpu_us_per_pair"]
    ratios = {
        "pair_cpu_vs_sqlite3": round(cpu / figures["plain_sqlite3_at_32_cpu_us_per_pair"], 2),
        "pair_cpu_vs_sqlite3_unsigned": round(
            figures["sqlite_unsigned_at_32_cpu_us_per_pair"] / figures["plain_sqlite3_at_32_cpu_us_per_pair"], 2
        ),
        "pair_cpu_vs_sqlite3_one_by_one": round(cpu / figures["plain_sqlite3_one_by_one_at_1_cpu_us_per_pair"], 2),
        "pairs_per_s_at_32": figures["sqlite_at_32_pairs_per_s"],
        "p99_ms_at_32": figures["sqlite_at_32_p99_ms"],
    }
    return {"figures": figures, "ratios": ratios}


def _round(name: str, made: Callable[[Path], Any], runs: dict[str, list[dict[str, float]]]) -> None:
    for callers in (1,) if name.endswith("one_by_one") else CALLERS:
        with tempfile.TemporaryDirectory() as folder, made(Path(folder)) as pair:
            runs.setdefault(f"{name}_at_{callers}", []).append(run(pair, callers))


def run(pair: Callable[[str, int], object], callers: int) -> dict[str, float]:
    """Let so many callers make pairs for a while; `pair` takes an id and the number of a wallet."""
    for number in range(callers):
        pair(f"warm-{number}", number)
    taken: list[list[float]] = [[] for _ in range(callers)]
    gate, ends = threading.Barrier(callers + 1), [0.0]

    def call(caller: int) -> None:
        gate.wait()
        number = 0
        while (began := time.perf_counter()) < ends[0]:
            pair(f"{caller}-{number}", caller)
            taken[caller].append(time.perf_counter() - began)
            number += 1

    with ThreadPoolExecutor(callers) as threads:
        done = [threads.submit(call, caller) for caller in range(callers)]
        ends[0] = time.perf_counter() + SECONDS
        began, cpu = time.perf_counter(), time.process_time()
        gate.wait()
        for one in done:
            one.result()
        wall, cpu = time.perf_counter() - began, time.process_time() - cpu
    all_taken = sorted(one for some in taken for one in some)
    return {
        "pairs_per_s": round(len(all_taken) / wall, 1),
        "p50_ms": _ms(all_taken, 50),
        "p99_ms": _ms(all_taken, 99),
        "cpu_us_per_pair": round(cpu / len(all_taken) * 1e6, 1),
    }


def _ms(taken: list[float], percent: int) -> float:
    return round(taken[min(len(taken) - 1, len(taken) * percent // 100)] * 1000, 2)


@contextmanager
def ours(folder: Path, key: Any, url: str | None = None) -> Iterator[Callable[[str, int], object]]:
    """Our holds over a write lane; in the end the books are audited."""
    database = open_database(url, folder / "presence.db")
    upgrade(database.owner)
    lane = WriteLane(database.owner)
    wallets = Wallets(database.snapshot, lane, time.time)
    owners = [f"did:key:{os.urandom(8).hex()}" for _ in range(WALLETS)]
    for owner in owners:
        lane.run(partial(_paid_in, owner=owner))
    holds = Holds(lane, Receipts(database.snapshot, key, lambda: "sha256:root", "usd"))
    run_name = os.urandom(4).hex()

    def pair(ident: str, number: int) -> None:
        hold = holds.place(f"{run_name}-{ident}", owners[number], OFFER)
        holds.capture(hold, CENT, SALE, beside=lambda _owner, receipt: receipt)

    yield pair
    assert wallets.open(owners[0]).held == 0
    _look(database, lane)
    lane.close()
    database.close()


def _look(database: Database, lane: WriteLane) -> None:
    follow_up(lane)
    assert audit(database.snapshot).wrong == ()


def _paid_in(writer: Connection, owner: str) -> None:
    _pay_in(Plain(writer), owner)


def _pay_in(plain: Plain, owner: str) -> None:
    wallet = opened(plain, owner, 1)
    entries = moved(PAID_IN, debit=accounts.PROCESSOR, credit=accounts.wallet(wallet.ident))
    paid_in(plain, wallet, PAID_IN, Transaction(f"topup:{owner}", "top_up", entries), 1)


_TABLES = """
CREATE TABLE wallets (id INTEGER PRIMARY KEY, posted INTEGER NOT NULL, held INTEGER NOT NULL,
 CHECK (held >= 0 AND posted >= held));
CREATE TABLE holds (id TEXT PRIMARY KEY, wallet INTEGER NOT NULL REFERENCES wallets (id), micros INTEGER NOT NULL,
 state TEXT NOT NULL, expires_at INTEGER NOT NULL);
CREATE TABLE txn (seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, at INTEGER NOT NULL);
CREATE TABLE entries (txn TEXT NOT NULL, n INTEGER NOT NULL, account TEXT NOT NULL, micros INTEGER NOT NULL,
 PRIMARY KEY (txn, n));
CREATE INDEX entries_accounts ON entries (account, txn);
"""
_RESERVE = "UPDATE wallets SET held = held + ? WHERE id = ? AND posted - held >= ?"
_HOLD = "INSERT INTO holds VALUES (?, ?, ?, 'pending', ?)"
_END = "UPDATE holds SET state = 'posted' WHERE id = ? AND state = 'pending'"
_SETTLE = "UPDATE wallets SET held = held - ?, posted = posted - ? WHERE id = ?"
_TXN = "INSERT INTO txn (id, at) VALUES (?, ?)"
_ENTRY = "INSERT INTO entries VALUES (?, ?, ?, ?)"


def _file(folder: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(folder / "plain.db", isolation_level=None, check_same_thread=False)
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")
    connection.executescript(_TABLES)
    connection.executemany("INSERT INTO wallets VALUES (?, ?, 0)", [(n, PAID_IN) for n in range(WALLETS)])
    return connection


def _reserve(connection: sqlite3.Connection, ident: str, wallet: int) -> None:
    assert connection.execute(_RESERVE, (CENT, wallet, CENT)).rowcount == 1
    connection.execute(_HOLD, (ident, wallet, CENT, 0))


def _capture(connection: sqlite3.Connection, ident: str, wallet: int) -> None:
    assert connection.execute(_END, (ident,)).rowcount == 1
    connection.execute(_SETTLE, (CENT, CENT, wallet))
    connection.execute(_TXN, (ident, 0))
    connection.execute(_ENTRY, (ident, 0, "wallet", CENT))
    connection.execute(_ENTRY, (ident, 1, "answers", -CENT))


@contextmanager
def one_by_one(folder: Path) -> Iterator[Callable[[str, int], object]]:
    """Plain sqlite3 with a transaction for each half of a pair."""
    connection = _file(folder)

    def pair(ident: str, wallet: int) -> None:
        for half in (_reserve, _capture):
            connection.execute("BEGIN IMMEDIATE")
            half(connection, ident, wallet)
            connection.execute("COMMIT")

    yield pair
    connection.close()


@contextmanager
def plain_sqlite3(folder: Path) -> Iterator[Callable[[str, int], object]]:
    """Plain sqlite3 on one writer thread that commits in groups; callers wait for the commit, as with the lane."""
    connection = _file(folder)
    waiting: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def write() -> None:
        while (first := waiting.get()) is not None:
            group = [first]
            while len(group) < GROUP_MAX and not waiting.empty():
                group.append(waiting.get())
            connection.execute("BEGIN IMMEDIATE")
            for half, ident, wallet, _ in group:
                half(connection, ident, wallet)
            connection.execute("COMMIT")
            for *_, future in group:
                future.set_result(None)

    thread = threading.Thread(target=write, name="plain")
    thread.start()

    def pair(ident: str, wallet: int) -> None:
        for half in (_reserve, _capture):
            future: Future[None] = Future()
            waiting.put((half, ident, wallet, future))
            future.result()

    yield pair
    waiting.put(None)
    thread.join()
    connection.close()
