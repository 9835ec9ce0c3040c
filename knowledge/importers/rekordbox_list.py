"""A playlist or a history that rekordbox wrote as text: UTF-16, a tab between the columns, no quotes.

Both look the same: the file's name says whether it was played ("HISTORY 2024-05-01"). What does not say
so counts as a playlist, which was never played to anybody.
"""

import re
from collections.abc import Iterator, Sequence

from knowledge.errors import ImportRefused
from knowledge.importers.codes import bpm_milli
from knowledge.importers.durations import from_clock
from knowledge.importers.left_out import LeftOut
from knowledge.importers.named_dates import date_in, is_history
from knowledge.importers.played_rows import names_of
from knowledge.importers.record import ImportedDoc
from knowledge.importers.sniffed import Sniffed
from knowledge.importers.statements import At, Event, SetItem, raw

_NEEDED = {"track title", "artist"}
_OWN = {"#", "artwork", "date added", "bpm", "rating", "dj play count", "my tag"}
_ORDINAL = re.compile(r"\((\d{1,2})\)\s*$")
PLAYLIST = 'Its name does not say that it was played: put "HISTORY" and the date into the file\'s name if it was.'


def is_it(file: Sniffed) -> bool:
    """Whether the first line holds rekordbox's columns, with tabs between them."""
    columns = {name.strip().lower() for name in file.opening.split("\n", 1)[0].split("\t")}
    return columns >= _NEEDED and len(columns & _OWN) >= 2


def read(file: Sniffed) -> Sequence[ImportedDoc]:
    """Read one list: an event, and an item for every row with a title."""
    header, *rows = file.text.split("\n")
    columns, left = [name.strip().lower() for name in header.split("\t")], LeftOut()
    items = tuple(_items(columns, rows, left))
    if not items:
        raise ImportRefused("There is no track in this list.")
    played, title = is_history(file.name.stem), file.name.stem.strip()
    ordinal = _ORDINAL.search(title)
    event = Event(
        At(1, raw(header)),
        "list",
        title,
        "" if played else "playlist",
        date_in(title),
        ordinal=int(ordinal[1]) if played and ordinal and int(ordinal[1]) > 0 else 1,
    )
    left_out = left.sentences() if played else (*left.sentences(), PLAYLIST)
    kind = "set" if played else "note"
    return [ImportedDoc("rekordbox", title, (), kind, event.date, left_out=left_out, statements=(event, *items))]


def _items(columns: list[str], rows: list[str], left: LeftOut) -> Iterator[SetItem]:
    position = 0
    for line, row in enumerate(rows, start=2):
        cells = dict(zip(columns, (cell.strip() for cell in row.split("\t")), strict=False))
        if not row.strip():
            continue
        names = names_of(cells.get("track title", ""), cells.get("artist", ""), label=cells.get("label", ""))
        if not names.title:
            left.add("without a title", [line])
            continue
        position += 1
        yield SetItem(
            at=At(line, raw(row)),
            event="list",
            position=position,
            title=names.title,
            artist=names.artist,
            version=names.version,
            label=names.label,
            bpm_milli=bpm_milli(cells.get("bpm", "")),
            musical_key=cells.get("key", ""),
            duration_ms=from_clock(cells.get("time", "")),
            is_unknown=names.is_unknown,
        )
