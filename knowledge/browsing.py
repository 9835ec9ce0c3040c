"""Looking along the shelf: the artist's notes by the page, narrowed by words, tier, kind and speaker."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Column, ColumnElement, Connection, Select, and_, exists, func, or_, select

from knowledge.facts.by_artist import CURATION
from knowledge.noted import COLUMNS, Note
from knowledge.publish import LIVE
from knowledge.tables import BY_HAND, documents, imports

PAGE = 50
WORDS_MAX = 8
CHOICES_MAX = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to show: "" and None leave a thing open. `holding` are documents that say the words."""

    words: str = ""
    tier: int | None = None
    kind: str = ""
    speaker: str = ""
    is_away: bool = False
    holding: Sequence[str] = ()


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


def page_of(records: Connection, wanted: Wanted, number: int) -> ShelfPage:
    """Give one page of the notes that are wanted; one beyond the last is the last."""
    conditions = _conditions(wanted)
    count = int(records.execute(select(func.count()).select_from(documents).where(*conditions)).scalar_one())
    number = max(1, min(number, -(-count // PAGE)))
    newest = (
        select(documents.c.id)
        .where(*conditions)
        .order_by(documents.c.published_at.desc(), documents.c.id)
        .limit(PAGE)
        .offset((number - 1) * PAGE)
    )
    idents = list(records.execute(newest).scalars())
    query = select(documents.c.id.label("ident"), *COLUMNS, imports.c.kind.label("taken_in_by"))
    rows = records.execute(query.join(imports).where(documents.c.id.in_(idents))).mappings()
    by_id = {row["ident"]: Note(**row) for row in rows}
    return ShelfPage(tuple(by_id[ident] for ident in idents), count, number)


def choices_of(records: Connection) -> Choices:
    """Give the kinds and the speakers that there are."""
    kinds = records.execute(_most_frequent(documents.c.kind)).scalars()
    speakers = records.execute(_most_frequent(documents.c.speaker)).scalars()
    return Choices(tuple(kinds), tuple(speakers))


def _most_frequent(column: Column[str]) -> Select[str]:
    counted = select(column).where(LIVE, documents.c.kind != CURATION, column != "")
    return counted.group_by(column).order_by(func.count().desc(), column).limit(CHOICES_MAX)


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
