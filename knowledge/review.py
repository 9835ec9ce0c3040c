"""What the artist may want to look at again: lines of set lists that were not understood, nights without a date.

Both are read off what is shown now. A document never changes, so what was found in one is remembered
for as long as it is shown.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, text

from knowledge.contracts import HIGHEST_TIER, Readers
from knowledge.corpus_versions import corpus_versions_of
from knowledge.importers.tracklist import is_announcement, is_tracklist, read_list

_LISTS = text(
    """SELECT id, title, date, file_name, tier, sha256 FROM documents
 WHERE id IN (SELECT document_id FROM set_items) AND text <> '' ORDER BY date DESC, title, id"""
)
_TEXTS = text("SELECT id, text FROM documents WHERE id IN :ids").bindparams(bindparam("ids", expanding=True))
_RAWS = text("SELECT document_id, raw FROM set_items WHERE document_id IN :ids").bindparams(
    bindparam("ids", expanding=True)
)
_UNDATED = text(
    """SELECT e.document_id, e.title, e.venue, e.city, d.title AS note, d.file_name, d.tier, d.text,
 (SELECT count(*) FROM events o WHERE o.document_id = e.document_id) AS nights
 FROM events e JOIN documents d ON d.id = e.document_id WHERE e.date_from = 0
 ORDER BY d.file_name, e.ordinal LIMIT :most"""
)
_UNDATED_COUNT = text("SELECT count(*) FROM events WHERE date_from = 0")
AT_ONCE = 500
_PARAGRAPHS = re.compile(r"\n[ \t]*\n")


@dataclass(frozen=True, slots=True)
class UnreadLines:
    """A note whose set list has lines that were not understood, as they stand."""

    document_id: str
    title: str
    date: str
    file_name: str
    tier: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Undated:
    """A night without a date; `can_be_mended` where the note is text and tells of this one night only."""

    document_id: str
    title: str
    where: str
    note: str
    file_name: str
    tier: int
    can_be_mended: bool


class Review:
    """One per node; thread-safe."""

    def __init__(self, readers: Readers) -> None:
        self._readers = readers
        self._found: dict[str, tuple[str, ...]] = {}
        self._told: tuple[tuple[str, ...], list[UnreadLines]] = ((), [])

    def unread(self) -> list[UnreadLines]:
        """Give every note with such lines, the latest night first."""
        with self._readers(HIGHEST_TIER) as reader:
            versions = tuple(one.version for one in corpus_versions_of(reader))
            if versions and versions == self._told[0]:
                return self._told[1]
            rows = reader.execute(_LISTS).all()
            known = {row.id: self._found.get(row.id) for row in rows}
            new = [ident for ident, lines in known.items() if lines is None]
            for start in range(0, len(new), AT_ONCE):
                known |= _looked_through(reader, new[start : start + AT_ONCE])
        self._found = {ident: lines for ident, lines in known.items() if lines is not None}
        told = [_unread(row, lines) for row in rows if (lines := known[row.id])]
        self._told = versions, told
        return told

    def undated(self, most: int) -> tuple[list[Undated], int]:
        """Give nights without a date, and how many there are."""
        with self._readers(HIGHEST_TIER) as reader:
            rows = reader.execute(_UNDATED, {"most": most}).all()
            count = int(reader.execute(_UNDATED_COUNT).scalar_one())
        return [_undated(row) for row in rows], count


def unread_lines(told: str, understood: Collection[str]) -> tuple[str, ...]:
    """Give the lines of a text's set lists that are neither a track nor the head of a set.

    `understood` are the lines that became tracks. A stretch without any is no list, and one that is made
    of nothing else needs no second reading, which takes long.
    """
    found = list[str]()
    for paragraph in _PARAGRAPHS.split(told):
        lines = [line.strip() for line in paragraph.split("\n") if line.strip()]
        if not any(line in understood for line in lines):
            continue
        odd = [line for line in lines if line not in understood and not is_announcement(line)]
        if odd and is_tracklist(paragraph, announced=True):
            found += [line.raw for line in read_list(paragraph) if not line.is_read]
    return tuple(found)


def _looked_through(reader: Connection, idents: list[str]) -> dict[str, tuple[str, ...] | None]:
    understood: dict[str, set[str]] = {ident: set() for ident in idents}
    for row in reader.execute(_RAWS, {"ids": idents}):
        understood[row.document_id].add(row.raw.strip())
    return {row.id: unread_lines(row.text, understood[row.id]) for row in reader.execute(_TEXTS, {"ids": idents})}


def _unread(row: Any, lines: tuple[str, ...]) -> UnreadLines:
    return UnreadLines(row.id, row.title, row.date, row.file_name, row.tier, lines)


def _undated(row: Any) -> Undated:
    where = ", ".join(part for part in (row.venue, row.city) if part)
    can_be_mended = row.nights == 1 and bool(row.text.strip())
    return Undated(row.document_id, row.title, where, row.note, row.file_name, row.tier, can_be_mended)
