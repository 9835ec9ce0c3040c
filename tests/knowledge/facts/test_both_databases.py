"""The same nights give the same answers on SQLite and on PostgreSQL."""

import datetime
from pathlib import Path

import pytest

from knowledge.evidence import AskBack
from knowledge.facts.exact import ExactQuestions
from knowledge.facts.told import Facts
from presence.bootstrap import Services
from tests.nodes import take_in, write_notes

NIGHTS = """show_id,date,venue,city,state,country
1,2019-03-01,Ice House,Leeds,,England
2,2019-03-02,Ice House,Leeds,,England
3,2020-07-14,Vinegar Hall,Hull,,England
4,2020-07-14,Vinegar Hall,Hull,,England
5,2021-01-09,Lichtspiel,Bremen,,Germany
6,2021-05-05,Lichtspiel,Bremen,,Germany
"""
PLAYS = """show_id,set_no,position,song,segued
1,1,1,Brine Pump,0
1,1,2,Pilot Ladder,1
1,1,3,Slack Water,0
2,1,1,Pilot Ladder,0
2,2,1,Brine Pump,0
3,1,1,Brine Pump,1
3,1,2,Slack Water,0
4,1,1,Slack Water,0
5,1,1,Harbour Psalm,0
5,1,2,Brine Pump,0
"""

SAID = {
    "How many times did you play Brine Pump?": "“Brine Pump” was played at 4 shows.",
    "when did you first play slack water": "“Slack Water” was first played on 1 March 2019 at Ice House, Leeds.",
    "What did you open with on 1 March 2019?": "“Brine Pump” opened the show on 1 March 2019 at Ice House, Leeds.",
    "what came after pilot ladder on 1 March 2019": "On 1 March 2019 at Ice House, Leeds, "
    "“Slack Water” came straight after “Pilot Ladder”.",
    "how many shows in Germany": "There were 2 shows in Germany.",
    "Which songs were played only once?": "1 was played at one show only: “Harbour Psalm” (9 January 2021).",
    "Which venue did you play most?": "Most played: "
    "Ice House, Leeds, Lichtspiel, Bremen and Vinegar Hall, Hull, at 2 shows each.",
    "how many different songs did you play in 2019": "3 different songs were played in 2019 (5 entries in all).",
    "did you ever play Harbour Psalm in England?": "No: “Harbour Psalm” is in none of the listed shows in England.",
    "longest gap between Brine Pumps": "The longest gap between two plays of “Brine Pump” was 500 days, "
    "from 2 March 2019 at Ice House, Leeds to "
    "14 July 2020 at Vinegar Hall, Hull, with 0 shows between.",
}  # fmt: skip


@pytest.fixture
def exact(shelf: Services, tmp_path: Path) -> ExactQuestions:
    take_in(shelf, write_notes(tmp_path / "tables", {"shows.csv": NIGHTS, "plays.csv": PLAYS}))
    return ExactQuestions(shelf.database.reader, "Ada Marsh", lambda: datetime.date(2026, 11, 21))


def test_tables_that_came_after_a_question_are_counted_at_once(shelf: Services, tmp_path: Path) -> None:
    exact = ExactQuestions(shelf.database.reader, "Ada Marsh", lambda: datetime.date(2026, 11, 21))
    question = "how many shows in Germany"
    for _ in range(2):
        assert exact.answer(question, 0) is None
    take_in(shelf, write_notes(tmp_path / "tables", {"shows.csv": NIGHTS, "plays.csv": PLAYS}))
    assert isinstance(exact.answer(question, 0), Facts)


def test_both_databases_say_the_same(exact: ExactQuestions) -> None:
    for question, said in SAID.items():
        answer = exact.answer(question, 0)
        assert isinstance(answer, Facts), question
        assert answer.sentences[0].text.startswith(said), (question, answer.text)
        assert answer.sentences[0].rows or said.startswith("No:"), question


def test_two_shows_of_one_day_are_asked_back(exact: ExactQuestions) -> None:
    answer = exact.answer("What did you open with on 14 July 2020?", 0)
    assert isinstance(answer, AskBack)
    assert len(answer.choices) == 2
    told = [exact.answer(choice, 0) for choice in answer.choices]
    assert [one.sentences[0].text.split(" opened")[0] for one in told if isinstance(one, Facts)] == [
        "“Brine Pump”",
        "“Slack Water”",
    ]


def test_a_night_without_a_list_is_known_and_nothing_is_said_of_its_songs(exact: ExactQuestions) -> None:
    assert not isinstance(exact.answer("What did you play on 5 May 2021?", 0), Facts)
    where = exact.answer("Where did you play on 5 May 2021?", 0)
    assert isinstance(where, Facts)
    assert "Lichtspiel, Bremen" in where.text


def test_entries_without_their_night_are_told_to_the_doctor(shelf: Services, tmp_path: Path) -> None:
    take_in(shelf, write_notes(tmp_path / "tables", {"plays.csv": PLAYS}))
    [finding] = shelf.library.check()
    assert finding.sentence.startswith("10 entries of set lists name nights that no table tells")
    take_in(shelf, write_notes(tmp_path / "tables", {"shows.csv": NIGHTS}))
    assert shelf.library.check() == []
