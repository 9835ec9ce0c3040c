"""No statement by which a page is read walks along all that the node has: how long it takes would tell of it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from knowledge.views import VIEWS
from presence.app import create_app
from tests.nodes import client_of, open_node
from tests.rig.canaries import Canaries, take_in_up_to
from tests.rig.crawling import crawl, plain_addresses
from tests.stores import only_embedded

# Whether there is a recording that is open: there are tens of them, and the first one ends the walk.
FEW = "SELECT 1 FROM recordings LIMIT 1"
ASKED = ("Who tuned the harbour piano?", "What did you play at the long pier?", "How often did you play at Pier Hall?")
TIER = 0


@contextmanager
def statements() -> Iterator[dict[str, Any]]:
    """Keep every statement that is executed, with what it was given."""
    kept: dict[str, Any] = {}

    def keep(*given: Any) -> None:
        kept.setdefault(given[2], given[3])

    event.listen(Engine, "before_cursor_execute", keep)
    try:
        yield kept
    finally:
        event.remove(Engine, "before_cursor_execute", keep)


def walks(database: Path, executed: dict[str, Any]) -> dict[str, list[str]]:
    """Give the statements over what a reader sees that walk along a whole table or a whole index."""
    found: dict[str, list[str]] = {}
    with closing(sqlite3.connect(database)) as connection:
        for name, body in VIEWS.items():
            connection.execute(f"CREATE TEMP VIEW {name} AS {body.format(schema='main', tier=TIER)}")
        connection.execute(f"CREATE VIRTUAL TABLE temp.terms_{TIER} USING fts5vocab(main, lexical_{TIER}, instance)")
        for statement, given in executed.items():
            if not statement.startswith(("SELECT", "WITH")) or statement == FEW:
                continue
            plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}", given)]
            if through := [step for step in plan if step.startswith("SCAN main.")]:
                found[statement] = through
    return found


@pytest.mark.slow
@only_embedded("plans of SQLite")
def test_no_page_is_read_by_walking_along_what_is_above(tmp_path: Path) -> None:
    with open_node(tmp_path / "home") as services:
        take_in_up_to(services, tmp_path / "material", Canaries(1))
        with statements() as executed, client_of(services) as client:
            pages = crawl(client, plain_addresses(create_app(services)))
            for question in ASKED:
                client.get(client.post("/api/questions", json={"question": question}).json()["events"])
        of_views = {
            statement: given
            for statement, given in executed.items()
            if any(f" {name}" in statement for name in VIEWS) and "published_at" not in statement  # not by a reader
        }
        assert len(pages) > 50
        assert len(of_views) > 20
        assert walks(tmp_path / "home" / "presence.db", of_views) == {}
