"""Serato's history as CSV (History panel, Export): the first row below the header is the session, not a track.

Its columns are `name, artist, bpm, start time, end time, playtime, deck, notes, album`, some left out.
Times are of the clock, with twelve or with twenty-four hours, and dates stand as the computer's language
writes them: where day and month could be changed over, only the year is kept.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from knowledge.errors import ImportRefused
from knowledge.importers.clock_times import from_midnight, hour_and_minute
from knowledge.importers.codes import bpm_milli
from knowledge.importers.date_columns import order_of
from knowledge.importers.durations import from_clock
from knowledge.importers.left_out import LeftOut
from knowledge.importers.named_dates import date_in
from knowledge.importers.played_rows import names_of
from knowledge.importers.record import ImportedDoc
from knowledge.importers.sniffed import Sniffed
from knowledge.importers.statements import At, Event, SetItem, raw

_NEEDED = {"name", "start time"}
_OWN = {"end time", "playtime", "deck"}
_UNREADABLE = "of damaged CSV"


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    raw: str
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "").strip()


def is_it(file: Sniffed) -> bool:
    """Whether the header is that of a history."""
    header = file.opening.split("\n", 1)[0].strip().lower()
    columns = {name.strip().strip('"') for name in header.replace(";", ",").replace("\t", ",").split(",")}
    return columns >= _NEEDED and bool(columns & _OWN)


def read(file: Sniffed) -> Sequence[ImportedDoc]:
    """Read one session: an event, and an item for every track."""
    left = LeftOut()
    rows = list(_rows(file.text, left))
    if not rows:
        raise ImportRefused("There is no session in this history.")
    session, tracks = rows[0], rows[1:]
    if session["artist"] or session["deck"]:
        tracks, title = rows, file.name.stem
    else:
        title = session["name"] or file.name.stem
    date = _date(rows, title, file.name.stem)
    items = tuple(_items(tracks, left))
    if not items:
        raise ImportRefused("There is no track in this session.")
    time = from_midnight(session["start time"])
    event = Event(At(session.line, session.raw), "session", title, date=date, time=hour_and_minute(time))
    left_out = left.sentences()
    if len(date) < len("2024-05-01"):
        left_out = (*left_out, "The day of the session is not certain: put it into the file's name (2024-05-01).")
    return [ImportedDoc("serato", title, (), "set", date, left_out=left_out, statements=(event, *items))]


def _rows(text: str, left: LeftOut) -> Iterator[_Row]:
    lines = text.split("\n")
    delimiter = max(",;\t", key=lines[0].count)
    header = [name.strip().lower() for name in next(csv.reader(lines[:1], delimiter=delimiter), [])]
    for line, written in enumerate(lines[1:], start=2):
        if not written.strip(delimiter + " "):
            continue
        try:
            cells = next(csv.reader([written], delimiter=delimiter))
        except csv.Error:
            left.add(_UNREADABLE, [line])
            continue
        yield _Row(line, raw(written), dict(zip(header, cells, strict=False)))


def _date(rows: list[_Row], title: str, stem: str) -> str:
    """Take the day from the name of session or file, or from the column of starts, which shows its own order."""
    written = [row["start time"] for row in rows]
    order = order_of([*written, title])
    told = (date_in(stem), date_in(title), *(order.read(one)[0] for one in (title, *written)))
    return max(told, key=len)


def _items(tracks: list[_Row], left: LeftOut) -> Iterator[SetItem]:
    position = 0
    for row in tracks:
        names = names_of(row["name"], row["artist"], label=row["label"])
        if not names.title:
            left.add("without a name", [row.line])
            continue
        position += 1
        time_ms = from_midnight(row["start time"])
        yield SetItem(
            at=At(row.line, row.raw),
            event="session",
            position=position,
            title=names.title,
            artist=names.artist,
            version=names.version,
            label=names.label,
            time_ms=time_ms,
            time_basis="" if time_ms is None else "clock",
            bpm_milli=bpm_milli(row["bpm"]),
            musical_key=row["key"],
            duration_ms=from_clock(row["playtime"]),
            is_unknown=names.is_unknown,
            note=row["notes"],
        )
