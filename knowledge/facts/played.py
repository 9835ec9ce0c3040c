"""A night and what was played there, as their rows tell it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from knowledge.facts.told import FactRow


@dataclass(frozen=True, slots=True)
class Night:
    """An event as its rows tell it together; dates as yyyymmdd, 0 where unknown."""

    key: str
    ident: str
    date: str
    day: int
    last_day: int
    ordinal: int
    title: str
    kind: str
    venue: str
    city: str
    region: str
    country: str
    tour: str
    url: str
    row: FactRow


@dataclass(frozen=True, slots=True)
class Played:
    """An item of a night, with its row."""

    ident: str
    key: str  # of the night
    document_id: str
    position: int
    set_no: int
    set_name: str
    encore: bool
    title: str
    work: str
    recording: str
    artist: str
    version: str
    label: str
    time_ms: int | None
    time_basis: str
    bpm_milli: int | None
    musical_key: str
    duration_ms: int | None
    segue: bool
    is_unknown: bool
    guests: str
    note: str
    row: FactRow

    @property
    def name(self) -> str:
        """The title with its version, and the artist before it where one is told."""
        title = f"{self.title} ({self.version})" if self.version else self.title
        return f"{self.artist} – {title}" if self.artist else title


def fact_row(row: Any, kind: str, event_key: str = "") -> FactRow:
    """Read what a citation shows of a row that was selected with its document."""
    return FactRow(
        row.id, kind, row.document_id, row.document_title, row.document_date, row.speaker, row.file_name,
        row.line, row.place, row.raw, row.tier, event_key,
    )  # fmt: skip


def night_of(row: Any) -> Night:
    return Night(
        row.event_key, row.id, row.date, row.date_from, row.date_to, row.day_ordinal, row.title, row.kind, row.venue,
        row.city, row.region, row.country, row.tour, row.url, fact_row(row, "event", row.event_key),
    )  # fmt: skip


def played_of(row: Any) -> Played:
    return Played(
        row.id, row.event_key, row.document_id, row.position, row.set_no, row.set_name, bool(row.encore), row.title,
        row.work_key, row.recording_key, row.artist, row.version, row.label, row.time_ms, row.time_basis,
        row.bpm_milli, row.musical_key, row.duration_ms, bool(row.segue), bool(row.is_unknown), row.guests, row.note,
        fact_row(row, "set_item", row.event_key),
    )  # fmt: skip


def in_set(items: Sequence[Played], set_no: int) -> list[Played]:
    """Give the items of one set, by its number; -1 is the last one."""
    numbers = sorted({item.set_no for item in items})
    wanted = numbers[-1] if set_no == -1 and numbers else set_no
    return [item for item in items if item.set_no == wanted]
