"""Playlists of players: M3U, PLS, ASX, XSPF and JSPF, told by their content.

A playlist was never played to anybody. An M3U that a DJ program wrote of a night says "history" in its
name: that one is a set.
"""

import re
from collections.abc import Iterator, Sequence

from knowledge.errors import ImportRefused
from knowledge.importers import jsonfile, playlist_files
from knowledge.importers.codes import isrc
from knowledge.importers.left_out import LeftOut
from knowledge.importers.named_dates import date_in, is_history
from knowledge.importers.playlist_files import Entry
from knowledge.importers.record import ImportedDoc
from knowledge.importers.sniffed import Sniffed
from knowledge.importers.statements import At, Event, SetItem, raw
from knowledge.importers.xml import child_text, parsed, root_name

_LISTS = {".m3u", ".m3u8"}
_ROOTS = {"playlist", "asx"}
_TAG = re.compile(rb"</?[A-Za-z]+")


def is_it(file: Sniffed) -> bool:
    """Whether it is one of the five; an M3U without its mark is told by its ending."""
    opening = file.opening
    if opening[:7].upper() == "#EXTM3U" or opening[:10].lower() == "[playlist]" or file.suffix in _LISTS:
        return True
    return root_name(opening).lower() in _ROOTS or _is_jspf(file)


def read(file: Sniffed) -> Sequence[ImportedDoc]:
    """Read one playlist: an event, and an item for every entry that has a name."""
    form, title, date, entries = _entries(file)
    left = LeftOut()
    items = tuple(_items(entries, left))
    if not items:
        raise ImportRefused("There is no track in this playlist.")
    stem = file.name.stem.strip()
    played = form == "m3u" and is_history(stem)
    event = Event(At(1, raw(title or stem)), "list", title or stem, "" if played else "playlist", date or date_in(stem))
    kind = "set" if played else "note"
    left_out = left.sentences()
    return [ImportedDoc(form, title or stem, (), kind, event.date, left_out=left_out, statements=(event, *items))]


def _is_jspf(file: Sniffed) -> bool:
    return file.opening[:1] == "{" and '"playlist"' in file.opening and b'"track"' in file.data


def _entries(file: Sniffed) -> tuple[str, str, str, list[Entry]]:
    """Give the form, the title and the date that the list itself says, and the entries."""
    opening = file.opening
    if opening[:1] == "<":
        return _xml(file)
    if opening[:1] == "{":
        playlist = jsonfile.mapping(jsonfile.mapping(jsonfile.parsed(file)).get("playlist"))
        entries = list(playlist_files.jspf(playlist))
        return "jspf", jsonfile.words(playlist.get("title")), date_in(jsonfile.words(playlist.get("date"))), entries
    if opening[:10].lower() == "[playlist]":
        return "pls", "", "", list(playlist_files.pls(file.text))
    named = [line[10:].strip() for line in file.text.split("\n") if line.upper().startswith("#PLAYLIST:")]
    return "m3u", named[0] if named else "", "", list(playlist_files.m3u(file.text))


def _xml(file: Sniffed) -> tuple[str, str, str, list[Entry]]:
    if root_name(file.opening).lower() == "asx":
        return "asx", "", "", list(playlist_files.asx(parsed(_lowered(file.data), recover=True)))
    root = parsed(file.data)
    return "xspf", child_text(root, "title"), date_in(child_text(root, "date")), list(playlist_files.xspf(root))


def _lowered(data: bytes) -> bytes:
    """Bring the names of tags into one case, so that `<Abstract>` is closed by `</abstract>`."""
    return _TAG.sub(lambda found: found[0].lower(), data)


def _items(entries: list[Entry], left: LeftOut) -> Iterator[SetItem]:
    position = 0
    for number, entry in enumerate(entries, start=1):
        names = entry.names
        if not names.title:
            left.add("without a name", [entry.line or number])
            continue
        position += 1
        yield SetItem(
            at=At(entry.line, raw(entry.shown), "" if entry.line else f"entry {number}"),
            event="list",
            position=position,
            title=names.title,
            artist=names.artist,
            version=names.version,
            label=names.label,
            duration_ms=entry.duration_ms,
            is_unknown=names.is_unknown,
            isrc=isrc(entry.isrc),
        )
