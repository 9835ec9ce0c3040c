"""What is done for each answer, every minute and at each start reads no table whole that grows with them."""

import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine, event

from presence.home import Home
from presence.paying.earnings import earned_in, earnings
from tests import stores
from tests.nodes import client_of, open_node
from tests.presence.sight.test_metrics import TOKEN, ask, figures
from tests.presence.web.paying import ANN, ASKED, CENT, give, open_shop
from tests.trusting import sign_in
from trustgraph import Tier

GROWS = "questions|answer_events|citations|holds|receipts|receipt_leaves|ledger_transactions|ledger_entries|passages"
_GROWING = re.compile(rf"\b(?:{GROWS})\b")
_SCAN = re.compile(rf"SCAN (?:{GROWS}|[a-z])\b(?: USING (COVERING )?INDEX (\w+))?")
_NARROW = "SELECT name FROM sqlite_master WHERE type = 'index' AND sql LIKE '% WHERE %'"

pytestmark = pytest.mark.skipif(stores.ON_SERVERS, reason="these plans are SQLite's")


@contextmanager
def whole_tables_read(home: Path) -> Iterator[list[str]]:
    """Give, at the end, the statements of the owner's connections that read a growing table from end to end."""
    run: dict[str, Any] = {}

    def by_sqlalchemy(connection: Any, _cursor: object, said: str, values: Any, *_more: object) -> None:
        run[said] = values[0] if isinstance(values, list) else values

    def traced(driver: sqlite3.Connection, *_more: object) -> None:
        driver.set_trace_callback(lambda said: run.setdefault(said, ()))

    listening = (Engine, "before_cursor_execute", by_sqlalchemy), (Engine, "connect", traced)
    for one in listening:
        event.listen(*one)
    found: list[str] = []
    try:
        yield found
    finally:
        for one in listening:
            event.remove(*one)
    with sqlite3.connect(Home(home).database) as connection:
        found += [said for said, values in run.items() if _is_whole(connection, said, values)]


def _is_whole(connection: sqlite3.Connection, said: str, values: Any) -> bool:
    if said.startswith("--") or not _GROWING.search(said):
        return False
    if "ORDER BY number DESC LIMIT" in said:  # it ends after the newest
        return False
    try:
        plan = connection.execute(f"EXPLAIN QUERY PLAN {said}", values).fetchall()
    except sqlite3.Error:  # of a reader, whose views are its own
        return False
    narrow = {name for (name,) in connection.execute(_NARROW)}
    scans = [found for row in plan if (found := _SCAN.search(row[3]))]
    # Small are an index alone, read from one end to the other to count, and one that holds only what is looked for.
    return any(not covering and index not in narrow for covering, index in (found.groups() for found in scans))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home in which somebody paid for an answer."""
    with open_shop(tmp_path / "home", metrics_token=SecretStr(TOKEN)) as node, client_of(node) as client:
        give(node, ANN, 100)
        sign_in(client, ANN)
        ask(client, ASKED, max_price_micros=2 * CENT)
    return tmp_path / "home"


def test_a_start(home: Path) -> None:
    with whole_tables_read(home) as found, open_node(home):
        pass
    assert not found, "\n".join(found)


def test_an_answer_that_is_counted_and_paid_for(home: Path) -> None:
    with open_node(home) as node:
        node.people.terms.change(Tier.PUBLIC, questions_per_day=20, sentences_per_day=100)
    with whole_tables_read(home) as found, open_node(home) as node, client_of(node) as client:
        sign_in(client, ANN)
        ask(client, f"{ASKED} And why?", max_price_micros=2 * CENT)
    assert not found, "\n".join(found)


def test_books_that_are_kept_and_figures_that_are_read(home: Path) -> None:
    there = open_node(home, metrics_token=SecretStr(TOKEN))
    with whole_tables_read(home) as found, there as node, client_of(node) as client:
        node.paying.keep_books()
        assert figures(client)["presence_holds_open"] == 0
    assert not found, "\n".join(found)


def test_earnings_of_a_day_and_those_that_were_worked_out_before(home: Path) -> None:
    with open_node(home) as node:
        worked_out = earnings(node.database, "month", time.time())
        with whole_tables_read(home) as found:
            node.database.owner.dispose()  # its next connection is listened to
            assert earned_in(node.database, "today", time.time()).whole == 2 * CENT
            assert earnings(node.database, "month", time.time()) is worked_out
    assert not found, "\n".join(found)
