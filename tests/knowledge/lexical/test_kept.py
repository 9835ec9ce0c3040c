"""What is kept of the lexical indexes: true for the snapshot that asks, whoever asked before."""

from pathlib import Path
from unittest.mock import patch

import pytest
from sqlalchemy import Connection

from knowledge.lexical import Analyser, KeptWords, kept, lexical_index_for
from knowledge.lexical.bm25 import Column
from knowledge.lexical.indexes import Fts5Index
from presence.bootstrap import Services
from tests.knowledge.notes import note, tell


class Counting(Fts5Index):
    """Remembers what was read from the database."""

    def __init__(self) -> None:
        self.read: list[tuple[int, str]] = []

    def postings(self, reader: Connection, tier: int, term: str) -> Column:
        self.read.append((tier, term))
        return super().postings(reader, tier, term)


@pytest.fixture(scope="module")
def analyser() -> Analyser:
    return Analyser()


def scores(words: KeptWords, services: Services, tier: int, *terms: str) -> dict[str, float]:
    with services.database.reader(tier) as reader:
        matches, _ = words.matches(reader, tier, terms)
        texts = {row[0]: row[1] for row in reader.exec_driver_sql("SELECT number, text FROM passages")}
    return {texts[number]: match.score for number, match in matches.of(list(texts)).items()}


def test_a_term_is_read_once_for_all_tiers(small_shelf: Services, analyser: Analyser, tmp_path: Path) -> None:
    tell(small_shelf, tmp_path / "notes", a=note("One piano."), b=note("Two pianos.", tier="circle"))
    index = Counting()
    words = KeptWords(index, analyser)
    for tier in (4, 3, 0, 4):
        scores(words, small_shelf, tier, "piano")
    assert sorted(index.read) == [(0, "piano"), (3, "piano")]


def test_what_changed_is_read_anew_and_nothing_else(small_shelf: Services, analyser: Analyser, tmp_path: Path) -> None:
    tell(small_shelf, tmp_path / "notes", a=note("One piano."), b=note("Two pianos.", tier="circle"))
    index = Counting()
    words = KeptWords(index, analyser)
    scores(words, small_shelf, 4, "piano")
    index.read.clear()
    tell(small_shelf, tmp_path / "notes", a=note("One ferry."))
    assert set(scores(words, small_shelf, 4, "piano")) == {"Two pianos."}
    assert index.read == [(0, "piano")]


def test_a_higher_tier_that_asked_first_changes_nothing_below(
    shelf: Services, analyser: Analyser, tmp_path: Path
) -> None:
    tell(shelf, tmp_path / "notes", a=note("One piano in Leeds."), b=note("A piano, a piano.", tier="circle"))
    index = lexical_index_for(shelf.database.dialect, analyser)
    alone, after = KeptWords(index, analyser), KeptWords(index, analyser)
    assert len(scores(after, shelf, 4, "piano", "leed")) == 2
    assert scores(after, shelf, 0, "piano", "leed") == scores(alone, shelf, 0, "piano", "leed")


def test_an_older_snapshot_is_answered_as_of_then(small_shelf: Services, analyser: Analyser, tmp_path: Path) -> None:
    tell(small_shelf, tmp_path / "notes", a=note("One piano."))
    words = KeptWords(Fts5Index(), analyser)
    with small_shelf.database.reader(0) as reader:
        before, _ = words.matches(reader, 0, ["piano"])
        tell(small_shelf, tmp_path / "more", b=note("Two pianos."))
        assert len(scores(words, small_shelf, 0, "piano")) == 2
        then, _ = words.matches(reader, 0, ["piano"])
    assert then.counts == before.counts == {"piano": 1}


def test_the_forms_of_a_term_count_a_passage_once(small_shelf: Services, analyser: Analyser, tmp_path: Path) -> None:
    tell(small_shelf, tmp_path / "notes", a=note("I write what I wrote."), b=note("It was written."))
    words = KeptWords(Fts5Index(), analyser)
    [terms] = analyser.content_terms(["write"])
    with small_shelf.database.reader(0) as reader:
        matches, _ = words.matches(reader, 0, terms)
    assert matches.counts == {"write": 2}


def test_no_more_is_kept_than_is_allowed(small_shelf: Services, analyser: Analyser, tmp_path: Path) -> None:
    tell(small_shelf, tmp_path / "notes", a=note("One piano in Leeds."), b=note("A piano in Leeds, a ferry."))
    index = Counting()
    words = KeptWords(index, analyser)
    with patch.object(kept, "POSTINGS_KEPT", 3):
        for _ in range(2):
            for term in ("piano", "leed", "ferri"):
                assert scores(words, small_shelf, 0, term)
    assert len(index.read) == 6


def test_a_node_without_notes_holds_nothing(small_shelf: Services, analyser: Analyser) -> None:
    assert scores(KeptWords(Fts5Index(), analyser), small_shelf, 4, "piano") == {}
