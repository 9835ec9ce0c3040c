"""What was read in a question: its words, its dates, the names in it with what they can mean, and what is left over."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from knowledge.facts.days import Dated
from knowledge.facts.names import Entity, Kind

ARROWS = {">", "->", "-->", "→"}
WORKS: tuple[Kind, ...] = ("work", "recording")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the question: its normal form, where it stands, whether it has a capital."""

    norm: str
    start: int
    end: int
    capital: bool
    is_upper: bool


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of the question that names something; several candidates when it is not clear what."""

    first: int
    last: int  # of the words, exclusive
    start: int
    end: int  # of the characters
    candidates: tuple[Entity, ...]
    score: float
    written: str

    @property
    def kind(self) -> Kind:
        return self.candidates[0].kind

    @property
    def is_clear(self) -> bool:
        return len(self.candidates) == 1

    @property
    def keys(self) -> frozenset[str]:
        return frozenset().union(*(entity.keys for entity in self.candidates))

    @property
    def name(self) -> str:
        return self.candidates[0].name


@dataclass(frozen=True, slots=True)
class Reading:
    """A question, read. `left` are the words that nothing explains; `masked` shows names and dates as marks."""

    question: str
    words: tuple[Word, ...]
    dates: tuple[Dated, ...]
    mentions: tuple[Mention, ...]
    left: tuple[Word, ...]
    suggestions: tuple[Entity, ...] = ()
    masked: str = ""
    left_out: tuple[Mention, ...] = ()  # names that the question says are not to be counted
    written: dict[int, tuple[int, int, str]] = field(default_factory=dict)  # words put right, by their number

    @property
    def unknown(self) -> tuple[str, ...]:
        return tuple(word.norm for word in self.left)

    def of(self, *kinds: Kind) -> list[Mention]:
        return [mention for mention in self.mentions if mention.kind in kinds]


def masked(
    question: str,
    mentions: Sequence[Mention],
    dates: Sequence[Dated],
    written: dict[int, tuple[int, int, str]] | None = None,
) -> str:
    """Write the question with marks in the place of names and dates, lower-case."""
    kinds = {"recording": "work"}
    marks = [kinds.get(mention.kind, mention.kind).upper() for mention in mentions]
    spans = [(mention.start, mention.end, f" {{{mark}}} ") for mention, mark in zip(mentions, marks, strict=True)]
    spans += [(one.start, one.end, " {DATE} ") for one in dates]
    spans += [(start, end, f" {word} ") for start, end, word in (written or {}).values()]
    masked, at = "", 0
    for start, end, mark in sorted(spans):
        if start >= at:
            masked, at = masked + question[at:start].lower() + mark, end
    return re.sub(r"\s+", " ", (masked + question[at:].lower()).replace("’", "'")).strip()
