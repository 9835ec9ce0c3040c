"""Notes and imports as the artist looks at them: what is here, what was, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, func, select

from knowledge.facts.tables import STATEMENTS
from knowledge.publish import LIVE
from knowledge.tables import BY_HAND, documents, imports, passages


@dataclass(frozen=True, slots=True)
class Note:
    """One version of a note, shown or set aside. `origin` holds a local path: for the artist only."""

    ident: str
    import_id: str
    origin: str
    part: str
    file_name: str
    format: str
    kind: str
    title: str
    date: str
    speaker: str
    licence: str
    tier: int
    published_at: float
    retracted_at: float | None
    retracted_by: str | None
    sha256: str
    taken_in_by: str  # files, edit, answer, correction

    @property
    def is_live(self) -> bool:
        return self.retracted_at is None

    @property
    def state(self) -> str:
        """Say whether it is shown, and if not, why."""
        if self.is_live:
            return "shown"
        return "taken back" if self.retracted_by == BY_HAND else "replaced" if self.retracted_by else "undone"


@dataclass(frozen=True, slots=True)
class OpenNote:
    """A note with all it says."""

    note: Note
    text: str
    passages: int
    rows: tuple[str, ...]  # as they were taken in


@dataclass(frozen=True, slots=True)
class PastImport:
    """An import, and how many of its notes are shown now."""

    ident: str
    label: str
    kind: str
    published_at: float
    undone_at: float | None
    notes: int
    shown: int
    replaced: int  # notes of earlier imports


COLUMNS = [
    documents.c[name]
    for name in ("import_id", "origin", "part", "file_name", "format", "kind", "title", "date", "speaker", "licence",
                 "tier", "published_at", "retracted_at", "retracted_by", "sha256")
]  # fmt: skip
"""What a `Note` is made of, but for its id and how it was taken in."""
_NOTES = select(documents.c.id.label("ident"), *COLUMNS, imports.c.kind.label("taken_in_by")).join(
    imports, imports.c.id == documents.c.import_id
)
_ROWS_MAX = 500


def notes(owner: Connection, *conditions: ColumnElement[bool]) -> list[Note]:
    """Give what was ever published and meets the conditions, by place, the newest version first."""
    query = _NOTES.where(documents.c.published_at.is_not(None), *conditions)
    rows = owner.execute(query.order_by(documents.c.origin, documents.c.part, imports.c.created_at.desc()))
    return [Note(**row) for row in rows.mappings()]


def shown(owner: Connection, tier: int | None = None) -> list[Note]:
    """Give the notes that are shown, of one tier or of all."""
    return notes(owner, LIVE, *([] if tier is None else [documents.c.tier == tier]))


def latest(owner: Connection) -> list[Note]:
    """Give one version of each note: the one that is shown, or else the newest."""
    found: dict[tuple[str, str], Note] = {}
    for note in notes(owner):
        earlier = found.get((note.origin, note.part))
        if earlier is None or (note.is_live and not earlier.is_live):
            found[note.origin, note.part] = note
    return list(found.values())


def note_of(owner: Connection, ident: str) -> Note | None:
    """Give one version by its id."""
    return next(iter(notes(owner, documents.c.id == ident)), None)


def opened(owner: Connection, note: Note) -> OpenNote:
    """Read all that a note says."""
    own = documents.c.id == note.ident
    said = owner.execute(select(documents.c.text).where(own)).scalar_one()
    count = owner.execute(select(func.count()).where(passages.c.document_id == note.ident)).scalar_one()
    return OpenNote(note, str(said), int(count), tuple(_rows(owner, note.ident)))


def past_imports(owner: Connection) -> list[PastImport]:
    """Give every import that was published, the newest first."""
    own = select(
        documents.c.import_id, func.count().label("notes"), func.sum(case((LIVE, 1), else_=0)).label("shown")
    ).group_by(documents.c.import_id)
    counts = {row.import_id: row for row in owner.execute(own)}
    by = select(documents.c.retracted_by, func.count().label("held")).group_by(documents.c.retracted_by)
    replaced = {row.retracted_by: row.held for row in owner.execute(by)}
    rows = owner.execute(
        select(imports).where(imports.c.published_at.is_not(None)).order_by(imports.c.created_at.desc(), imports.c.id)
    )
    return [_past(row, counts.get(row.id), replaced.get(row.id, 0)) for row in rows]


def _past(row: Any, count: Any, replaced: int) -> PastImport:
    held = (int(count.notes), int(count.shown)) if count else (0, 0)
    return PastImport(row.id, row.label, row.kind, row.published_at, row.undone_at, *held, int(replaced))


def _rows(owner: Connection, ident: str) -> Sequence[str]:
    found: dict[tuple[int, str], None] = {}
    for table in STATEMENTS:
        query = select(table.c.ordinal, table.c.raw).where(table.c.document_id == ident).limit(_ROWS_MAX)
        found |= {(row.ordinal, row.raw): None for row in owner.execute(query)}
    return list(dict.fromkeys(raw for _, raw in sorted(found)))[:_ROWS_MAX]
