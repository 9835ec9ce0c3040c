"""Answers exact questions: understands, looks up, and says; or gives the question on to the search of the notes.

Whatever of a question is not understood decides: a word that no list explains may be a condition that
the rows cannot settle, so the question is not answered by counting. Never a number for half a question.
"""

import datetime
import re
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import Connection, text

from knowledge.contracts import Readers
from knowledge.evidence import AskBack
from knowledge.facts.answers import ANSWERS, Case
from knowledge.facts.archive import Archive
from knowledge.facts.intents import Asked, asked_for
from knowledge.facts.keys import normal
from knowledge.facts.leaving_out import without_excluded
from knowledge.facts.names import Names, names_of
from knowledge.facts.narrowing import narrowed
from knowledge.facts.reading import Reading, read
from knowledge.facts.propriety import out_of_place, restricted
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
        self._fillers = frozenset(
            word for name in (artist, f"{artist}s") for word in normal(name).split() if len(word) > 2
        )
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
        names = self.names(reader)
        return without_excluded(narrowed(read(question, names, names.calendar(self._today()), self._fillers)))

    def names(self, reader: Connection) -> Names:
        """Give every name that this reader may know."""
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


# Words that belong to what is asked, and only there.
_TRADE = "isrc bpm bpms tempo speed fast key camelot label labels licence license catalogue catalog cat number barcode long minutes mins hours duration length running release date year who wrote written produced producer composed composer credits credit personnel mixed mastered remixed recorded engineered drums drummed sang imprint artist behind"  # noqa: E501
_OWN_WORDS: dict[str, frozenset[str]] = {
    "attribute": frozenset(_TRADE.split()),
    "links": frozenset(
        "buy purchase order shop vinyl copy record merch bandcamp stream download listen ticket tickets get music".split()
    ),
    "partners": frozenset("people persons person djs dj alongside joint".split()),
    "upcoming": frozenset("upcoming future soon playing next".split()),
    "track_at": frozenset("minutes minute mins min hours hour seconds h m in mark point".split()),
    "time_of": frozenset("minutes minute mins time timestamp far whereabouts point".split()),
    "unknown_ids": frozenset("unidentified ids id".split()),
    "longest": frozenset("minutes hours".split()),
    "around": frozenset("brought bring returned return back".split()),
    "gap": frozenset("bust outs bustout dry spell drought layoff interval apart without".split()),
}
# What turns a question round; only some questions are made of it.
_TURNED = re.compile(
    r"\b(?:not|without|except|excluding|instead|neither|nor|besides|apart from|other than|fewer|less|never)\b|\bno (?:shows?|gigs?|concerts?|sets?)\b|\bwhich months?\b|\w+n't\b|\b(?:did|had|was|were|has|have|is|are|do|does|would|could)nt\b"
)
_POLITE = re.compile(
    r"^(?:did|have|has|was|were|is|are|do)n'?t (?:you|they|the|y'all|she|he)\b|\b(?:did|have|was|were|is|are|do)n'?t (?:you|they|it)\W*$|don'?t (?:know|remember|mind)"
)
_LENGTH = re.compile(r"\bhow many (?:minutes|mins|hours|seconds)\b|\bin (?:minutes|hours)\b|\b\d+[ -]?(?:minutes?|mins?|hours?|secs?|seconds)\b|\b(?:longer|shorter|faster|slower) than\b")
_OF_LENGTH = {"attribute", "time_of", "track_at", "longest", "gap", "tempo", "length"}
_MAY_TURN = {"compare", "gap", "once", "prose", "set_list"}
_OF_ONE_NIGHT = {"set_list", "role", "position", "next", "previous", "where", "order", "position_of", "compare"}
_SEVERAL = {"count", "first_last", "exists", "when", "gap", "attribute", "time_of"}


def _answered(reading: Reading, asked: Asked, archive: Archive, today: datetime.date) -> Exact:
    if asked.intent not in ANSWERS:
        return None
    if asked.intent != "prose" and (_unexplained(reading, asked) or out_of_place(asked)):
        return None
    if asked.intent not in _MAY_TURN and _TURNED.search(_POLITE.sub(" ", asked.masked)):
        return None
    if asked.intent not in _OF_LENGTH and _LENGTH.search(asked.masked):
        return None
    try:
        case = Case(reading, asked, meant(reading, asked, archive), archive, today)
        return _each(case) if asked.intent in _SEVERAL else ANSWERS[asked.intent](case)
    except Unclear as unclear:
        return AskBack(unclear.choices) if len(unclear.choices) >= 2 else None


def _unexplained(reading: Reading, asked: Asked) -> bool:
    """Whether a word that nothing explains may be a condition.

    Where one day is named, a word more about the night ("the acoustic one", "at Woodstock") changes
    nothing, unless it opens a condition.
    """
    own = _OWN_WORDS.get(asked.intent, frozenset())
    unknown = [word for word in reading.left if word.norm not in own and word.norm in re.findall(r"\w+", normal(asked.masked))]
    if not unknown or asked.intent not in _OF_ONE_NIGHT or not any(one.when.is_day for one in reading.dates):
        return bool(unknown)
    return any(restricted(reading, word) for word in unknown)


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
