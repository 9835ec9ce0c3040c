"""The entries of a player's playlist, whatever it is written in: M3U, PLS, ASX, XSPF, JSPF.

ASX in the wild is tag soup; XSPF often has no namespace. A location is only used for the name of its file:
its folders are somebody's machine's.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from knowledge.importers import jsonfile
from knowledge.importers.durations import from_seconds
from knowledge.importers.named_tracks import NamedTrack, from_file_name
from knowledge.importers.played_rows import names_of
from knowledge.importers.xml import Element, child_text, local

_EXTINF = re.compile(r"#EXTINF:\s*(?P<seconds>-?\d+(?:\.\d+)?)?[^,]*,(?P<title>.*)", re.IGNORECASE)
_PLS = re.compile(r"\s*(?P<key>file|title|length)(?P<number>\d{1,6})\s*=\s*(?P<value>.*)", re.IGNORECASE)
_ISRC = re.compile(r"(?:isrc[:/=]\s*)?(?P<code>[A-Z]{2}-?[A-Z0-9]{3}-?\d{2}-?\d{5})", re.IGNORECASE)
_TITLE_CHARS_MAX = 500


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as it stands; `location` is where the audio lies."""

    line: int
    title: str = ""
    artist: str = ""
    location: str = ""
    duration_ms: int | None = None
    isrc: str = ""
    row: str = ""

    @property
    def names(self) -> NamedTrack:
        """Name the track; a title that is only a path, or none, is named by the file."""
        if self.title and not _is_path(self.title):
            return names_of(self.title, self.artist)
        return from_file_name(file_name(self.title or self.location))

    @property
    def shown(self) -> str:
        """Give the entry in one line, as it stands where there is no folder in it."""
        if self.row and not _is_path(self.title):
            return self.row
        named = " - ".join(name for name in (self.artist, self.title) if name and not _is_path(name))
        return named or file_name(self.title or self.location)


def file_name(location: str) -> str:
    """Give the name of a file without its folders, its escapes read; a stream's address has none."""
    stream = re.match(r"(?:https?|mms|rtsp|icy)://", location, re.IGNORECASE)
    name = re.split(r"[/\\]", unquote(location).split("?", 1)[0] if stream else unquote(location))[-1].strip()
    return "" if stream and "." not in name else name


def m3u(text: str) -> Iterator[Entry]:
    """Read lines of files, each with its `#EXTINF` before it."""
    told, line_told = None, 0
    for line, written in enumerate(text.split("\n"), start=1):
        if found := _EXTINF.match(written.strip()):
            told, line_told = found, line
        elif written.strip() and not written.startswith("#"):
            title, seconds = (told["title"].strip(), told["seconds"] or "") if told else ("", "")
            length, row = from_seconds(seconds) or None, told.string if told and title else ""
            yield Entry(line_told or line, title, "", written.strip(), length, row=row)
            told, line_told = None, 0


def pls(text: str) -> Iterator[Entry]:
    """Read `File1=`, `Title1=`, `Length1=`, in the order of their numbers."""
    said, lines = dict[int, dict[str, str]](), dict[int, int]()
    for line, written in enumerate(text.split("\n"), start=1):
        if found := _PLS.match(written):
            said.setdefault(int(found["number"]), {})[found["key"].lower()] = found["value"].strip()
            lines.setdefault(int(found["number"]), line)
    for number in sorted(said):
        entry = said[number]
        length = from_seconds(entry.get("length", "")) or None
        yield Entry(lines[number], entry.get("title", ""), "", entry.get("file", ""), length)


def asx(root: Element) -> Iterator[Entry]:
    """Read every `entry`; names come in any case, and what a station begs for stands where the author should."""
    for entry in _all(root, "entry"):
        title, artist = _text(entry, "title"), _text(entry, "author")
        ref: Any = next(_all(entry, "ref"), {})
        href = next((str(value) for key, value in ref.items() if key.lower() == "href"), "")
        artist = "" if artist.endswith(("!", ".")) else artist
        yield Entry(entry.sourceline or 0, title, artist, href)


def xspf(root: Element) -> Iterator[Entry]:
    """Read every `track`; its duration is in milliseconds."""
    for track in _all(root, "track"):
        duration = child_text(track, "duration")
        ms = int(duration) if re.fullmatch(r"[0-9]{1,10}", duration) else 0
        title, artist = child_text(track, "title"), child_text(track, "creator")
        code = isrc_in([child_text(track, "identifier")])
        yield Entry(track.sourceline or 0, title, artist, child_text(track, "location"), ms or None, code)


def jspf(playlist: dict[str, Any]) -> Iterator[Entry]:
    """Read JSON with the names of XSPF; JSON has no lines."""
    for track in jsonfile.mappings(playlist.get("track", [])):
        location, ids = (_first(track.get(key)) for key in ("location", "identifier"))
        duration = jsonfile.words(track.get("duration"))
        ms = int(duration) if re.fullmatch(r"[0-9]{1,10}", duration) else 0
        title, artist = jsonfile.words(track.get("title")), jsonfile.words(track.get("creator"))
        yield Entry(0, title, artist, location, ms or None, isrc_in([ids]))


def isrc_in(identifiers: Iterable[str]) -> str:
    return next((found["code"] for one in identifiers if (found := _ISRC.fullmatch(one.strip()))), "")


def _first(value: Any) -> str:
    return jsonfile.words(value[0] if isinstance(value, list) and value else value)


def _all(root: Element, name: str) -> Iterator[Element]:
    return (one for one in root.iter() if local(one).lower() == name)


def _text(entry: Element, name: str) -> str:
    found = next((child for child in entry if local(child).lower() == name), None)
    return " ".join("".join(map(str, found.itertext())).split()) if found is not None else ""


def _is_path(title: str) -> bool:
    return len(title) > _TITLE_CHARS_MAX or bool(
        re.search(r"^(?:[A-Za-z]:)?[/\\]|://|[/\\].*\.\w{2,4}$|\.(?:mp3|wav|flac|aiff?|ogg|m4a)$", title)
    )
