"""One question on its way to an answer: what was read, what is meant, and the rows to look at."""

import datetime
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from knowledge.facts.archive import Archive
from knowledge.facts.asked import Asked
from knowledge.facts.patterns.parts import ORDINALS
from knowledge.facts.phrases import date_of, listed, nights, place_of, within
from knowledge.facts.played import Night, Played
from knowledge.facts.reading import Reading
from knowledge.facts.scope import Scope
from knowledge.facts.scoping import Meant, Unclear, plays_of
from knowledge.facts.told import FactRow, Facts, FactSentence, NightMeant

ROWS_MAX = 3
_EDGE = re.compile(
    r"\b(very first|very last|first|last|final|latest|most recent|earliest) (?:ever )?"
    r"(?:show|gig|concert|night|appearance|time)s?\b"
)
NIGHTS_MEANT_MAX = 3
_NTH = {number: word for word, number in ORDINALS.items()}


class Cited(Protocol):
    """What a sentence may rest on: a night, an item, a row of the catalogue."""

    @property
    def row(self) -> FactRow: ...


@dataclass
class Case:
    """Looked up once, used by one answer."""

    reading: Reading
    asked: Asked
    meant: Meant
    archive: Archive
    today: datetime.date
    rows: list[FactRow] = field(default_factory=list)

    @cached_property
    def nights(self) -> list[Night]:
        """The nights of the scope, in time; what is still to come has not been played."""
        today = int(self.today.strftime("%Y%m%d"))
        return [night for night in self.archive.nights(self.meant.scope) if night.day <= today]

    @cached_property
    def night_of(self) -> dict[str, Night]:
        return {night.key: night for night in self.nights}

    @cached_property
    def plays(self) -> dict[str, list[Played]]:
        """The items that the question is about, by night, in the order of time."""
        return self.in_time(plays_of(self.meant, self.archive, self.nights))

    @cached_property
    def items(self) -> dict[str, list[Played]]:
        """Everything that was played at the nights of the scope, by night, in time; less what is left out."""
        found, out = self._every_item(), self.meant.left_out
        return {key: [one for one in items if one.work not in out] for key, items in found.items()} if out else found

    @cached_property
    def listed(self) -> list[Night]:
        """The nights of the scope of which a list is known."""
        known = self.archive.listed()
        return [night for night in self.nights if night.key in known]

    def counted(self, column: str) -> dict[str, tuple[int, int]]:
        """Count by a key over the nights of the scope, less what is left out."""
        found = self.archive.counted(column, self.nights if self.meant.scope.says_something else None)
        return {key: counts for key, counts in found.items() if key not in self.meant.left_out}

    def _every_item(self) -> dict[str, list[Played]]:
        return self.in_time(self.archive.items(self.nights))

    def in_time(self, found: dict[str, list[Played]]) -> dict[str, list[Played]]:
        return {night.key: found[night.key] for night in self.nights if night.key in found}

    def in_any_time(self, found: dict[str, list[Played]]) -> dict[str, list[Played]]:
        """Order by time what may be outside the scope."""
        return {night.key: found[night.key] for night in self.archive.nights(Scope()) if night.key in found}

    @property
    def things(self) -> str:
        """The things of the question as an answer names them."""
        return listed(thing.shown for thing in self.meant.subjects)

    @property
    def within(self) -> str:
        """The conditions of the question, with a space before them."""
        return within(self.meant.scope, self.meant.places)

    def edge_nights(self, found: list[Night]) -> list[Night]:
        """Keep the first or the last of several nights, where that one was asked for."""
        asked = _EDGE.search(self.asked.masked)
        if asked is None or len(found) < 2 or self.meant.scope.when.is_day:
            return found
        return [found[0 if asked[1] in ("first", "very first", "earliest") else -1]]

    def one_night(self, among: Iterable[Night]) -> list[Night]:
        """Give the nights that a question about one night can mean; two on one day are asked back."""
        found = list(among)
        if len(found) > 1 and len({night.day for night in found}) == 1 and self.meant.scope.when.is_day:
            raise Unclear(self.choices(found))
        return found

    def choices(self, found: Sequence[Night]) -> list[str]:
        """Write the question once for each of several nights."""
        asked = self.reading.question.rstrip(" ?.!")
        apart = {night.venue for night in found}
        if len(apart) == len(found):
            return [f"{asked} at {place_of(night)}?" for night in found]
        if len({night.day for night in found}) == 1:
            return [f"{asked} ({_NTH.get(night.ordinal, night.ordinal)} show of the day)?" for night in found]
        return [f"{asked}, {date_of(night)}?" for night in found]

    def facts(self, *sentences: FactSentence | None, about: Iterable[Night] = ()) -> Facts:
        """Close an answer; the nights are those that prose may be pinned to."""
        told = [meant_night(night) for night in about]
        kept = tuple(sentence for sentence in sentences if sentence is not None)
        return Facts(self.asked.intent, kept, tuple(told) if len(told) <= NIGHTS_MEANT_MAX else ())

    def basis(self) -> FactSentence | None:
        """Say what was counted, so that a number can be judged."""
        if not self.nights:
            return None
        first, last = self.nights[0], self.nights[-1]
        without = len(self.nights) - len(self.listed)
        span = f", {date_of(first)} to {date_of(last)}" if len(self.nights) > 1 else ""
        gaps = f"; for {without:,} of them no list is known" if without else ""
        return FactSentence(f"That is from the lists of {nights(len(self.nights))}{span}{gaps}.", ())


def meant_night(night: Night) -> NightMeant:
    """Give what prose may call a night by."""
    return NightMeant(night.key, night.date, tuple(name for name in (night.venue, night.city) if name))


def told(text: str, *items: Cited) -> FactSentence:
    """Make a sentence of a text and the rows that it rests on."""
    rows = {item.row.ident: item.row for item in items[:ROWS_MAX]}
    return FactSentence(text, tuple(rows.values()))


def flat(found: dict[str, list[Played]]) -> list[Played]:
    """Give all items of several nights, in order."""
    return [item for items in found.values() for item in items]
