"""The Chroma server is killed, stands still, is not there at the start, or comes back with nothing in it."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from knowledge.chroma import QUERY_SECONDS_MAX, ChromaIndex
from presence.bootstrap import Services
from tests.contracts.chroma_server import ChromaServer, frail_chroma
from tests.faults.room import SEVERAL, answer_to, eventually, seen, tell_more
from tests.nodes import client_of, open_node, take_in

pytestmark = pytest.mark.slow

AWAY = "found by their words alone"


@pytest.fixture
def chroma(tmp_path: Path) -> Iterator[ChromaServer]:
    with frail_chroma(tmp_path / "chroma") as server:
        yield server


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """An index that is only slow, on a busy machine, is not away."""
    monkeypatch.setattr("knowledge.chroma.QUERY_SECONDS_MAX", 60.0)


def found(client: TestClient, question: str = SEVERAL[0]) -> str | None:
    """Ask, and give how the notes were found; the answer itself is the same."""
    answer = answer_to(client, question, 0)
    assert answer["outcome"] == "answered"
    how: str | None = answer.get("found_by")
    return how


def is_whole(node: Services) -> bool:
    return node.library.words_alone_reason is None and node.library.check() == []


def test_an_index_that_is_killed_is_done_without_and_brought_up_to_date(
    tmp_path: Path, material: Path, chroma: ChromaServer
) -> None:
    index = ChromaIndex.server(chroma.address, at_once=False)
    with open_node(tmp_path / "home", index=index) as node, client_of(node) as client:
        take_in(node, material, tier=None)
        assert found(client) is None
        chroma.kill()
        answer = answer_to(client, SEVERAL[1], 0)
        assert (answer["outcome"], answer["found_by"]) == ("answered", "words")
        assert AWAY in client.get(f"/answers/{answer['id']}", headers={"accept": "text/html"}).text
        assert AWAY in client.get("/readyz").json()["search_reason"]
        [finding] = seen(node, "indexes")
        assert (finding.state, AWAY in finding.sentence) == ("wrong", True)
        tell_more(node, tmp_path / "more", "Lantern", "The lantern hung over the harbour of Whitby all winter.")
        assert found(client, "What hung over the harbour of Whitby?") == "words"
        chroma.start()
        eventually(lambda: is_whole(node))
        assert found(client, "What hung over the harbour all winter?") is None
        assert "search_reason" not in client.get("/readyz").json()
        assert [one.state for one in seen(node, "indexes")] == ["ok"]


def test_an_index_that_comes_back_empty_is_filled_anew(tmp_path: Path, material: Path, chroma: ChromaServer) -> None:
    index = ChromaIndex.server(chroma.address, at_once=False)
    with open_node(tmp_path / "home", index=index) as node, client_of(node) as client:
        take_in(node, material, tier=None)
        held = index.ids(0)
        chroma.kill()
        shutil.rmtree(chroma.folder)
        chroma.folder.mkdir()
        chroma.start()
        assert found(client) == "words"  # it does not know our collections any more
        eventually(lambda: is_whole(node))
        assert index.ids(0) == held != set()
        assert found(client, SEVERAL[1]) is None


def test_an_index_that_stands_still_keeps_nobody_waiting_but_the_first(
    tmp_path: Path, material: Path, chroma: ChromaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = ChromaIndex.server(chroma.address, at_once=False)
    with open_node(tmp_path / "home", index=index) as node, client_of(node) as client:
        take_in(node, material, tier=None)
        chroma.still()
        try:
            with monkeypatch.context() as meant:
                meant.setattr("knowledge.chroma.QUERY_SECONDS_MAX", QUERY_SECONDS_MAX)
                began = time.monotonic()
                assert found(client) == "words"
                assert time.monotonic() - began >= QUERY_SECONDS_MAX  # it was waited for, once
            assert node.library.words_alone_reason is not None
            assert found(client, SEVERAL[1]) == "words"
            assert AWAY in seen(node, "indexes")[0].sentence
        finally:
            chroma.go_on()
        eventually(lambda: is_whole(node), 90)
        assert found(client, SEVERAL[2]) is None


def test_a_node_opens_without_its_index_and_finds_it_later(
    tmp_path: Path, material: Path, chroma: ChromaServer
) -> None:
    chroma.kill()
    index = ChromaIndex.server(chroma.address, at_once=False)
    with open_node(tmp_path / "home", index=index) as node, client_of(node) as client:
        take_in(node, material, tier=None)
        assert found(client) == "words"
        chroma.start()
        eventually(lambda: is_whole(node))
        assert found(client, SEVERAL[1]) is None
