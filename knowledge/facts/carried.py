"""What an earlier turn of a conversation named: its music, its days and its places, as far as a tier knows them now.

A name that only a higher tier knows is none here, even where an earlier turn wrote it.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from knowledge.facts.days import spoken
from knowledge.facts.keys import name_key, normal
from knowledge.facts.names import PLACES, Names
from knowledge.facts.reading import WORKS, Mention, Reading

# What was counted is said at the end of an answer; its dates are those of the lists, and nobody's night.
_BASIS = re.compile(r"That is from the lists of [^.]*\.")
_QUOTED = re.compile(r"“([^”]{1,200})”")
_VERSION = re.compile(r"\s*\([^()]*\)$")
SURE_MIN = 100.0


@dataclass(frozen=True)
class Turn:
    """A turn before: the question as it stands by itself, read, and its answer."""

    question: Reading
    names: Names
    read_answer: Callable[[], Reading]

    @property
    def plain(self) -> str:
        return self.question.question

    @cached_property
    def answer(self) -> Reading:
        """The answer, read when it is first needed."""
        return self.read_answer()

    @cached_property
    def works(self) -> tuple[str, ...]:
        """The music that the question names."""
        return _once(name_of(one) for one in self.question.of(*WORKS) if one.is_clear)

    @cached_property
    def told_works(self) -> tuple[str, ...]:
        """The music that only the answer names, in its order; a running list of a night stands without quotes."""
        quoted = [self._called(name) for name in _QUOTED.findall(self.answer.question) if self._is_work(name)]
        running = [name_of(one) for one in self.answer.of(*WORKS) if one.is_clear and one.score >= SURE_MIN]
        known = {_title(name) for name in self.works}
        return tuple(name for name in _once(quoted or running) if _title(name) not in known)

    @cached_property
    def days(self) -> tuple[str, ...]:
        """The single days that the question names; where it names no date, those that the answer names."""
        return _days(self.question) or (() if self.question.dates else self.told_days)

    @cached_property
    def told_days(self) -> tuple[str, ...]:
        """The single days that the answer names, in its order."""
        return _days(self.answer)

    @cached_property
    def places(self) -> tuple[str, ...]:
        """Where the question says, and else where the answer says: venues before cities."""
        return _places(self.question) or _places(self.answer)

    @property
    def around(self) -> str:
        """The places and the stretch of time that the question names, as it writes them; a single day is none."""
        wide = [(one.start, one.end) for one in self.question.dates if not one.when.is_day]
        wide += [(where_it_begins(self.plain, one), one.end) for one in self.question.of(*PLACES)]
        return "".join(f" {self.plain[start:end].strip()}" for start, end in sorted(wide))

    def _called(self, name: str) -> str:
        """Give the shortest of a track's names that means it alone: an answer says artist and version with it."""
        titled = name.split(" – ")[-1]
        for shorter in (_VERSION.sub("", titled), titled):
            found = [one for one in self.names.exact.get(normal(shorter), ()) if one.kind == "work"]
            if len(found) == 1:
                return shorter
        return name

    def _is_work(self, name: str) -> bool:
        found = self.names.exact.get(normal(name), ())
        return any(entity.kind in WORKS for entity in found)


def without_basis(answer: str) -> str:
    """Leave out the sentence that says what was counted."""
    return _BASIS.sub("", answer)


def where_it_begins(question: str, one: Mention) -> int:
    """Give where a place begins in a question, with the small word before it: "at Winterland"."""
    before = re.search(r"\b(?:at|in|on|from)\s+(?:the\s+)?$", question[: one.start], re.IGNORECASE)
    return before.start() if before else one.start


def _title(name: str) -> str:
    """Give what a track is called, without its artist and version: “Oda Vrem – Mist Net (Long Version)”."""
    return name_key(_VERSION.sub("", name.split(" – ")[-1]))


def name_of(one: Mention) -> str:
    """Give what a mention means by its own name."""
    return one.candidates[0].name


def _days(read: Reading) -> tuple[str, ...]:
    return _once(spoken(one.when.first) for one in read.dates if one.when.is_day)


def _places(read: Reading) -> tuple[str, ...]:
    sure = [one for one in read.of("place", "city") if one.score >= SURE_MIN]
    venues = _once(name_of(one) for one in sure if one.kind == "place")
    return venues or _once(name_of(one) for one in sure)


def _once(names: Iterable[str]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(name.casefold(), name)
    return tuple(found.values())
