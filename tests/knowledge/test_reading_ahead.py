"""Passages are read ahead of any question, the newest first, and only while nobody asks."""

import threading
from pathlib import Path

import pytest

from knowledge.contracts import Vectors
from knowledge.reading_ahead import ReadingAhead
from models.embedders.hashed import HashedEmbedder
from presence.bootstrap import Services
from tests.knowledge.notes import note, tell


class Reading:
    """Notes what is read, and lets a test act between two."""

    def __init__(self, *numbers: int) -> None:
        self.left = list(numbers)
        self.was_read: list[int] = []
        self.after = threading.Event()

    def not_read(self, limit: int) -> list[tuple[int, str]]:
        return [(number, str(number)) for number in self.left[:limit]]

    def read_ahead(self, number: int, ident: str) -> None:
        self.left.remove(number)
        self.was_read.append(number)
        self.after.set()


def test_what_was_read_ahead_needs_no_vector_when_it_is_asked_about(
    small_shelf: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(small_shelf, tmp_path / "notes", a=note("The chapel was cold. The piano had two dead keys."), b=note("Rain."))
    search = small_shelf.search
    assert len(search.not_read(10)) == 2
    assert ReadingAhead(search, lambda: False).read() == 2
    assert search.not_read(10) == []
    question, embedded = "Which keys of the piano were dead?", list[str]()
    embed = HashedEmbedder.embed

    def noting(embedder: HashedEmbedder, texts: list[str]) -> Vectors:
        embedded.extend(texts)
        return embed(embedder, texts)

    monkeypatch.setattr(HashedEmbedder, "embed", noting)
    small_shelf.search.find(question, 0)
    assert embedded == [question]


def test_what_a_question_read_meanwhile_is_not_read_again(
    small_shelf: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(small_shelf, tmp_path / "notes", a=note("The chapel was cold. The piano had two dead keys."))
    search = small_shelf.search
    (passage,) = search.not_read(10)
    search.find("Which keys of the piano were dead?", 0)
    monkeypatch.delattr("knowledge.search.stored")
    search.read_ahead(*passage)


def test_nothing_is_read_while_somebody_asks() -> None:
    reading, is_busy = Reading(2, 1), threading.Event()
    is_busy.set()
    ahead = ReadingAhead(reading, is_busy.is_set)
    working = threading.Thread(target=ahead.read)
    working.start()
    assert not reading.after.wait(0.5)
    is_busy.clear()
    working.join()
    assert reading.was_read == [2, 1]


def test_a_node_that_closes_does_not_wait_for_the_rest() -> None:
    reading = Reading(*range(1_000))
    ahead = ReadingAhead(reading, lambda: True)
    working = threading.Thread(target=ahead.read)
    working.start()
    ahead.close()
    working.join()
    assert reading.was_read == []
