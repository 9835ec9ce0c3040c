"""A question while it is read: which of its words are still free, and what stands around them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from knowledge.facts.names import Entity, Kind, Names
from knowledge.facts.reading import ARROWS, Mention, Word

PREFERRED: dict[str, tuple[Kind, ...]] = {
    "at": ("place", "event", "city"),
    "in": ("city", "region", "country", "place", "tour"),
    "with": ("person", "artist"),
    "by": ("artist", "person", "label"),
    "from": ("city", "country", "label", "release"),
    "on": ("label", "release", "tour", "event"),
    "off": ("release",),
}
"""What a name most likely is after a preposition."""

TOWARDS = {"in", "to", "from", "of", "through", "across", "over", "around", "play", "played", "visit", "visited", "at"}
"""Words after which a place may be due that no list has."""

_NAMING = {
    "play", "played", "plays", "playing", "do", "did", "done", "into", "of", "perform", "performed", "hear", "heard",
    "after", "before", "follow", "followed", "with", "without", "segued", "segue", "and", "any", "sing", "sang", "drop",
    "dropped", "spin", "spun",
}  # fmt: skip


@dataclass(slots=True)
class Page:
    """The words of a question, which of them are free or in quotes, and what has been found so far."""

    names: Names
    words: list[Word]
    written: list[str]
    free: list[bool]
    quoted: list[bool]
    mentions: list[Mention] = field(default_factory=list)
    suggestions: list[Entity] = field(default_factory=list)


def is_explained(word: Word, known: frozenset[str]) -> bool:
    """Whether a word needs no name to be understood: it is of the lists, small, or a number."""
    parts = word.norm.split()
    if len(word.norm) <= 2 and not word.is_upper:
        return True
    return all(
        part in known or part.isdigit() or part in ARROWS or re.fullmatch(r"\d+(?:st|nd|rd|th|s|x)", part)
        for part in parts
    )


def preposition(page: Page, first: int) -> str:
    """Give the word before a stretch, articles aside."""
    at = first - 1
    while at >= 0 and page.words[at].norm in ("the", "a", "an", "that", "this", "his", "her", "your"):
        at -= 1
    return page.words[at].norm if at >= 0 else ""


def beside_arrow(page: Page, first: int, last: int) -> bool:
    """Whether a stretch stands before or after an arrow, where only songs stand."""
    return (first > 0 and page.words[first - 1].norm in ARROWS) or (
        last < len(page.words) and page.words[last].norm in ARROWS
    )


def keep(page: Page, first: int, last: int, candidates: Iterable[Entity], score: float) -> None:
    """Put a mention down; its words are no longer free."""
    start, end = page.words[first].start, page.words[last - 1].end
    written = " ".join(word.norm for word in page.words[first:last])
    page.mentions.append(Mention(first, last, start, end, tuple(candidates), score, written))
    for number in range(first, last):
        page.free[number] = False


def one_each(entities: Iterable[Entity]) -> list[Entity]:
    """Give each thing once, in order."""
    return list({entity.ident: entity for entity in entities}.values())


def where_names_stand(page: Page, first: int, last: int) -> bool:
    """Whether a name is due here: after "play", beside an arrow, between "into" and the end."""
    opens = first == 0 and last < len(page.words) and page.words[last].norm in ("is", "was", "has", "count", "went")
    return opens or preposition(page, first) in _NAMING or beside_arrow(page, first, last)
