"""Cue sheets: what a mix recorder or a ripper writes beside the audio.

One file with several tracks is a mix, unless the sheet bears the marks of a compact disc (its DISCID, its
barcode, the ripper's name): that is a release, and so is a sheet of several files. Keywords come in any
case; a track without INDEX 01 has no time; 75 frames make a second.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from knowledge.errors import ImportRefused
from knowledge.importers.codes import barcode, isrc
from knowledge.importers.dates import iso_date
from knowledge.importers.left_out import LeftOut
from knowledge.importers.named_tracks import NamedTrack, named_track, title_and_version
from knowledge.importers.record import ImportedDoc
from knowledge.importers.sniffed import Sniffed
from knowledge.importers.statements import At, Event, Release, SetItem, Statement, Track, raw

_KEYWORD = r"(?:rem|performer|title|file|catalog|cdtextfile|songwriter|track|index|isrc|flags|pregap|postgap)"
_BEGINS = re.compile(rf"\s*{_KEYWORD}\b", re.IGNORECASE)
_FILE = re.compile(r"^[ \t]*file[ \t]+\S", re.IGNORECASE | re.MULTILINE)
_TRACK = re.compile(r"^[ \t]*track[ \t]+\d+[ \t]+\w+", re.IGNORECASE | re.MULTILINE)
_LINE = re.compile(rf"\s*(?P<word>{_KEYWORD})\s+(?P<value>.*)$", re.IGNORECASE)
_INDEX = re.compile(r"(?P<number>\d{1,2})\s+(?P<minutes>\d{1,4}):(?P<seconds>\d{1,2}):(?P<frames>\d{1,2})")
_RIPPED = re.compile(r"\b(?:discid|exact\s?audio\s?copy|xld|accuraterip)\b", re.IGNORECASE)
_FRAMES = 75


@dataclass(slots=True)
class _Entry:
    """A TRACK with what stands below it."""

    line: int
    file: int
    lines: list[str]
    said: dict[str, str] = field(default_factory=dict)
    start_ms: int | None = None


@dataclass(slots=True)
class _Sheet:
    """A title with its tracks; a sheet of several files may hold several."""

    line: int
    said: dict[str, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    entries: list[_Entry] = field(default_factory=list)


def is_it(file: Sniffed) -> bool:
    """Whether a text begins with a keyword and has a FILE and a TRACK."""
    opening = file.opening
    return bool(_BEGINS.match(opening) and _FILE.search(opening) and _TRACK.search(opening))


def read(file: Sniffed) -> Sequence[ImportedDoc]:
    """Read one sheet: a mix with its tracks, or a release with its tracks."""
    reading = _Reading()
    for line, written in enumerate(file.text.split("\n"), start=1):
        reading.take(line, written)
    sheets = [sheet for sheet in reading.sheets if sheet.entries]
    if not sheets:
        raise ImportRefused("This cue sheet names no track.")
    is_mix = reading.files == 1 and len(sheets[0].entries) > 1 and not _RIPPED.search(" ".join(sheets[0].lines))
    is_mix = is_mix and not sheets[0].said.get("catalog")
    statements = [one for sheet in sheets for one in (_mix(sheet) if is_mix else _release(sheet))]
    left = reading.left
    left.add("without a time", (one.line for sheet in sheets for one in sheet.entries if one.start_ms is None))
    title = sheets[0].said.get("title") or file.name.stem
    date = iso_date(sheets[0].said.get("date", ""))
    kind = "set" if is_mix else "release"
    return [ImportedDoc("cue", title, (), kind, date, left_out=left.sentences(), statements=tuple(statements))]


class _Reading:
    """Goes through the lines; what is said before a TRACK is the sheet's, after it the track's."""

    def __init__(self) -> None:
        self.sheets, self.files, self.left = [_Sheet(1)], 0, LeftOut()
        self._entry: _Entry | None = None

    def take(self, line: int, written: str) -> None:
        if not written.strip():
            return
        found = _LINE.match(written)
        if found is None:
            self.left.add("could not be read", [line])
            return
        word, value = found["word"].lower(), found["value"].strip()
        if word == "file":
            self.files, self._entry = self.files + 1, None
        elif word == "track":
            self._entry = _Entry(line, self.files, [written])
            self.sheets[-1].entries.append(self._entry)
        elif self._entry is not None:
            _add(self._entry, word, value, written)
        else:
            self._head(line, word, value, written)

    def _head(self, line: int, word: str, value: str, written: str) -> None:
        if self.sheets[-1].entries:
            self.sheets.append(_Sheet(line))
        sheet = self.sheets[-1]
        sheet.lines.append(written)
        if word == "rem":
            word, _, value = value.partition(" ")
            word = word.lower()
        sheet.said.setdefault(word, _bare(value))


def _add(entry: _Entry, word: str, value: str, written: str) -> None:
    entry.lines.append(written)
    found = _INDEX.match(value) if word == "index" else None
    if found and int(found["number"]) == 1:
        seconds = int(found["minutes"]) * 60 + int(found["seconds"])
        entry.start_ms = seconds * 1_000 + int(found["frames"]) * 1_000 // _FRAMES
    elif word != "rem":
        entry.said.setdefault(word, _bare(value))


def _bare(value: str) -> str:
    return value.strip().strip('"').strip()


def _mix(sheet: _Sheet) -> list[Statement]:
    said = sheet.said
    by = (said["performer"],) if said.get("performer") else ()
    head = At(sheet.line, raw("\n".join(sheet.lines)))
    items: list[Statement] = [
        SetItem(
            at=_at(entry),
            event="mix",
            position=position,
            title=names.title,
            artist=names.artist,
            version=names.version,
            label=names.label,
            time_ms=entry.start_ms,
            time_basis="" if entry.start_ms is None else "recording",
            is_unknown=names.is_unknown,
            isrc=isrc(entry.said.get("isrc", "")),
        )
        for position, entry in enumerate(sheet.entries, start=1)
        for names in [_names(entry)]
    ]
    event = Event(head, "mix", said.get("title", ""), "mix", iso_date(said.get("date", "")), performers=by)
    return [event, *items]


def _release(sheet: _Sheet) -> list[Statement]:
    said = sheet.said
    ref = said.get("title", "") and f"release {sheet.line}"
    head = At(sheet.line, raw("\n".join(sheet.lines)))
    ends = [other.start_ms if one.file == other.file else None for one, other in pairwise(sheet.entries)]
    tracks: list[Statement] = [
        Track(
            at=_at(entry),
            title=title,
            release=ref,
            position=position,
            artist=entry.said.get("performer", "") or said.get("performer", ""),
            version=version,
            duration_ms=None if end is None or entry.start_ms is None or end < entry.start_ms else end - entry.start_ms,
            isrc=isrc(entry.said.get("isrc", "")),
        )
        for position, (entry, end) in enumerate(zip(sheet.entries, [*ends, None], strict=True), start=1)
        for title, version in [title_and_version(entry.said.get("title", "") or _numbered(entry))]
    ]
    if not ref:
        return tracks
    date, code = iso_date(said.get("date", "")), barcode(said.get("catalog", ""))
    return [Release(head, ref, said["title"], said.get("performer", ""), date=date, barcode=code), *tracks]


def _names(entry: _Entry) -> NamedTrack:
    """Take the artist from the title where nobody is named: recorders write `Artist - Title` there."""
    title, artist = entry.said.get("title", ""), entry.said.get("performer", "")
    if not artist:
        return named_track(title or "ID")
    bare, version = title_and_version(title or "ID")
    return NamedTrack(bare, artist, version)


def _numbered(entry: _Entry) -> str:
    return " ".join(entry.lines[0].split()[:2]).title()


def _at(entry: _Entry) -> At:
    return At(entry.line, raw("\n".join(entry.lines)), " ".join(entry.lines[0].split()[:2]))
