"""What was shown last: the notes that a tier may read, the newest first, with how each begins.

When a note was put in stands in no view. So the order is read beneath them, of documents at or below the tier
alone, and every word comes through the tier's own views.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, text

from knowledge.contracts import Readers, WriteLane
from knowledge.corpus_versions import corpus_versions_of
from knowledge.tables import documents

_BEGINNINGS = text(
    """SELECT d.id, d.title, d.kind, d.date, d.speaker, p.id AS passage, p.text
 FROM documents d JOIN passages p ON p.document_id = d.id
 WHERE d.id IN :ids AND d.kind <> 'curation'
 AND p.ordinal = (SELECT min(first.ordinal) FROM passages first WHERE first.document_id = d.id)"""
).bindparams(bindparam("ids", expanding=True))


@dataclass(frozen=True, slots=True)
class NewNote:
    """A note as a feed tells of it; `passage` is where it begins, `shown_at` Unix seconds."""

    title: str
    kind: str
    date: str
    speaker: str
    text: str
    passage: str
    shown_at: float


class Newest:
    """Reads them, and again only when what a tier may read has changed, so that asking often costs little."""

    def __init__(self, readers: Readers, lane: WriteLane) -> None:
        self._readers = readers
        self._lane = lane
        self._lock = Lock()
        self._known: dict[tuple[int, int], tuple[str, list[NewNote]]] = {}

    def notes(self, tier: int, limit: int) -> list[NewNote]:
        """Give at most so many notes."""
        with self._readers(tier) as reader:
            version = " ".join(one.version for one in corpus_versions_of(reader))
        with self._lock:
            known = self._known.get((tier, limit))
            if known is None or known[0] != version:
                known = self._known[tier, limit] = version, self._read(tier, limit)
            return known[1]

    def _read(self, tier: int, limit: int) -> list[NewNote]:
        order = self._lane.run(lambda owner: _order(owner, tier, limit))
        with self._readers(tier) as reader:
            found = {row.id: row for row in reader.execute(_BEGINNINGS, {"ids": [row.id for row in order]})}
        return [_note(found[row.id], row.published_at) for row in order if row.id in found]


def _order(owner: Connection, tier: int, limit: int) -> Sequence[Any]:
    shown = documents.c.published_at.is_not(None), documents.c.retracted_at.is_(None)
    lately = documents.c.published_at.desc(), documents.c.date.desc(), documents.c.title, documents.c.id
    query = select(documents.c.id, documents.c.published_at).where(documents.c.tier <= tier, *shown)
    return owner.execute(query.where(documents.c.kind != "curation").order_by(*lately).limit(limit)).all()


def _note(row: Row[Any], shown_at: float | None) -> NewNote:
    return NewNote(row.title, row.kind, row.date, row.speaker, row.text, row.passage, shown_at or 0.0)
