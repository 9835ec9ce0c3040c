"""Questions that lean on what was said before: "and after that?", "who else was there?", "why?", "tell me more".

A question that stands by itself is never touched. One that leans is written as one that stands by itself,
with the names and dates of the turn before as the tier of now knows them, and answered like any other; it is
never answered from an earlier answer. Where it can be meant in several ways, it is asked back.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from knowledge import leaning_forms as forms
from knowledge.evidence import AskBack, Before
from knowledge.facts.carried import Turn
from knowledge.facts.exact import Exact
from knowledge.facts.reading import Reading
from knowledge.facts.told import Facts
from knowledge.leaning_on import CHOICES_MAX, by_itself, nth_told, with_night
from knowledge.lexical import Analyser

TURNS_MAX = 6
"""So many earlier turns are looked at."""

# What points back in a question of which nothing else says what is meant.
_POINTS_BACK = re.compile(
    r"\bit\b(?! (?:to|that|true|possible)\b)|\b(?:its|those|these|they|them|their|theirs|same|else)\b"
    r"|\b(?:that|this)\W*$",
    re.IGNORECASE,
)
# As often the artist herself: these lean on a person who was named before.
_SOMEBODY = re.compile(r"\b(?:he|him|his|she|her|hers)\b", re.IGNORECASE)
_GOES_ON = re.compile(r"\W*(?:and|but|or|what about|how about|what of)\b", re.IGNORECASE)
_LEANING_WORDS_MAX = 8


class ReadsTurns(Protocol):
    """Reads earlier turns, and answers them again (`knowledge.facts.ExactQuestions`)."""

    def turn(self, question: str, answer: str, tier: int) -> Turn: ...

    def answer(self, question: str, tier: int) -> Exact: ...


@dataclass(frozen=True, slots=True)
class Meant:
    """What is to be looked for; `choices` where that is to be asked back, `said` what is not to be said again."""

    question: str
    choices: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    of_prose: bool = False  # two questions in one text: the rows have no answer to that


class Leaning:
    """Thread-safe."""

    def __init__(self, analyser: Analyser, exact: ReadsTurns) -> None:
        self._analyser = analyser
        self._exact = exact

    def meant(self, question: str, tier: int, earlier: Sequence[Before]) -> Meant:
        """Give what a question means after these turns, the oldest first."""
        turns, before = earlier[-TURNS_MAX:], None
        for one in turns:
            plain = self._after(one.question, tier, before).question
            before = self._exact.turn(plain, one.answer, tier)
        found = self._after(question, tier, before)
        if found.said:
            return Meant(found.question, said=tuple(one.answer for one in turns if one.answer))
        return found

    def _after(self, question: str, tier: int, before: Turn | None) -> Meant:
        if before is None:
            return Meant(question)
        asked = self._exact.turn(question, "", tier).question
        said = forms.bare(asked.masked)
        if forms.WHICH.fullmatch(said):
            return _one_or_choices(question, self._chosen(said, tier, before) or nth_told(asked, before))
        if forms.MORE.fullmatch(said):
            return Meant(before.plain, said=(before.plain,))
        if forms.OF_PROSE.fullmatch(said):
            return Meant(with_night(question, before), of_prose=True)
        if (found := by_itself(asked, before)) is not None:
            return _one_or_choices(question, found)
        leans = self._leans(asked, before, tier)
        return Meant(f"{question} {before.plain}", of_prose=True) if leans else Meant(question)

    def _chosen(self, said: str, tier: int, before: Turn) -> tuple[str, ...]:
        """Where the question before was asked back, give the choice that is meant."""
        found = forms.WHICH.fullmatch(said)
        asked_back = self._exact.answer(before.plain, tier)
        if found is None or not isinstance(asked_back, AskBack):
            return ()
        at = forms.number_of(found["nth"])
        return (asked_back.choices[at],) if at < len(asked_back.choices) else ()

    def _leans(self, asked: Reading, before: Turn, tier: int) -> bool:
        """Whether a question for the notes says too little by itself; doubt means that it stands by itself."""
        [terms] = self._analyser.content_terms([asked.question])
        if asked.mentions or asked.dates or self._analyser.names(asked.question):
            return False
        if terms and (len(asked.words) > _LEANING_WORDS_MAX or not self._points_back(asked.question, before)):
            return False
        return not isinstance(self._exact.answer(asked.question, tier), Facts | AskBack)

    def _points_back(self, question: str, before: Turn) -> bool:
        if _POINTS_BACK.search(question) or _GOES_ON.match(question):
            return True
        return bool(_SOMEBODY.search(question) and (before.question.of("person") or self._analyser.names(before.plain)))


def _one_or_choices(question: str, found: tuple[str, ...]) -> Meant:
    found = tuple({one.casefold(): one for one in found}.values())
    if len(found) == 1:
        return Meant(found[0])
    if 2 <= len(found) <= CHOICES_MAX:
        return Meant(question, choices=found)
    # What is pointed at is not there, or could be anything: the rows would answer another question.
    return Meant(question, of_prose=True)
