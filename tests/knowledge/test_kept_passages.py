"""Passages are read once and kept for the readers of their tier, while what these may see stands as it is."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from knowledge import Evidence, kept_passages
from knowledge.kept_passages import Stored
from presence.bootstrap import Services
from tests.knowledge.notes import note, quotes, tell

PIANO = "I wrote Pilot Ladder on a rented piano."
WHERE = "Where did you write Pilot Ladder?"
SECRET = "Pilot Ladder was written in anger."


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[int], list[str]]]:
    """What was read out of the views: numbers and ids."""
    noted, read = list[tuple[list[int], list[str]]](), kept_passages.stored

    def stored(reader: Any, numbers: Sequence[int], ids: Sequence[str], vector_of: Any) -> list[Stored]:
        noted.append((sorted(numbers), sorted(ids)))
        return read(reader, numbers, ids, vector_of)

    monkeypatch.setattr(kept_passages, "stored", stored)
    return noted


def ident_of(services: Services) -> str:
    return services.library.shelf.notes(away=True)[0].ident


def test_the_same_passages_are_read_once(
    shelf: Services, tmp_path: Path, reads: list[tuple[list[int], list[str]]]
) -> None:
    tell(shelf, tmp_path / "notes", a=note(PIANO), b=note("The chapel was cold."))
    first = shelf.search.find(WHERE, 0)
    assert len(reads) == 1
    assert shelf.search.find(WHERE, 0) == first
    assert shelf.search.find("Was the chapel cold?", 0) != first
    assert len(reads) == 1


def test_each_tier_is_given_what_its_own_readers_read(
    shelf: Services, tmp_path: Path, reads: list[tuple[list[int], list[str]]]
) -> None:
    tell(shelf, tmp_path / "notes", a=note(PIANO), b=note(SECRET, tier="circle"))
    assert set(quotes(shelf, WHERE, 3)) == {PIANO, SECRET}
    assert quotes(shelf, WHERE, 0) == [PIANO]
    assert len(reads) == 2


def test_what_is_taken_back_is_kept_for_nobody(shelf: Services, tmp_path: Path) -> None:
    tell(shelf, tmp_path / "notes", a=note(PIANO))
    assert quotes(shelf, WHERE) == [PIANO]
    shelf.library.shelf.retract(ident_of(shelf))
    assert quotes(shelf, WHERE) == []
    shelf.library.shelf.restore(ident_of(shelf))
    assert quotes(shelf, WHERE) == [PIANO]


def test_what_is_moved_above_a_tier_is_kept_there_no_more(shelf: Services, tmp_path: Path) -> None:
    tell(shelf, tmp_path / "notes", a=note(PIANO))
    assert quotes(shelf, WHERE) == [PIANO]
    shelf.library.shelf.retier(ident_of(shelf), 3)
    assert quotes(shelf, WHERE) == []
    found = shelf.search.find(WHERE, 3)
    assert isinstance(found, Evidence)
    assert found.tier == 3


def test_whose_words_they_are_is_said_anew_at_once(shelf: Services, tmp_path: Path) -> None:
    tell(shelf, tmp_path / "notes", a=note(PIANO))
    assert quotes(shelf, WHERE) == [PIANO]
    shelf.library.shelf.attribute(ident_of(shelf), speaker="Mara Voss", licence="CC BY 4.0")
    found = shelf.search.find(WHERE, 0)
    assert isinstance(found, Evidence)
    assert (found.sentences[0].passage.speaker, found.sentences[0].passage.licence) == ("Mara Voss", "CC BY 4.0")


def test_a_passage_without_a_vector_is_looked_at_again(
    small_shelf: Services, tmp_path: Path, reads: list[tuple[list[int], list[str]]]
) -> None:
    tell(small_shelf, tmp_path / "notes", a=note(PIANO))
    kept = kept_passages.KeptPassages()
    for made in (None, None, bytes(4 * 384), None):
        with small_shelf.database.reader(0) as reader:
            (one,) = kept.of(reader, 0, ((0, "1"),), ([1], []), lambda *_row, made=made: made)
    assert one.vector is not None
    assert reads == [([1], [])] * 3


def test_those_that_were_read_least_lately_go(
    small_shelf: Services,
    tmp_path: Path,
    reads: list[tuple[list[int], list[str]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(kept_passages, "KEPT_AT_EACH_TIER", 2)
    tell(small_shelf, tmp_path / "notes", **{name: note(f"{PIANO} {name}") for name in "abc"})
    kept = kept_passages.KeptPassages()
    for number in (1, 2, 1, 3, 1, 2):
        with small_shelf.database.reader(0) as reader:
            (one,) = kept.of(reader, 0, ((0, "1"),), ([number], []), lambda *_row: bytes(4))
        assert one.number == number
    assert [numbers for numbers, _ in reads] == [[1], [2], [3], [2]]
