"""What is known only from a higher tier changes nothing below it: no count, no name, no suggestion, no choice."""

from pathlib import Path

import pytest

from knowledge.evidence import AskBack
from knowledge.facts.exact import ExactQuestions
from presence.bootstrap import Services
from tests.knowledge.facts.tour import more, sentences, tour
from tests.nodes import take_in, write_notes

INNER_SHOWS = """x,2012-05-13,Weighhouse,Bergen,Norway
y,2011-03-04,Back Parlour,Galway,Ireland
z,2011-03-05,Lamp Room,Cork,Ireland"""
INNER_PLAYS = """x,1,1,Tin Weather,0
x,1,2,Secret Harbour,1
x,1,3,Copper Moth,0
y,1,1,Tin Lantern,0
z,1,1,Night Heron,0"""
QUESTIONS = (
    "How many shows did you play?",
    "How many shows did you play in Norway?",
    "How often did you play Tin Weather?",
    "How often did you play Copper Moth?",
    "When did you last play Copper Moth?",
    "What is the longest gap between Tin Weathers?",
    "What did you play on 4 March 2011?",
    "Where were you on 4 March 2011?",
    "How often did you play Secret Harbour?",
    "How often did you play Secrat Harbor?",
    "How often did you play Tin?",
    "How often did you play Lantern?",
    "Did Tin Weather ever go into Secret Harbour?",
    "When did you play at the Back Parlour?",
    "When did you play at the Lamp Room?",
    "How often did you play The Old Glow?",
    "Which songs did you play only once?",
    "Which song did you play most?",
    "What did you debut in 2012?",
    "How many venues have you played?",
    "How many different songs did you play in 2012?",
)


def inner(services: Services, folder: Path) -> None:
    """Take in, from tier 2 on, nights, plays and another name of a song."""
    more(services, folder, INNER_SHOWS, INNER_PLAYS, tier=2)
    take_in(
        services, write_notes(folder / "aliases", {"names.csv": "name,alias\nBrass Lantern,The Old Glow\n"}), tier=2
    )


@pytest.fixture
def exact(small_shelf: Services, tmp_path: Path) -> ExactQuestions:
    return tour(small_shelf, tmp_path)


def test_nothing_inner_changes_what_everybody_is_told(
    small_shelf: Services, tmp_path: Path, exact: ExactQuestions
) -> None:
    before = [exact.answer(question, 0) for question in QUESTIONS]
    with small_shelf.database.reader(0) as reader:
        read = [exact.read(reader, question) for question in QUESTIONS]
    inner(small_shelf, tmp_path)
    assert [exact.answer(question, 0) for question in QUESTIONS] == before
    with small_shelf.database.reader(0) as reader:
        assert [exact.read(reader, question) for question in QUESTIONS] == read


def test_whoever_may_know_more_is_told_more(small_shelf: Services, tmp_path: Path, exact: ExactQuestions) -> None:
    inner(small_shelf, tmp_path)
    assert sentences(exact.answer("How many shows did you play in Norway?", 2))[0] == "There were 3 shows in Norway."
    assert (
        sentences(exact.answer("How often did you play Tin Weather?", 2))[0] == "“Tin Weather” was played at 4 shows."
    )
    assert sentences(exact.answer("How often did you play Secret Harbour?", 2))[0].endswith("was played at 1 show.")
    assert sentences(exact.answer("How often did you play The Old Glow?", 2))[0] == (
        "“Brass Lantern” was played at 8 shows."
    )


def test_an_inner_name_is_not_known_outside(small_shelf: Services, tmp_path: Path, exact: ExactQuestions) -> None:
    inner(small_shelf, tmp_path)
    assert exact.answer("How often did you play Secret Harbour?", 0) is None
    assert exact.answer("How often did you play The Old Glow?", 0) is None
    with small_shelf.database.reader(0) as reader:
        reading = exact.read(reader, "How often did you play Secrat Harbor?")
    assert (reading.mentions, reading.suggestions) == ((), ())


def test_an_inner_night_makes_no_choice_outside(small_shelf: Services, tmp_path: Path, exact: ExactQuestions) -> None:
    inner(small_shelf, tmp_path)
    question = "What did you play on 4 March 2011?"
    within = exact.answer(question, 2)
    assert isinstance(within, AskBack)
    assert any("Back Parlour" in choice for choice in within.choices)
    assert sentences(exact.answer(question, 0))[0] == "This was played on 4 March 2011 at Lamp Room, Galway."


def test_an_answer_says_from_which_tier_its_rows_are(
    small_shelf: Services, tmp_path: Path, exact: ExactQuestions
) -> None:
    inner(small_shelf, tmp_path)
    tiers = [getattr(exact.answer("How often did you play Copper Moth?", tier), "tier", None) for tier in (0, 2)]
    assert tiers == [0, 2]
