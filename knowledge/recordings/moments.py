"""Where a sentence or a row can be heard: a recording, and the moment in it at which a player begins.

A row of a set knows its own second; a line of prose does where it says one ("At 0:43:10 you hear …") and its
note is about one night. What a tier is led to is a function of the rows and recordings that it may know.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from knowledge.contracts import Readers

_ANY = text("SELECT 1 FROM recordings LIMIT 1")
_OF_ITEM = text("SELECT event_key, time_ms, time_basis FROM set_items WHERE id = :id")
_OF_TRACK = text("SELECT work_key FROM tracks WHERE id = :id")
_NIGHTS_TOLD = text(
    "SELECT DISTINCT e.event_key FROM passages p JOIN events e ON e.document_id = p.document_id WHERE p.id = :id"
)
_NIGHTS_OF_THE_DAY = text(
    """SELECT DISTINCT e.event_key FROM passages p JOIN documents d ON d.id = p.document_id
 JOIN events e ON e.date = substr(d.date, 1, 10) WHERE p.id = :id AND length(d.date) >= 10"""
)
_RECORDING = text(
    """SELECT id, duration_ms FROM recordings WHERE of_kind = :kind AND of_key = :key
 ORDER BY duration_ms DESC, sha256 LIMIT 1"""
)
_OFFSET_BASES = ("recording", "estimated")  # a time of day says nothing of where a recording has it
_TIME = re.compile(r"(?<![\d:])(\d{1,2}):([0-5]\d):([0-5]\d)(?![\d:])")
_SHORT_TIME = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):([0-5]\d)")


@dataclass(frozen=True, slots=True)
class Cue:
    """A place in the material: of a passage or a row, the time that its list has beside it, and its words."""

    ident: str
    is_row: bool
    time: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """A recording, by its id, and how many milliseconds after its beginning."""

    recording: str
    at_ms: int

    @property
    def url(self) -> str:
        """What a player opens: the recording, from this moment on."""
        return f"/audio/{self.recording}" + (f"#t={self.at_ms / 1000:g}" if self.at_ms else "")


class Moments:
    """One per node; thread-safe."""

    def __init__(self, readers: Readers) -> None:
        self._readers = readers

    def of(self, cues: Sequence[Cue], tier: int) -> list[Moment | None]:
        """Say of each where this tier can hear it; None where it cannot, or where no second is told."""
        with self._readers(tier) as reader:
            if not cues or reader.execute(_ANY).first() is None:
                return [None] * len(cues)
            return [_of_row(reader, cue.ident) if cue.is_row else _of_prose(reader, cue) for cue in cues]


def _of_row(reader: Connection, ident: str) -> Moment | None:
    item = reader.execute(_OF_ITEM, {"id": ident}).first()
    if item is not None:
        told = item.time_ms if item.time_basis in _OFFSET_BASES else None
        return _within(reader, "event", item.event_key, told)
    track = reader.execute(_OF_TRACK, {"id": ident}).first()
    return None if track is None else _within(reader, "work", track.work_key, 0)


def _of_prose(reader: Connection, cue: Cue) -> Moment | None:
    at_ms = _milliseconds(cue)
    if at_ms is None:
        return None
    key = _only(reader.execute(_NIGHTS_TOLD, {"id": cue.ident}).scalars()) or _only(
        reader.execute(_NIGHTS_OF_THE_DAY, {"id": cue.ident}).scalars()
    )
    return None if key is None else _within(reader, "event", key, at_ms)


def _within(reader: Connection, kind: str, key: str, at_ms: int | None) -> Moment | None:
    if at_ms is None or not key:
        return None
    found = reader.execute(_RECORDING, {"kind": kind, "key": key}).first()
    return None if found is None or at_ms >= found.duration_ms else Moment(found.id, at_ms)


def _milliseconds(cue: Cue) -> int | None:
    found = _SHORT_TIME.fullmatch(cue.time) or _TIME.search(cue.words)
    if found is None:
        return None
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return ((hours * 60 + minutes) * 60 + seconds) * 1000


def _only(keys: Iterable[Any]) -> str | None:
    """Give the one key there is; of several nights, none is meant."""
    found = list(keys)
    return str(found[0]) if len(found) == 1 else None
