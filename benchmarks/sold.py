"""A home with years of sales: its ledger is filled by the code that charges for answers, in large groups.

Each sale is a hold that is placed and captured, with its transaction, entries and signed receipt, and beside it the
question and its answer, as they stand where an answer was paid for. Only what the groups spare is another than in
earnest: a commit of its own for each, the search, and the writing.
"""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, insert, text

from billing import Holds, Offer, Sale, accounts
from billing.earnings import first_posted
from billing.ledger import Transaction, moved
from billing.plain import Plain
from billing.wallets import opened, paid_in
from presence.bootstrap import Services
from presence.tables import answer_events, citations, questions
from trustgraph import Key

T = TypeVar("T")
PRICE = 20_000
PAID_IN = 10**10
ENTRIES_PER_SALE = 2
ENTRIES_PER_LISTENER = 200
FAITHFUL_SHARE = 10
"""The listener of number 0 bought one of so many answers; all others bought equally many."""
YEARS = 2.0
GROUP = 2_000
SENTENCES = 3
_SOLD = text("SELECT count(*) FROM questions WHERE id LIKE 'sold-%'")
_SOURCES = text("SELECT id, document_id, text FROM passages ORDER BY number LIMIT 1000")


@dataclass
class Group:
    """Runs commands of money in one transaction after the other, of many commands each, and adds rows beside them."""

    connection: Connection
    rows: dict[str, tuple[Table, list[dict[str, Any]]]] = field(default_factory=dict)

    def run(self, command: Callable[[Connection], T]) -> T:
        """Run a command; it is committed with its group."""
        return command(self.connection)

    def beside(self, table: Table, *rows: dict[str, Any]) -> None:
        """Add rows at the end of the group, in the order in which tables were first named."""
        self.rows.setdefault(table.name, (table, []))[1].extend(rows)

    def end(self) -> None:
        """Add what stands beside."""
        for table, rows in self.rows.values():
            self.connection.execute(insert(table), rows)
        self.rows.clear()


def fill(services: Services, entries: int, cost: dict[str, float], keep: Callable[[dict[str, float]], object]) -> None:
    """Sell answers until the ledger has so many entries, then chain and publish them.

    What it costs is kept again and again, with what it cost before; one that was broken off is gone on with.
    """
    listeners = [Key(number.to_bytes(32)).did for number in range(max(8, entries // ENTRIES_PER_LISTENER))]
    sales = entries // ENTRIES_PER_SALE - len(listeners)
    taken = _Taken(cost, {"entries": entries, "answers": sales, "listeners": len(listeners)})
    with services.database.owner.connect().execution_options(writes=True) as connection:
        with connection.begin():
            began = first_posted(Plain(connection)) or _paid_in(Plain(connection), listeners)
            sources = [tuple(row) for row in connection.execute(_SOURCES)]
            done = int(connection.execute(_SOLD).scalar_one())
        step, now, group = (time.time() - began / 1000) / (sales + 1), [0.0], Group(connection)
        holds = Holds(group, services.paying.receipts, lambda: now[0])
        for first in range(done, sales, GROUP):
            with connection.begin():
                for number in range(first, min(first + GROUP, sales)):
                    now[0] = began / 1000 + step * (number + 1)
                    payer = 0 if number % FAITHFUL_SHARE == 0 else 1 + number % (len(listeners) - 1)
                    _sell(group, holds, number, listeners[payer], sources[number * 7 % len(sources)], now[0])
                group.end()
            keep(taken.so_far(is_done=False))
    services.paying.keep_books()
    keep(taken.so_far(is_done=True))


class _Taken:
    """What it took, before and now."""

    def __init__(self, before: dict[str, float], about: dict[str, float]) -> None:
        self._before, self._about = before, about
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def so_far(self, *, is_done: bool) -> dict[str, float]:
        """Give it; what is not done has no entries."""
        wall, cpu = time.perf_counter() - self._wall, time.process_time() - self._cpu
        took = {"wall_s": round(self._before["wall_s"] + wall, 1), "cpu_s": round(self._before["cpu_s"] + cpu, 1)}
        return (self._about if is_done else {"entries": 0}) | took


def _paid_in(plain: Plain, listeners: Sequence[str]) -> int:
    """Let everybody pay in, years ago; give when that was, in Unix milliseconds."""
    at = int((time.time() - YEARS * 365 * 24 * 3600) * 1000)
    for did in listeners:
        _pay_in(plain, did, at)
    return at


def _pay_in(plain: Plain, did: str, at: int) -> None:
    wallet = opened(plain, did, at)
    entries = moved(PAID_IN, debit=accounts.PROCESSOR, credit=accounts.wallet(wallet.ident))
    paid_in(plain, wallet, PAID_IN, Transaction(f"topup:{did}", "top_up", entries), at)


def _sell(group: Group, holds: Holds, number: int, did: str, source: tuple[str, str, str], at: float) -> None:
    """Sell one answer that quotes a passage, as `presence.asking` would keep it."""
    ident, (passage, document, words) = f"sold-{number}", source
    quote, asked = words[:200], f"What was it about number {number}?"
    hold = holds.place(ident, did, Offer(PRICE, PRICE, "1"))
    receipt = holds.capture(hold, PRICE, Sale("ask", asked, SENTENCES), beside=lambda _owner, receipt: receipt)
    assert receipt is not None
    row = {"id": ident, "listener": did, "act": "ask", "question": asked, "tier": 0, "sources_tier": 0}
    ended = {"created_at": at, "finished_at": at + 1, "outcome": "answered"}
    group.beside(
        questions,
        {**row, **ended, "price_micros": PRICE, "body_sha256": "", "conversation": ident, "writer": "quoting"},
    )
    cited = {"n": 1, "quote": quote, "title": "A note", "kind": "passage", "tier": 0, "speaker": "The artist"}
    place: dict[str, Any] = {"document_id": document, "url": f"/sources/{passage}", "locator": {}, "date": None}
    steps = [
        *(("sentence", {"text": quote, "citations": [1], "cited": [cited | place]}) for _ in range(SENTENCES)),
        ("receipt", {"id": receipt.ident, "micros": PRICE}),
        ("done", {"outcome": "answered"}),
    ]
    group.beside(
        answer_events,
        *(
            {"question_id": ident, "seq": seq, "kind": kind, "body": json.dumps(body), "tier": 0}
            for seq, (kind, body) in enumerate(steps, 1)
        ),
    )
    of_passage = {"question_id": ident, "n": 1, "kind": "passage"}
    group.beside(citations, {**of_passage, "document_id": document, "source_id": passage})
