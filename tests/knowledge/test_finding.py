"""Rows first, then the notes of the night that was found, then all notes."""

from dataclasses import replace

from knowledge.evidence import About, AskBack, Evidence, Finding, Nothing, SourcePassage, SourceSentence
from knowledge.facts.exact import Exact
from knowledge.facts.told import AboutNights, Facts, FactSentence, NightMeant, NotKnown
from knowledge.finding import Knowing

PASSAGE = SourcePassage("p", "d", "The lamp", "note", "", "Ada", "", "lamp.md", "", 0, "The lamp broke.", "x", 0)
FOUND = Evidence((SourceSentence(PASSAGE, 0, 0, 15, 1, None, 1.0),), 1)
NIGHT = NightMeant("k", "2019-03-01", ("Ice House", "Leeds"))


class Rows:
    def __init__(self, answer: Exact) -> None:
        self._answer = answer

    def answer(self, _question: str, _tier: int) -> Exact:
        return self._answer


class Notes:
    """Finds one thing anywhere, another when it is told where to look."""

    def __init__(self, anywhere: Finding, there: Finding) -> None:
        self._anywhere, self._there = anywhere, there
        self.asked: list[About | None] = []

    def find(self, _question: str, _tier: int, about: About | None = None) -> Finding:
        self.asked.append(about)
        return self._anywhere if about is None else self._there


NOTHING = Nothing((PASSAGE,))


def test_what_the_rows_say_is_said_and_the_notes_are_left_alone() -> None:
    notes = Notes(FOUND, FOUND)
    facts = Facts("count", (FactSentence("There were 2 shows."),))
    assert Knowing(Rows(facts), notes).find("how many", 0) is facts
    assert Knowing(Rows(AskBack(("a", "b"))), notes).find("which", 0) == AskBack(("a", "b"))
    assert notes.asked == []


def test_what_is_not_about_rows_is_looked_for_in_the_notes() -> None:
    assert Knowing(Rows(None), Notes(FOUND, NOTHING)).find("why", 0) is FOUND


def test_what_the_rows_cannot_say_is_told_with_the_reason_when_the_notes_are_silent_too() -> None:
    knowing = Knowing(Rows(NotKnown("The lists do not mark encores.")), Notes(NOTHING, NOTHING))
    assert knowing.find("encore?", 0) == Nothing((PASSAGE,), "The lists do not mark encores.")
    assert Knowing(Rows(NotKnown("")), Notes(FOUND, NOTHING)).find("encore?", 0) is FOUND


def test_a_story_is_looked_for_in_the_notes_of_its_night_and_then_everywhere() -> None:
    there = replace(FOUND, as_told=True)
    about = AboutNights((NIGHT,), "what broke", is_of_prose=True)
    notes = Notes(FOUND, there)
    assert Knowing(Rows(about), notes).find("what broke in Leeds", 0) is there
    assert notes.asked[-1] == About(("2019-03-01",), ("Ice House", "Leeds"), surely=True, asks="what broke")
    assert Knowing(Rows(about), Notes(FOUND, NOTHING)).find("what broke in Leeds", 0) is FOUND


def test_a_note_that_is_called_by_its_title_is_meant() -> None:
    about = AboutNights((NIGHT, NIGHT), "the story")
    assert Knowing(Rows(about), Notes(FOUND, replace(FOUND, as_told=True))).find("the story of “The lamp”?", 0) is FOUND
