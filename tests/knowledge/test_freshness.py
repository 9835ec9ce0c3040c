"""Which questions ask for news, and which notes they lift."""

from dataclasses import replace
from pathlib import Path

import pytest

from knowledge.candidates import Candidate
from knowledge.evidence import SourcePassage
from knowledge.freshness import asks_for_news, freshest, without_asking
from presence.bootstrap import Services
from tests.knowledge.notes import note, quotes, tell

PASSAGE = SourcePassage("p", "d", "A note", "note", "", "Ada", "", "a.md", "", 0, "We left early.", "sha", 0)


def candidate(name: str, date: str, score: float) -> Candidate:
    return Candidate(replace(PASSAGE, ident=name, date=date, document_sha256=name), [], 0.0, 0.0, 0.0, score)


def names(candidates: list[Candidate]) -> list[str]:
    return [found.passage.ident for found in candidates]


@pytest.mark.parametrize("word", ["lately", "recently", "these days", "latest", "newest", "LATELY"])
def test_words_that_ask_for_news(word: str) -> None:
    assert asks_for_news(f"What do you play {word}?")
    assert word not in without_asking(f"What do you play {word}?")


@pytest.mark.parametrize("question", ["What did you play late at night?", "Were the latecomers let in?", "News?"])
def test_words_that_do_not(question: str) -> None:
    assert not asks_for_news(question)
    assert without_asking(question) == question


def test_the_later_of_two_that_are_as_good_comes_first() -> None:
    assert names(freshest([candidate("old", "1999", 0.6), candidate("new", "2020-05-01", 0.5)])) == ["new", "old"]


def test_what_is_new_and_beside_the_question_stays_where_it_is() -> None:
    assert names(freshest([candidate("old", "1999", 0.8), candidate("new", "2020", 0.3)])) == ["old", "new"]


def test_what_has_no_date_is_left_as_it_was() -> None:
    undated, odd = candidate("undated", "", 0.7), candidate("odd", "soon", 0.6)
    ranked = freshest([undated, odd, candidate("old", "1999", 0.5), candidate("new", "2020", 0.5)])
    assert names(ranked) == ["new", "undated", "odd", "old"]
    assert undated in ranked
    assert odd in ranked


def test_one_date_alone_is_the_newest_there_is() -> None:
    assert names(freshest([candidate("undated", "", 0.6), candidate("only", "1999", 0.5)])) == ["only", "undated"]


def test_nothing_found_is_nothing_fresh() -> None:
    assert freshest([]) == []


def test_a_question_of_today_is_answered_from_the_later_note(small_shelf: Services, tmp_path: Path) -> None:
    tell(
        small_shelf,
        tmp_path / "notes",
        old=note("I play the rented piano in Leeds every night.", title="Piano", head="date: 2001-02-03\n"),
        new=note("I play the borrowed piano in York every night.", title="Piano", head="date: 2024-02-03\n"),
    )
    assert "York" in quotes(small_shelf, "Which piano do you play lately?")[0]
    assert "York" in quotes(small_shelf, "Which piano do you play in York?")[0]
    assert "Leeds" in quotes(small_shelf, "Which piano do you play in Leeds these days?")[0]
