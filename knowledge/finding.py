"""Finds what answers a question: exact facts first, then the notes, of the night that was found or all of them."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from typing import Protocol

from knowledge.evidence import About, AskBack, Before, Evidence, Finding, Nothing, SourcePassage
from knowledge.facts.exact import Exact
from knowledge.facts.keys import normal
from knowledge.facts.told import AboutNights, Facts, NotKnown
from knowledge.leaning import Leaning


class ExactAnswers(Protocol):
    """Answers exact questions (`knowledge.facts.ExactQuestions`)."""

    def answer(self, question: str, tier: int) -> Exact: ...


class NotesFound(Protocol):
    """Searches the notes (`knowledge.search.Search`)."""

    def find(self, question: str, tier: int, about: About | None = None) -> Finding: ...


AtOneMoment = Callable[[int], AbstractContextManager[object]]
"""Has all that is read of a tier inside read from one snapshot (`presence.database.Database.at_one_moment`)."""


class Knowing:
    """What the house asks: one question, one tier, one finding."""

    def __init__(
        self,
        exact: ExactAnswers,
        notes: NotesFound,
        leaning: Leaning | None = None,
        at_one_moment: AtOneMoment = nullcontext,
    ) -> None:
        self._exact = exact
        self._notes = notes
        self._leaning = leaning
        self._at_one_moment = at_one_moment

    def find(self, question: str, tier: int, earlier: Sequence[Before] = ()) -> Finding:
        """Look in the rows first; what they cannot settle is looked for in the notes, as they were at that moment."""
        with self._at_one_moment(tier):
            return self._find(question, tier, earlier)

    def _find(self, question: str, tier: int, earlier: Sequence[Before]) -> Finding:
        if earlier and self._leaning is not None:
            meant = self._leaning.meant(question, tier, earlier)
            if meant.choices:
                return AskBack(meant.choices)
            if meant.said:
                return self._more(meant.question, tier, meant.said)
            if meant.of_prose:
                return self._of_prose(meant.question, tier)
            question = meant.question
        return self._found(question, tier)

    def _found(self, question: str, tier: int) -> Finding:
        match exact := self._exact.answer(question, tier):
            case Facts() | AskBack():
                return exact
            case AboutNights():
                return self._about(question, tier, exact)
            case NotKnown():
                found = self._notes.find(question, tier)
                return found if isinstance(found, Evidence) else Nothing(_nearest(found), exact.why)
            case _:
                return self._notes.find(question, tier)

    def _more(self, question: str, tier: int, said: Sequence[str]) -> Finding:
        """Look in the notes for what was not said yet, in its order; nothing where nothing is left."""
        return _left_of(self._of_prose(question, tier), said)

    def _of_prose(self, question: str, tier: int) -> Finding:
        """Look in the notes alone; the rows say at most of which nights."""
        exact = self._exact.answer(question, tier)
        if isinstance(exact, Facts):
            exact = AboutNights(exact.nights)
        if isinstance(exact, AboutNights) and exact.nights:
            return self._about(question, tier, exact)
        return self._notes.find(question, tier)

    def _about(self, question: str, tier: int, exact: AboutNights) -> Finding:
        """Look in the notes of the nights that were found; where they are silent, in all notes."""
        about = About(
            tuple(dict.fromkeys(night.date for night in exact.nights if night.date)),
            tuple(dict.fromkeys(name for night in exact.nights for name in night.names)),
            surely=len(exact.nights) == 1 and exact.is_of_prose,
            asks=exact.asks,
        )
        plain = self._notes.find(question, tier)
        if isinstance(plain, Evidence) and _is_named(plain.sentences[0].passage, question):
            return plain
        found = self._notes.find(question, tier, about)
        return found if isinstance(found, Evidence) else plain


def _is_named(passage: SourcePassage, question: str) -> bool:
    """Whether a question names a note by its title: then that note is meant, and no night."""
    return normal(passage.title) in normal(question)


def _left_of(found: Finding, said: Sequence[str]) -> Finding:
    if not isinstance(found, Evidence):
        return found
    before = f" {normal(' '.join(said))} "
    left = tuple(one for one in found.sentences if f" {normal(one.text)} " not in before)
    return replace(found, sentences=left) if left else Nothing(())


def _nearest(found: Finding) -> tuple[SourcePassage, ...]:
    return found.nearest if isinstance(found, Nothing) else ()
