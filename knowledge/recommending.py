"""Picks a record or a night to recommend: one that her notes have something to say about.

By the words that somebody gives, or by what she likes; without either by the day, an anniversary first.
The same words on the same day pick the same, so that a pick can be explained.
"""

import datetime
import hashlib
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from knowledge.about import folded
from knowledge.evidence import Evidence, SourcePassage
from knowledge.facts.told import FactSentence
from knowledge.search import Search
from knowledge.things import Thing, Things

LOOKED_AT_MAX = 12
"""Of so many the notes are looked at, one after the other, until some speak."""
ANNIVERSARY_DAYS = 3


@dataclass(frozen=True, slots=True)
class Pick:
    """What is recommended, what the notes say of it, and why today, where the day is the reason."""

    thing: Thing
    evidence: Evidence
    today: FactSentence | None = None


class Recommending:
    """One per node; thread-safe."""

    def __init__(
        self, things: Things, search: Search, today: Callable[[], datetime.date] = datetime.date.today
    ) -> None:
        self._things = things
        self._search = search
        self._today = today

    def pick(
        self, words: str, tier: int, *, liked: Sequence[str] = (), but: Collection[str] = (), seed: str = ""
    ) -> Pick | None:
        """Pick one for `words`, or for what is `liked`; none of the keys or names in `but` unless nothing else is left.

        None where the notes that this tier may read speak of no record and no night.
        """
        things, today = self._things.every(tier), self._today()
        fresh = [thing for thing in things if thing.key not in but and thing.name not in but]
        for among in (fresh, things if len(fresh) < len(things) else []):
            for thing in self._in_order(among, words or " ".join(liked), tier, today, seed)[:LOOKED_AT_MAX]:
                evidence = self._things.notes(thing, tier, words)
                if evidence is None and words:
                    evidence = self._things.notes(thing, tier)
                if evidence is not None:
                    return Pick(thing, evidence, _years_ago(thing, today))
        return None

    def _in_order(self, things: Sequence[Thing], words: str, tier: int, today: datetime.date, seed: str) -> list[Thing]:
        def turn(thing: Thing) -> tuple[bool, str]:
            drawn = hashlib.sha256(f"{seed}\n{today.isoformat()}\n{thing.kind}\n{thing.key}".encode()).hexdigest()
            return not _is_anniversary(thing, today), drawn

        by_turn = sorted(things, key=turn)
        if not words:
            return by_turn
        spoken_of = _spoken_of([one.passage for one in self._search.passages(words, tier)], by_turn)
        return list(dict.fromkeys([*spoken_of, *by_turn]))


def _spoken_of(passages: Iterable[SourcePassage], things: Sequence[Thing]) -> list[Thing]:
    """Give the things that passages speak of, in the order of the passages."""
    by_date: dict[str, list[Thing]] = {}
    by_note: dict[str, list[Thing]] = {}
    titled: list[tuple[str, Thing]] = []
    for thing in things:
        if thing.kind == "event":
            by_note.setdefault(thing.row.document_id, []).append(thing)
            for date in thing.dates:
                by_date.setdefault(date, []).append(thing)
        else:
            titled.append((f" {folded(thing.names[0])} ", thing))
    found: dict[Thing, None] = {}
    for passage in passages:
        said = f" {folded(f'{passage.title} {passage.heading} {passage.text}')} "
        named = [thing for title, thing in titled if title in said]
        for thing in [*named, *by_note.get(passage.document_id, ()), *by_date.get(passage.date, ())]:
            found.setdefault(thing)
    return list(found)


def _is_anniversary(thing: Thing, today: datetime.date) -> bool:
    day = _day(thing)
    if day is None or day.year >= today.year:
        return False
    return min(abs((_in_year(day, today.year + shift) - today).days) for shift in (-1, 0, 1)) <= ANNIVERSARY_DAYS


def _years_ago(thing: Thing, today: datetime.date) -> FactSentence | None:
    day = _day(thing)
    if day is None or not _is_anniversary(thing, today):
        return None
    shift = min((-1, 0, 1), key=lambda one: abs((_in_year(day, today.year + one) - today).days))
    years = today.year + shift - day.year
    if years <= 0:
        return None
    when = "today" if _in_year(day, today.year) == today else "these days"
    return FactSentence(f"It was {years} year{'' if years == 1 else 's'} ago {when}.", (thing.row,))


def _in_year(day: datetime.date, year: int) -> datetime.date:
    """Give the same day of another year; a leap day is kept on the last of February."""
    return day.replace(year=year, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=year)


def _day(thing: Thing) -> datetime.date | None:
    try:
        return (
            datetime.date.fromisoformat(thing.dates[0])
            if thing.dates and len(thing.dates[0]) == len("2019-03-04")
            else None
        )
    except ValueError:
        return None
