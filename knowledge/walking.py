"""A walk along a set: its pieces in their order, and beside each what her notes say of it.

What is said comes from the notes of that very night: a sentence that names a piece stands beside it, once;
what names none of them opens the walk.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, text

from knowledge.candidates import sentence_places, source_passage
from knowledge.contracts import Readers
from knowledge.evidence import SourceSentence
from knowledge.facts.archive import Archive
from knowledge.facts.keys import normal
from knowledge.facts.phrases import clock, quoted
from knowledge.facts.played import Night, Played
from knowledge.facts.scope import Scope
from knowledge.facts.told import FactSentence
from knowledge.things import Thing

OPENING_MAX = 4
BESIDE_MAX = 3
TITLE_CHARS_MIN = 3

_OF_THE_NIGHT = text(
    """SELECT p.id, p.document_id, p.ordinal, p.tier, p.speaker, p.heading, p.text, p.sentences, d.title, d.kind,
 d.date, d.licence, d.file_name, d.sha256 FROM passages p JOIN documents d ON d.id = p.document_id
 WHERE d.id = :document OR (:day <> '' AND substr(d.date, 1, 10) = :day) ORDER BY d.sha256, p.ordinal"""
)
_RECORDING = text(
    "SELECT id FROM recordings WHERE of_kind = 'event' AND of_key = :key ORDER BY duration_ms DESC, sha256 LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class Step:
    """One piece: its row, and the sentences that stand beside it."""

    item: Played
    said: tuple[SourceSentence, ...] = ()

    @property
    def sentence(self) -> FactSentence:
        """Say what was played, when, and with whom."""
        item = self.item
        when = f"At {clock(item.time_ms)}, " if item.time_ms is not None else ""
        what = quoted(item) if not item.is_unknown else "a piece that the list does not name"
        guests = f" with {item.guests}" if item.guests else ""
        on = ", straight into the next" if item.segue else ""
        told = f"{when}{what}{guests}{on}."
        return FactSentence(told[:1].upper() + told[1:], (item.row,))


@dataclass(frozen=True, slots=True)
class Walk:
    """A whole set; `recording` is the id of one that can be heard by this tier."""

    night: Night
    opening: tuple[SourceSentence, ...]
    steps: tuple[Step, ...]
    recording: str | None

    @property
    def tier(self) -> int:
        """The highest tier of what it is made of."""
        quoted_from = [
            one.passage.tier for one in (*self.opening, *(said for step in self.steps for said in step.said))
        ]
        return max([self.night.row.tier, *(step.item.row.tier for step in self.steps), *quoted_from])


class Walks:
    """One per node; thread-safe."""

    def __init__(self, readers: Readers) -> None:
        self._readers = readers

    def walk(self, thing: Thing, tier: int) -> Walk | None:
        """Walk along a night; None where this tier knows no list of it."""
        with self._readers(tier) as reader:
            archive = Archive(reader)
            nights = archive.nights(Scope(keys=frozenset({thing.key})))
            items = archive.items(nights).get(thing.key, [])
            if not nights or not items:
                return None
            sentences = _sentences(reader, nights[0])
            recording = reader.execute(_RECORDING, {"key": thing.key}).scalar()
        opening, beside = _placed(sentences, items)
        steps = tuple(Step(item, tuple(beside.get(item.ident, ())[:BESIDE_MAX])) for item in items)
        return Walk(nights[0], tuple(opening[:OPENING_MAX]), steps, recording)


def _sentences(reader: Connection, night: Night) -> list[SourceSentence]:
    """Give the prose of a night: of the notes of its day, and of the one that its row is from."""
    day = night.date if len(night.date) == 10 else ""
    rows = reader.execute(_OF_THE_NIGHT, {"document": night.row.document_id, "day": day}).all()
    found = []
    for row in rows:
        passage = source_passage(row)
        for index, (start, end, line, time) in enumerate(sentence_places(row.sentences)):
            if time is None:  # a line of the list is what its row says already
                found.append(SourceSentence(passage, index, start, end, line, None, 1.0))
    return found


def _placed(
    sentences: Iterable[SourceSentence], items: Sequence[Played]
) -> tuple[list[SourceSentence], dict[str, list[SourceSentence]]]:
    titles = [(item.ident, f" {normal(item.title)} ") for item in items if not item.is_unknown]
    named = [(ident, title) for ident, title in titles if len(title.strip()) >= TITLE_CHARS_MIN]
    named.sort(key=lambda pair: -len(pair[1]))  # the longest name that stands there is the one that is meant
    opening: list[SourceSentence] = []
    beside: dict[str, list[SourceSentence]] = {}
    for sentence in sentences:
        said = f" {normal(sentence.text)} "
        ident = next((ident for ident, title in named if title in said), None)
        if ident is not None:
            beside.setdefault(ident, []).append(sentence)
        else:
            opening.append(sentence)
    home = items[0].document_id  # the prose around the list itself comes first
    return sorted(opening, key=lambda sentence: sentence.passage.document_id != home), beside
