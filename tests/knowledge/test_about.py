"""Whether a passage speaks of what a question has been traced to, and what that changes in a search."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from knowledge import Evidence, Nothing
from knowledge.about import Concern, concerned
from knowledge.candidates import Candidate
from knowledge.evidence import About, SourcePassage
from presence.bootstrap import Services
from tests.knowledge.notes import note, tell

PASSAGE = SourcePassage("p", "d", "A note", "note", "", "Ada", "", "a.md", "", 0, "We left early.", "sha", 0)
NIGHT = "1977-05-08"


def share(about: About, **changed: Any) -> float:
    return Concern(about).share(replace(PASSAGE, **changed))


@pytest.mark.parametrize(
    "written",
    [
        "1977-05-08",
        "May 8, 1977",
        "May 8 1977",
        "may 8th, 1977",
        "8 May 1977",
        "8th of May, 1977",
        "5/8/77",
        "05/08/1977",
    ],
)
def test_a_date_is_known_however_it_is_written(written: str) -> None:
    assert share(About(dates=(NIGHT,)), text=f"That was on {written}, and it rained.") == 1.0


@pytest.mark.parametrize("written", ["18 May 1977", "May 8, 1978", "15/8/77", "5/8/778", "1977-05-081", "May 1977"])
def test_another_date_is_not_taken_for_it(written: str) -> None:
    assert share(About(dates=(NIGHT,)), text=f"That was on {written}, and it rained.") == 0.0


@pytest.mark.parametrize(
    ("asked", "dated", "expected"),
    [(NIGHT, NIGHT, 1.0), ("1977-05", NIGHT, 1.0), ("1977", NIGHT, 1.0), (NIGHT, "1977-05", 0.0), (NIGHT, "", 0.0)],
)
def test_the_date_of_the_note_counts_as_exactly_as_it_is_asked(asked: str, dated: str, expected: float) -> None:
    assert share(About(dates=(asked,)), date=dated) == expected


def test_a_note_named_by_its_id_counts() -> None:
    assert share(About(documents=frozenset({"d"}))) == 1.0
    assert share(About(documents=frozenset({"other"}))) == 0.0


@pytest.mark.parametrize("where", ["text", "title", "heading"])
def test_a_name_counts_in_the_text_the_title_and_the_heading(where: str) -> None:
    about = About(names=("Café Zoë’s",))
    assert share(about, **{where: "At cafe  zoe's again."}) == 1.0
    assert share(about, **{where: "At cafe zoe'ss again."}) == 0.0


def test_when_and_what_are_worth_half_each() -> None:
    about = About(dates=(NIGHT,), names=("Barton Hall",))
    assert share(about, date=NIGHT) == 0.5
    assert share(about, date=NIGHT, text="Barton Hall was cold.") == 1.0


@pytest.mark.parametrize("about", [About(), About(dates=("",), names=(" ",)), About(dates=("soon",))])
def test_about_nothing_speaks_no_passage(about: About) -> None:
    assert share(about) == 0.0


def test_a_month_that_does_not_exist_is_looked_for_as_it_is_written() -> None:
    assert share(About(dates=("1977-13-08",)), text="The tape says 1977-13-08.") == 1.0


def test_what_speaks_of_more_ranks_higher_whatever_its_score() -> None:
    of_both, of_one, of_none = (
        Candidate(replace(PASSAGE, ident=name, date=date, text=text), [], 0.0, 0.0, 0.0, score)
        for name, date, text, score in (
            ("both", NIGHT, "Barton Hall.", 0.0),
            ("one", NIGHT, "Cold.", 1.0),
            ("none", "", "Cold.", 1.0),
        )
    )
    ranked = concerned([of_none, of_one, of_both], Concern(About((NIGHT,), ("Barton Hall",))))
    assert [candidate.passage.ident for candidate in ranked] == ["both", "one", "none"]
    assert all(0 <= candidate.score <= 1 for candidate in ranked)


@pytest.fixture
def nights(shelf: Services, tmp_path: Path) -> Services:
    filler = {f"n{n}": note(f"We closed at {n}, closed and closed again.", title=f"Closed {n}") for n in range(120)}
    tell(
        shelf,
        tmp_path / "notes",
        night=note("I was thinking of my father all through.", title="A cold hall", head=f"date: {NIGHT}\n"),
        other=note("I was thinking of the bill when we closed.", title="Another", head="date: 1978-05-08\n"),
        secret=note("I was thinking of nobody.", title="Secret", tier="circle", head=f"date: {NIGHT}\n"),
        **filler,
    )
    return shelf


def test_prose_is_found_on_the_night_that_a_question_was_traced_to(nights: Services) -> None:
    question = "What were you thinking when you closed?"
    assert isinstance(without := nights.search.find(question, 0), Evidence)
    assert without.sentences[0].passage.date != NIGHT
    found = nights.search.find(question, 0, About(dates=(NIGHT,)))
    assert isinstance(found, Evidence)
    assert [sentence.text for sentence in found.sentences] == ["I was thinking of my father all through."]


def test_a_note_of_the_night_is_ranked_though_neither_arm_finds_it(nights: Services) -> None:
    question = "When was it closed?"
    assert NIGHT not in {found.passage.date for found in nights.search.passages(question, 0)}
    assert nights.search.passages(question, 0, About(dates=("1977-05",)))[0].passage.date == NIGHT


def test_a_night_above_the_tier_is_not_found(nights: Services) -> None:
    about = About(dates=(NIGHT,))
    assert "nobody" not in str(nights.search.find("What were you thinking?", 2, about))
    assert "nobody" in str(nights.search.find("What were you thinking?", 3, about))


def test_where_nothing_speaks_of_it_there_is_nothing(nights: Services) -> None:
    found = nights.search.find("What were you thinking when you closed?", 0, About(dates=("1981-01-01",)))
    assert isinstance(found, Nothing)
    assert found.nearest


def test_a_note_of_the_night_about_something_else_is_no_answer(nights: Services) -> None:
    found = nights.search.find("Which vegetables grow best in clay soil?", 0, About(dates=(NIGHT,)))
    assert isinstance(found, Nothing)


def test_passages_are_ranked_by_what_they_speak_of(nights: Services) -> None:
    ranked = nights.search.passages("What were you thinking?", 0, About(dates=("1978-05-08",)))
    assert ranked[0].passage.date == "1978-05-08"
    assert [c.concerned for c in ranked] == sorted((c.concerned for c in ranked), reverse=True)


def test_a_question_without_words_is_asked_of_what_it_was_traced_to(nights: Services) -> None:
    found = nights.search.find("What was that?", 0, About(dates=("1978-05-08",), names=("the bill",)))
    assert isinstance(found, Evidence)
    assert {sentence.passage.date for sentence in found.sentences} == {"1978-05-08"}
