"""Nothing that the event loop does itself waits for the database: while one does, everybody does."""

import asyncio
import threading
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from presence.bootstrap import Services
from presence.database import Database
from presence.web.rooms import ROUTERS
from tests.nodes import client_of, take_in, write_notes
from tests.presence.web.speaking import call

HTML = {"Accept": "text/html"}
SITE = "https://blog.example"
PIANO = "Where did you write Pilot Ladder?"
# It looks whether a text may leave, with a connection that nobody waits for, and only where the database is a file.
ALLOWED = {"stands_at"}
PLAIN = sorted(
    {
        (method, route.path)
        for router in ROUTERS
        for route in router.routes
        if isinstance(route, APIRoute) and "{" not in route.path
        for method in route.methods or ()
    }
)


@pytest.fixture
def lent_on_loop(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Who was lent a connection on the event loop, by the stack that asked; a browser's loop is not the node's."""
    found: list[str] = []
    asking = threading.get_ident()

    def watched(lends: Callable[..., Any]) -> Callable[..., Any]:
        def lend(*arguments: Any) -> Any:
            try:
                asyncio.get_running_loop()
            except RuntimeError:
                return lends(*arguments)
            if threading.get_ident() == asking:
                return lends(*arguments)
            names = [frame.name for frame in traceback.extract_stack()]
            if not ALLOWED & set(names):
                found.append(" > ".join(names[-12:-1]))
            return lends(*arguments)

        return lend

    monkeypatch.setattr(Database, "_lent", watched(Database._lent))
    monkeypatch.setattr(Engine, "connect", watched(Engine.connect))
    return found


@pytest.fixture
def node(tmp_path: Path, both: Services) -> Services:
    notes = {"piano.md": "---\ntier: public\n---\nI wrote Pilot Ladder on a rented piano in Leeds.\n"}
    take_in(both, write_notes(tmp_path / "notes", notes), tier=None)
    both.sites.embeds.add(SITE)
    return both


@pytest.fixture
def client(node: Services) -> Iterator[TestClient]:
    with client_of(node) as opened:
        yield opened


def test_what_is_refused_to_a_browser(client: TestClient, lent_on_loop: list[str]) -> None:
    assert client.get("/nothing", headers=HTML).status_code == 404
    assert client.post("/ask", headers={**HTML, "Origin": "https://evil.example"}).status_code == 403
    assert client.post("/ask", data={"question": ""}, headers=HTML).status_code == 422
    assert client.post("/ask", data={"act": "record", "thing": "nothing"}, headers=HTML).status_code == 404
    assert client.get("/mcp/me", headers=HTML).status_code in (401, 405)
    assert lent_on_loop == []


def test_every_plain_address(client: TestClient, lent_on_loop: list[str]) -> None:
    for method, path in PLAIN:
        if not path.endswith("/events"):  # it has no end
            client.request(method, path, headers=HTML, follow_redirects=False)
    assert lent_on_loop == []


def test_a_program_that_asks_and_searches(node: Services, lent_on_loop: list[str]) -> None:
    assert not call(node, "ask", question=PIANO).is_error
    assert not call(node, "search", query="piano").is_error
    assert call(node, "search", query="").is_error
    assert lent_on_loop == []


def test_a_room_on_another_site(node: Services, client: TestClient, lent_on_loop: list[str]) -> None:
    given = node.sites.embeds.make_pass(node.sites.embeds.site(SITE))
    assert client.post("/embed/ask", data={"pass": given, "question": PIANO}).status_code == 200
    assert client.post("/embed/ask", data={"pass": given, "question": ""}).status_code == 422
    assert lent_on_loop == []
