"""Looking along the shelf: the artist's notes by the page, narrowed by words, tier, kind and speaker."""

import threading
from collections import Counter, OrderedDict
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, exists, func, or_, select

from knowledge.facts.by_artist import CURATION
from knowledge.noted import COLUMNS, Note
from knowledge.publish import LIVE
from knowledge.tables import BY_HAND, corpus_versions, documents, imports

PAGE = 50
WORDS_MAX = 8
CHOICES_MAX = 200
ORDERS_KEPT = 4


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to show: "" and None leave a thing open. `holding` are documents that say the words."""

    words: str = ""
    tier: int | None = None
    kind: str = ""
    speaker: str = ""
    is_away: bool = False
    holding: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ShelfPage:
    """One page of notes, the newest first; `count` is how many there are on all pages."""

    notes: tuple[Note, ...]
    count: int
    number: int  # from 1

    @property
    def pages(self) -> int:
        return max(1, -(-self.count // PAGE))


@dataclass(frozen=True, slots=True)
class Choices:
    """What the notes that are shown can be narrowed by, the most frequent first."""

    kinds: tuple[str, ...]
    speakers: tuple[str, ...]


class Browsing:
    """One per node; thread-safe. The order of the notes last looked through is kept while the material stands."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._versions: tuple[str, ...] = ()
        self._orders: OrderedDict[Wanted, tuple[str, ...]] = OrderedDict()
        self._choices: Choices | None = None

    def page(self, records: Connection, wanted: Wanted, number: int) -> ShelfPage:
        """Give one page of the notes that are wanted, the newest first; one beyond the last is the last."""
        order = self._order(records, wanted)
        number = max(1, min(number, -(-len(order) // PAGE)))
        idents = order[(number - 1) * PAGE : number * PAGE]
        query = select(documents.c.id.label("ident"), *COLUMNS, imports.c.kind.label("taken_in_by"))
        rows = records.execute(query.join(imports).where(documents.c.id.in_(idents))).mappings()
        by_id = {row["ident"]: Note(**row) for row in rows}
        return ShelfPage(tuple(by_id[ident] for ident in idents if ident in by_id), len(order), number)

    def choices(self, records: Connection) -> Choices:
        """Give the kinds and the speakers that there are."""
        self._renew(records)
        if (kept := self._choices) is None:
            kept = self._choices = _choices_of(records)
        return kept

    def _order(self, records: Connection, wanted: Wanted) -> tuple[str, ...]:
        versions = self._renew(records)
        with self._lock:
            if wanted in self._orders:
                self._orders.move_to_end(wanted)
                return self._orders[wanted]
        newest = select(documents.c.id).where(*_conditions(wanted))
        newest = newest.order_by(documents.c.published_at.desc(), func.lower(documents.c.title), documents.c.id)
        order = tuple(records.execute(newest).scalars())
        with self._lock:
            if self._versions == versions:
                self._orders[wanted] = order
            while len(self._orders) > ORDERS_KEPT:
                self._orders.popitem(last=False)
        return order

    def _renew(self, records: Connection) -> tuple[str, ...]:
        """Forget what was kept of other material; give the versions of this one."""
        versions = tuple(records.execute(select(corpus_versions.c.version).order_by(corpus_versions.c.tier)).scalars())
        with self._lock:
            if versions != self._versions:
                self._versions, self._choices = versions, None
                self._orders.clear()
        return versions


def _choices_of(records: Connection) -> Choices:
    held = select(documents.c.kind, documents.c.speaker, func.count().label("held")).where(
        LIVE, documents.c.kind != CURATION
    )
    kinds, speakers = Counter[str](), Counter[str]()
    for row in records.execute(held.group_by(documents.c.kind, documents.c.speaker)):
        kinds[row.kind] += row.held
        speakers[row.speaker] += row.held
    return Choices(_most_frequent(kinds), _most_frequent(speakers))


def _most_frequent(held: "Counter[str]") -> tuple[str, ...]:
    return tuple(sorted((name for name in held if name), key=lambda name: (-held[name], name))[:CHOICES_MAX])


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    held = [_taken_back() if wanted.is_away else LIVE, documents.c.kind != CURATION]
    if wanted.tier is not None:
        held.append(documents.c.tier == wanted.tier)
    if wanted.kind:
        held.append(documents.c.kind == wanted.kind)
    if wanted.speaker:
        held.append(documents.c.speaker == wanted.speaker)
    if wanted.words.strip():
        held.append(or_(_titled(wanted.words), documents.c.id.in_(wanted.holding)))
    return held


def _titled(words: str) -> ColumnElement[bool]:
    """Whether every word stands in the title or the name of the file, as a part of a word, too."""
    each = words.split()[:WORDS_MAX]
    return and_(
        *(
            or_(
                documents.c.title.icontains(word, autoescape=True),
                documents.c.file_name.icontains(word, autoescape=True),
            )
            for word in each
        )
    )


def _taken_back() -> ColumnElement[bool]:
    """What the artist took back, and nothing stands in its place."""
    other = documents.alias("other")
    stands = exists().where(
        other.c.origin == documents.c.origin,
        other.c.part == documents.c.part,
        other.c.published_at.is_not(None),
        other.c.retracted_at.is_(None),
    )
    return and_(documents.c.published_at.is_not(None), documents.c.retracted_by == BY_HAND, ~stands)
