"""The public log of receipts: static files for everybody, and nothing else of the home."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from billing.receipt_log import open_note, read_verifier_key
from presence.bootstrap import Services
from presence.paying.signatures import is_signed_by_key
from tests.nodes import client_of
from tests.presence.web.paying import ANN, ASKED, CENT, give, open_shop
from tests.trusting import sign_in


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Services]:
    with open_shop(tmp_path / "home") as opened:
        give(opened, ANN, 100)
        with client_of(opened) as ann:
            sign_in(ann, ANN)
            ann.post("/ask", data={"question": ASKED, "max_price_micros": 5 * CENT})
        opened.paying.keep_books()
        yield opened


@pytest.fixture
def client(shop: Services) -> Iterator[TestClient]:
    with client_of(shop) as opened:
        yield opened


def test_the_checkpoint_is_signed_by_the_key_that_is_named(client: TestClient) -> None:
    line = client.get("/log/key")
    note = client.get("/log/checkpoint")
    assert note.headers["content-type"] == line.headers["content-type"] == "text/plain; charset=utf-8"
    key = read_verifier_key(line.text.strip())
    assert open_note(note.text, key.name, key.public_key, is_signed_by_key).size == 1
    assert "immutable" not in note.headers["cache-control"]


def test_the_tiles_are_there_and_name_nobody(client: TestClient) -> None:
    entries = client.get("/log/tile/entries/000.p/1")
    assert client.get("/log/tile/0/000.p/1").headers["content-type"] == "application/octet-stream"
    assert len(client.get("/log/tile/0/000.p/1").content) == 32
    assert ANN.did.encode() not in entries.content
    assert ASKED.encode() not in entries.content
    assert "immutable" not in entries.headers["cache-control"]


def test_a_full_tile_may_be_kept_for_good(client: TestClient, shop: Services) -> None:
    full = shop.home.log / "tile" / "0" / "000"
    full.write_bytes(b"x" * 8192)
    assert "immutable" in client.get("/log/tile/0/000").headers["cache-control"]


@pytest.mark.parametrize(
    "path",
    [
        "/log/tile/0/001",
        "/log/tile/0",
        "/log/tile/",
        "/log/tile/%2e%2e/checkpoint",
        "/log/tile/..%2f..%2fpresence.db",
        "/log/tile/entries/000.p/1/../../../../presence.db",
        "/log/tile//etc/passwd",
        "/log/tile/0/000.p/1%00",
        "/log/tile/0/٠٠٠",
        "/log/presence.db",
    ],
)
def test_nothing_else_is_reached(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_node_without_a_key_publishes_nothing(node: Services) -> None:
    with client_of(node) as client:
        for path in ("/log/key", "/log/checkpoint", "/log/tile/0/000"):
            assert client.get(path).status_code == 404
