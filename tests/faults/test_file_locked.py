"""Another program keeps the database's file for itself: what is there is read on, and nothing is half done."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.room import PRICE, SEVERAL, answer_to, books_are_right, refused_with_a_sentence, wallet_of
from tests.nodes import client_of
from tests.presence.web.paying import ANN, CENT, give, open_shop
from tests.trusting import sign_in

pytestmark = pytest.mark.slow  # seconds go by before it is given up


def test_a_file_that_another_program_keeps_is_read_on_and_written_later(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with open_shop(home) as node, client_of(node) as client:
        sign_in(client, ANN)
        give(node, ANN, 100)
        with closing(sqlite3.connect(home / "presence.db", isolation_level=None, timeout=30)) as other:
            other.execute("BEGIN IMMEDIATE")
            assert client.get("/", headers={"accept": "text/html"}).status_code == 200
            asked = {"question": SEVERAL[0], "max_price_micros": PRICE}
            refused_with_a_sentence(client.post("/api/questions", json=asked), "Another program keeps the database")
            assert client.get("/readyz").status_code == 200
            other.execute("ROLLBACK")
        assert wallet_of(client) == (100 * CENT, 0)
        assert answer_to(client, SEVERAL[1])["outcome"] == "answered"
        assert wallet_of(client) == (98 * CENT, 0)
        books_are_right(node)
