"""VirtualDJ: the library (`database.xml`), and a day's history, an M3U with a line of `#EXTVDJ` before each file.

In the library `Bpm` is the length of a beat in seconds (0.46875 is 128). In a history `<time>` is the hour
of the clock; the day is the file's name. File paths are somebody's machine's and are never kept.
"""

import html
import re
from collections.abc import Iterator, Sequence

from knowledge.errors import ImportRefused
from knowledge.importers.clock_times import from_midnight, hour_and_minute
from knowledge.importers.dates import iso_date
from knowledge.importers.durations import from_seconds
from knowledge.importers.left_out import LeftOut
from knowledge.importers.named_dates import date_in
from knowledge.importers.named_tracks import NamedTrack, from_file_name
from knowledge.importers.played_rows import names_of, tag
from knowledge.importers.record import ImportedDoc
from knowledge.importers.sniffed import Sniffed
from knowledge.importers.statements import At, Event, SetItem, Track, raw
from knowledge.importers.xml import Element, children, parsed, root_name

_MARK = "#EXTVDJ:"
_FIELD = re.compile(r"<(?P<name>\w+)>(?P<value>.*?)</(?P=name)>")
_SHOWN = ("Author", "Title", "Remix", "Album", "Label", "Year", "Bpm", "Key")
_BEAT_SECONDS_MAX = 5
_LINE_CHARS_MAX = 4_000
_BY_FILE = "named by its file only"


def is_it(file: Sniffed) -> bool:
    """Whether it is the library or a history."""
    return root_name(file.opening) == "VirtualDJ_Database" or _MARK in file.opening


def read(file: Sniffed) -> Sequence[ImportedDoc]:
    """Read the library's tracks, or one day's history."""
    return [_history(file) if _MARK in file.opening else _library(file)]


def _library(file: Sniffed) -> ImportedDoc:
    left = LeftOut()
    tracks = tuple(_tracks(parsed(file.data), left))
    if not tracks:
        raise ImportRefused("There is no track in this VirtualDJ library.")
    return ImportedDoc("virtualdj", file.name.stem, (), "release", left_out=left.sentences(), statements=tracks)


def _tracks(root: Element, left: LeftOut) -> Iterator[Track]:
    for song in children(root, "Song"):
        tags, scan, infos = _child(song, "Tags"), _child(song, "Scan"), _child(song, "Infos")
        title = tags.get("Title", "").strip()
        names = _names(title, tags.get("Author", ""), tags.get("Remix", ""), song.get("FilePath", ""))
        if not names.title:
            left.add("without a name", [song.sourceline or 0])
            continue
        if not title:
            left.add(_BY_FILE, [song.sourceline or 0])
        yield Track(
            at=At(song.sourceline or 0, tag(tags, "Tags", _SHOWN) if title else names.title),
            title=names.title,
            artist=names.artist,
            version=names.version,
            duration_ms=from_seconds(infos.get("SongLength", "")),
            bpm_milli=_tempo(scan.get("Bpm", "") or tags.get("Bpm", "")),
            musical_key=scan.get("Key", "") or tags.get("Key", ""),
            date=iso_date(tags.get("Year", "")) if tags.get("Year", "0") != "0" else "",
            label=tags.get("Label", "").strip(),
        )


def _child(song: Element, name: str) -> Element:
    """Give the first child of that name, or an empty one."""
    return next(children(song, name), {})


def _tempo(written: str) -> int | None:
    """Turn seconds a beat into thousandths of a beat a minute; old versions wrote the beats themselves."""
    value = from_seconds(written)
    seconds = float(written.replace(",", ".")) if value else 0.0
    if not seconds:
        return None
    return round(60_000 / seconds if seconds < _BEAT_SECONDS_MAX else seconds * 1_000)


def _history(file: Sniffed) -> ImportedDoc:
    left, title = LeftOut(), file.name.stem
    items = tuple(_items(file.text, left))
    if not items:
        raise ImportRefused("There is no track in this history.")
    date = date_in(title)
    event = Event(At(items[0].at.line, raw(title)), "history", title, date=date, time=hour_and_minute(items[0].time_ms))
    return ImportedDoc("virtualdj", title, (), "set", date, left_out=left.sentences(), statements=(event, *items))


def _items(text: str, left: LeftOut) -> Iterator[SetItem]:
    position, said, line_of_mark, shown = 0, dict[str, str](), 0, ""
    for line, written in enumerate(text.split("\n"), start=1):
        if written.startswith(_MARK):
            said = {
                found["name"]: html.unescape(found["value"]) for found in _FIELD.finditer(written[:_LINE_CHARS_MAX])
            }
            line_of_mark, shown = line, written
        elif written.strip() and not written.startswith("#"):
            names = _names(said.get("title", ""), said.get("artist", ""), said.get("remix", ""), written)
            if not said.get("title"):
                left.add(_BY_FILE, [line])
            position += 1
            yield _item(names, said, At(line_of_mark or line, raw(shown or names.title)), position)
            said, line_of_mark, shown = {}, 0, ""


def _item(names: NamedTrack, said: dict[str, str], at: At, position: int) -> SetItem:
    time_ms = from_midnight(said.get("time", ""))
    return SetItem(
        at=at,
        event="history",
        position=position,
        title=names.title,
        artist=names.artist,
        version=names.version,
        time_ms=time_ms,
        time_basis="" if time_ms is None else "clock",
        is_unknown=names.is_unknown,
    )


def _names(title: str, artist: str, remix: str, path: str) -> NamedTrack:
    return names_of(title, artist, version=remix) if title.strip() else from_file_name(path)
