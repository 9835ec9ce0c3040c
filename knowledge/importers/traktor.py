"""Traktor's NML: the collection's tracks, playlists, and what was played (`History/*.nml`).

In a history STARTDATE is packed (`year << 16 | month << 8 | day`) and STARTTIME counts the seconds since
midnight: a time of the clock, not of a recording. Rows name their track by a key made of volume, folders
and file, folders with `/:` between them; the key is a path of somebody's machine and is never kept.
"""

import datetime
from collections.abc import Iterator, Sequence

from knowledge.errors import ImportRefused
from knowledge.importers.clock_times import hour_and_minute
from knowledge.importers.codes import bpm_milli
from knowledge.importers.dates import iso_date
from knowledge.importers.durations import from_seconds
from knowledge.importers.left_out import LeftOut
from knowledge.importers.named_tracks import NamedTrack, from_file_name
from knowledge.importers.played_rows import names_of, tag
from knowledge.importers.record import ImportedDoc
from knowledge.importers.sniffed import Sniffed
from knowledge.importers.statements import At, Event, SetItem, Statement, Track, raw
from knowledge.importers.xml import Element, children, parsed, root_name

_KEYS = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")
_PLAYED = ("DECK", "DURATION", "PLAYEDPUBLIC", "STARTDATE", "STARTTIME")
_NOT_PUBLIC = "heard in the headphones only, so left out"
_NO_KEY = "named by its file only"


def is_it(file: Sniffed) -> bool:
    """Whether the root is Traktor's."""
    return root_name(file.opening) == "NML"


def read(file: Sniffed) -> Sequence[ImportedDoc]:
    """Read collection, playlists and histories as one document."""
    root, left = parsed(file.data), LeftOut()
    entries = [entry for top in children(root, "COLLECTION") for entry in children(top, "ENTRY")]
    by_key = {_key(entry): entry for entry in entries}
    lists = [one for top in children(root, "PLAYLISTS") for one in _lists(top, ())]
    statements = list(_tracks(entries, left))
    for number, (title, node) in enumerate(lists, start=1):
        statements += _played(f"list {number}", title, node, by_key, left)
    if not statements:
        raise ImportRefused("There is no track and no playlist in this Traktor file.")
    events = [one for one in statements if isinstance(one, Event) and one.kind != "playlist"]
    kind, date = ("set", events[0].date) if events else ("release", "")
    left_out, statements_ = left.sentences(), tuple(statements)
    return [ImportedDoc("traktor", file.name.stem, (), kind, date, left_out=left_out, statements=statements_)]


def _tracks(entries: list[Element], left: LeftOut) -> Iterator[Statement]:
    for entry in entries:
        names, info = _names(entry), _child(entry, "INFO")
        if not names.title:
            left.add("of the collection without a title", [entry.sourceline or 0])
            continue
        yield Track(
            at=At(entry.sourceline or 0, _raw(entry)),
            title=names.title,
            artist=names.artist,
            version=names.version,
            duration_ms=from_seconds(info.get("PLAYTIME_FLOAT") or info.get("PLAYTIME", "")) or None,
            bpm_milli=_tempo(entry),
            musical_key=_musical_key(entry),
            date=_released(info.get("RELEASE_DATE", "")),
            label=names.label,
        )


def _lists(node: Element, above: tuple[str, ...]) -> Iterator[tuple[str, Element]]:
    """Give every playlist with the folders that it lies in; the root folder names nothing."""
    for child in children(node, "NODE"):
        name = child.get("NAME", "").strip()
        path = above if name == "$ROOT" else (*above, name)
        for playlist in children(child, "PLAYLIST"):
            yield " / ".join(path), playlist
        for inner in children(child, "SUBNODES"):
            yield from _lists(inner, path)


def _played(ref: str, title: str, node: Element, by_key: dict[str, Element], left: LeftOut) -> Iterator[Statement]:
    rows = list(children(node, "ENTRY"))
    starts = [_child(row, "EXTENDEDDATA") for row in rows]
    is_history = node.get("TYPE") == "PROTOCOL" or any(one.get("STARTTIME") for one in starts)
    date = next((day for one in starts if (day := _day(one.get("STARTDATE", "")))), "")
    at = At(node.sourceline or 0, tag(node, "PLAYLIST", ("TYPE", "ENTRIES")), title)
    kind = "" if is_history else "playlist"
    time = next((from_seconds(one.get("STARTTIME", "")) for one in starts), None)
    yield Event(at, ref, title, kind, date, hour_and_minute(time))
    position = 0
    for row, start in zip(rows, starts, strict=True):
        if start.get("PLAYEDPUBLIC") == "0":
            left.add(_NOT_PUBLIC, [row.sourceline or 0])
        else:
            position += 1
            yield _item(ref, position, row, start, by_key, left)


def _item(ref: str, position: int, row: Element, start: Element, by_key: dict[str, Element], left: LeftOut) -> SetItem:
    key = _child(row, "PRIMARYKEY").get("KEY", "")
    entry, line = by_key.get(key), row.sourceline or 0
    if entry is None:
        left.add(_NO_KEY, [line])
    names = _names(entry) if entry is not None else from_file_name(key.replace("/:", "/"))
    time_ms = from_seconds(start.get("STARTTIME", ""))
    shown = _raw(entry) if entry is not None else key.rpartition("/:")[2]
    return SetItem(
        at=At(line, raw(shown + (tag(start, "EXTENDEDDATA", _PLAYED) if time_ms is not None else ""))),
        event=ref,
        position=position,
        title=names.title,
        artist=names.artist,
        version=names.version,
        label=names.label,
        time_ms=time_ms,
        time_basis="" if time_ms is None else "clock",
        bpm_milli=_tempo(entry) if entry is not None else None,
        musical_key=_musical_key(entry) if entry is not None else "",
        duration_ms=from_seconds(start.get("DURATION", "")),
    )


def _names(entry: Element) -> NamedTrack:
    info = _child(entry, "INFO")
    return names_of(
        entry.get("TITLE", "").strip(),
        entry.get("ARTIST", ""),
        version=info.get("MIX", ""),
        label=info.get("LABEL", ""),
    )


def _key(entry: Element) -> str:
    location = _child(entry, "LOCATION")
    return "".join(location.get(part, "") for part in ("VOLUME", "DIR", "FILE"))


def _child(element: Element, name: str) -> Element:
    """Give the first child of that name, or an empty one."""
    return next(children(element, name), {})


def _raw(entry: Element) -> str:
    return tag(entry, "ENTRY", ("TITLE", "ARTIST"))


def _tempo(entry: Element) -> int | None:
    return bpm_milli(_child(entry, "TEMPO").get("BPM", ""))


def _musical_key(entry: Element) -> str:
    """Name the key: 0 to 11 are C to B major, 12 to 23 C to B minor."""
    value = _child(entry, "MUSICAL_KEY").get("VALUE", "")
    if not value.isascii() or not value.isdigit() or int(value) > 23:
        return str(_child(entry, "INFO").get("KEY", ""))
    return _KEYS[int(value) % 12] + ("m" if int(value) >= 12 else "")


def _day(packed: str) -> str:
    if not packed.isascii() or not packed.isdigit():
        return ""
    value = int(packed)
    try:
        return datetime.date(value >> 16, value >> 8 & 0xFF, value & 0xFF).isoformat()
    except (ValueError, OverflowError):
        return ""


def _released(written: str) -> str:
    """Read `2016/5/13`; the first of January is how the program writes a year alone."""
    date = iso_date(written.replace("/", "-"))
    return date[:4] if date.endswith("-01-01") else date
