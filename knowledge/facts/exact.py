"""Answers exact questions: understands, looks up, and says; or gives the question on to the search of the notes.

Whatever of a question is not understood decides: a word that no list explains may be a condition that
the rows cannot settle, so the question is not answered by counting. Never a number for half a question.
"""

import datetime
import threading
from collections import OrderedDict
from collections.abc import Callable

from sqlalchemy import Connection, text

from knowledge.contracts import Readers
from knowledge.evidence import AskBack
from knowledge.facts.answers import ANSWERS, Case
from knowledge.facts.archive import Archive
from knowledge.facts.intents import Asked, asked_for
from knowledge.facts.keys import normal
from knowledge.facts.names import Names, names_of
from knowledge.facts.reading import Reading, read
from knowledge.facts.scoping import Unclear, meant
from knowledge.facts.told import AboutNights, Facts, NotKnown

NAMES_KEPT = 10
Exact = Facts | AboutNights | AskBack | NotKnown | None

_VERSIONS = text("SELECT tier, version FROM corpus_versions ORDER BY tier")
_ANYTHING = text("SELECT 1 FROM events UNION ALL SELECT 1 FROM tracks UNION ALL SELECT 1 FROM releases LIMIT 1")


class ExactQuestions:
    """One per node; thread-safe. Names are read once per tier and version of its material."""

    def __init__(
        self, readers: Readers, artist: str = "", today: Callable[[], datetime.date] = datetime.date.today
    ) -> None:
        self._readers = readers
        self._today = today
        self._fillers = frozenset(word for name in (artist, f"{artist}s") for word in normal(name).split() if len(word) > 2)
        self._names: OrderedDict[tuple[tuple[int, str], ...], Names] = OrderedDict()
        self._lock = threading.Lock()

    def answer(self, question: str, tier: int) -> Exact:
        """Answer from the rows of 0..tier; None where the question is not about them."""
        with self._readers(tier) as reader:
            if reader.execute(_ANYTHING).first() is None:
                return None
            reading = self.read(reader, question)
            return _answered(reading, asked_for(reading.masked), Archive(reader), self._today())

    def read(self, reader: Connection, question: str) -> Reading:
        """Read a question beside what this reader may know."""
        names = self._names_for(reader)
        return read(question, names, names.calendar(self._today()), self._fillers)

    def _names_for(self, reader: Connection) -> Names:
        versions = tuple((row.tier, row.version) for row in reader.execute(_VERSIONS))
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


def _answered(reading: Reading, asked: Asked, archive: Archive, today: datetime.date) -> Exact:
    if asked.intent not in ANSWERS:
        return None
    if reading.unknown and asked.intent != "prose":
        return _half_understood(reading)
    try:
        return ANSWERS[asked.intent](Case(reading, asked, meant(reading, asked, archive), archive, today))
    except Unclear as unclear:
        if len(unclear.choices) < 2:
            return None
        return AskBack(unclear.choices)


def _half_understood(_reading: Reading) -> Exact:
    return None
