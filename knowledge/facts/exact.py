"""Answers exact questions: understands, looks up, and says; or gives the question on to the search of the notes.

Whatever of a question is not understood decides: a word that no list explains may be a condition that
the rows cannot settle, so the question is not answered by counting. Never a number for half a question.
"""

import datetime
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial

from sqlalchemy import Connection, text

from knowledge.contracts import Readers
from knowledge.corpus_versions import corpus_versions_of
from knowledge.evidence import AskBack
from knowledge.facts.answers import ANSWERS, Case
from knowledge.facts.archive import Archive
from knowledge.facts.asked import Asked
from knowledge.facts.carried import Turn, without_basis
from knowledge.facts.intents import asked_for
from knowledge.facts.keys import normal
from knowledge.facts.leaving_out import without_excluded
from knowledge.facts.names import Names, names_of
from knowledge.facts.narrowing import narrowed
from knowledge.facts.nearest import NearestQuestion
from knowledge.facts.propriety import is_whole
from knowledge.facts.reader import read
from knowledge.facts.reading import Reading
from knowledge.facts.scoping import Unclear, meant
from knowledge.facts.told import AboutNights, Facts, NotKnown
from knowledge.facts.vocabulary import words

NAMES_KEPT = 10
Exact = Facts | AboutNights | AskBack | NotKnown | None
Versions = tuple[tuple[int, str], ...]
"""Each tier with the version of its material."""

_ANYTHING = text("SELECT 1 FROM events UNION ALL SELECT 1 FROM tracks UNION ALL SELECT 1 FROM releases LIMIT 1")


@cache
def _words_of(artist: str) -> frozenset[str]:
    return frozenset(word for name in (artist, f"{artist}s") for word in normal(name).split() if len(word) > 2)


class ExactQuestions:
    """One per node; thread-safe. Names are read once per tier and version of its material."""

    def __init__(
        self,
        readers: Readers,
        artist: str | Callable[[], str] = "",
        today: Callable[[], datetime.date] = datetime.date.today,
        nearest: NearestQuestion | None = None,
    ) -> None:
        self._readers = readers
        self._nearest = nearest
        self._today = today
        self._called: Callable[[], str] = partial(str, artist) if isinstance(artist, str) else artist
        self._names: OrderedDict[Versions, Names] = OrderedDict()
        self._counted: dict[int, tuple[Versions, bool]] = {}
        self._lock = threading.Lock()

    def answer(self, question: str, tier: int) -> Exact:
        """Answer from the rows of 0..tier; None where the question is not about them."""
        with self._readers(tier) as reader:
            versions = _versions(reader)
            if not self._has_rows(reader, tier, versions):
                return None
            reading = self._read_beside(self._names_at(reader, versions), question)
            asked = asked_for(reading.masked)
            if not asked.intent and self._nearest is not None and not reading.unknown:
                plain = self._nearest.plain(reading.masked)
                reading = replace(reading, masked=plain) if plain else reading
                asked = asked_for(reading.masked)
            return _answered(reading, asked, Archive(reader), self._today())

    @property
    def _fillers(self) -> frozenset[str]:
        """Say which words are the artist's own name, as she is called now."""
        return _words_of(self._called())

    def read(self, reader: Connection, question: str) -> Reading:
        """Read a question beside what this reader may know."""
        return self._read_beside(self.names(reader), question)

    def _read_beside(self, names: Names, question: str) -> Reading:
        return without_excluded(narrowed(read(question, names, names.calendar(self._today()), self._fillers)))

    def turn(self, question: str, answer: str, tier: int) -> Turn:
        """Read an earlier turn of a conversation beside what a tier may know now."""
        with self._readers(tier) as reader:
            names = self.names(reader)
        calendar = names.calendar(self._today())

        def read_here(said: str) -> Reading:
            return read(said, names, calendar, self._fillers)

        return Turn(read_here(question), names, lambda: read_here(without_basis(answer)))

    def names(self, reader: Connection) -> Names:
        """Give every name that this reader may know."""
        return self._names_at(reader, _versions(reader))

    def _has_rows(self, reader: Connection, tier: int, versions: Versions) -> bool:
        """Whether there is anything to count; looked for again when a tier's material has another version."""
        known = self._counted.get(tier)
        if known is None or known[0] != versions:
            known = self._counted[tier] = versions, reader.execute(_ANYTHING).first() is not None
        return known[1]

    def _names_at(self, reader: Connection, versions: Versions) -> Names:
        with self._lock:
            if versions in self._names:
                self._names.move_to_end(versions)
                return self._names[versions]
        names = names_of(reader)
        with self._lock:
            self._names[versions] = names
            while len(self._names) > NAMES_KEPT:
                self._names.popitem(last=False)
        return names


def _versions(reader: Connection) -> Versions:
    return tuple((one.tier, one.version) for one in corpus_versions_of(reader))


_SEVERAL = words("count first_last exists when gap attribute time_of")
"""Intents that are answered once for each of several songs."""


def _answered(reading: Reading, asked: Asked, archive: Archive, today: datetime.date) -> Exact:
    if asked.intent not in ANSWERS or not is_whole(reading, asked):
        return None
    try:
        case = Case(reading, asked, meant(reading, asked, archive), archive, today)
        return _each(case) if asked.intent in _SEVERAL else ANSWERS[asked.intent](case)
    except Unclear as unclear:
        return AskBack(unclear.choices) if len(unclear.choices) >= 2 else None


def _each(case: Case) -> Exact:
    """Answer for each of several works ("more X or Y?"); an artist or a label beside a work narrows it."""
    works = [thing for thing in case.meant.subjects if thing.kind in ("work", "recording")]
    answer = ANSWERS[case.asked.intent]
    if len(works) < 2:
        return answer(case)
    others = tuple(thing for thing in case.meant.subjects if thing not in works)
    told = [answer(replace(case, meant=replace(case.meant, subjects=(work, *others)))) for work in works]
    facts = [one for one in told if isinstance(one, Facts)]
    if len(facts) < len(told):
        return None
    sentences = dict.fromkeys(sentence for one in facts for sentence in one.sentences)
    return Facts(case.asked.intent, tuple(sentences))
