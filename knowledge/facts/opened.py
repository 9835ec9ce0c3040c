"""Opens one row for a page: as it was imported, with the night that it belongs to."""

from dataclasses import dataclass

from sqlalchemy import Connection, text

from knowledge.facts.archive import Archive
from knowledge.facts.played import Night, Played, fact_row
from knowledge.facts.scope import Scope
from knowledge.facts.tables import STATEMENTS
from knowledge.facts.told import FactRow

_ROW = """SELECT x.*, d.id AS document_id, d.title AS document_title, d.date AS document_date, d.speaker, d.file_name
 FROM {table} x JOIN documents d ON d.id = x.document_id WHERE x.id = :id"""


@dataclass(frozen=True, slots=True)
class OpenRow:
    """A row, and the night it is about with everything that was played there."""

    row: FactRow
    night: Night | None
    items: tuple[Played, ...]

    @property
    def sets(self) -> list[tuple[str, list[Played]]]:
        """The items by set, each set with its name."""
        numbers = sorted({item.set_no for item in self.items})
        by_set = [(number, [item for item in self.items if item.set_no == number]) for number in numbers]
        return [(part[0].set_name or (f"Set {number}" if len(numbers) > 1 else ""), part) for number, part in by_set]


def open_row(reader: Connection, ident: str) -> OpenRow | None:
    """Open a row by its opaque id, or None when this reader may not see it or it does not exist."""
    for table in STATEMENTS:
        row = reader.execute(text(_ROW.format(table=table.name)), {"id": ident}).first()  # own tables
        if row is not None:
            key = getattr(row, "event_key", "")
            return _with_night(reader, fact_row(row, table.name.removesuffix("s"), key), key)
    return None


def _with_night(reader: Connection, row: FactRow, key: str) -> OpenRow:
    archive = Archive(reader)
    nights = archive.nights(Scope(keys=frozenset({key}))) if key else []
    items = archive.items(nights).get(key, []) if nights else []
    return OpenRow(row, nights[0] if nights else None, tuple(items))
