"""One line of a tracklist: `[0:12:30] Artist - Title (Mix) [Label]`, and every other way in which people write it.

A time may be unknown (`??:??`) and may stand at the end of the line, where it can also be how long the
track is: which of the two it is only the whole list can say (`knowledge.importers.tracklist`).
"""

import html
import re
from dataclasses import dataclass

from knowledge.importers.durations import from_clock
from knowledge.importers.named_tracks import NamedTrack, is_open, named_track

_ATTRIBUTES = re.compile(r"\{:[^}]*\}")
_SPACES = re.compile(r"[^\S\t\n]{2,}")
_BULLET = re.compile(r"^[-*+•·▪►]\s+(?=\S)")
_NUMBER = re.compile(r"^#?(?P<number>\d{1,3})(?:[.)]\s+|\s*[.)]?\t\s*|(?<=0\d)\s+(?:[-–—]\s+)?)(?=\S)")
_CLOCK = r"(?:\d{1,2}:)?\d{1,3}:\d{2}(?!\d)|\?{1,2}(?::\?{2}){1,2}"
_TIME = re.compile(
    rf"^(?:\[\s*(?P<bracketed>{_CLOCK}|\?)\s*\]|\((?P<round>{_CLOCK})\)|(?P<bare>{_CLOCK}))"
    rf"(?:\s*[-–—]\s*\[?(?:{_CLOCK})\]?)?(?:\s*[-–—|:]\s+|\s+|(?<=\])(?=\S))(?=\S)"
)
_TIME_AT_END = re.compile(rf"\s+(?:[-–—|@]\s*)?[\[(]?(?P<time>{_CLOCK})[\])]?$")
_LAYERED = re.compile(r"^(?:w/|\(w/\)|\+)\s*(?=\S)", re.IGNORECASE)
_NOTE = re.compile(r"\s+\*+\s*(?P<note>[^*]+)$")
_SEGUE = re.compile(r"\s*-?[>→]\s*$")
_LINE_CHARS_MAX = 400


@dataclass(frozen=True, slots=True)
class Track:
    """One line of a tracklist; `time` as it was written, `raw` verbatim. An unknown time is none."""

    raw: str
    time: str
    seconds: int
    artist: str
    title: str
    mix: str = ""
    label: str = ""
    number: int = 0
    note: str = ""
    is_layered: bool = False
    time_at_end: bool = False
    segue: bool | None = None
    duration: str = ""  # how long it is, where that is what stands at the end of the line

    @property
    def is_unknown(self) -> bool:
        """Whether the artist left the name open (`ID - ID`)."""
        return is_open(self.artist) or is_open(self.title)

    @property
    def is_pair(self) -> bool:
        """Whether the line says who and what, or that nobody may know."""
        return bool(self.artist and self.title) or self.is_unknown


def read_track(line: str) -> Track | None:
    """Read a line that is a track beyond doubt: it has a time, an artist and a title."""
    track = read_line(line)
    return track if track and track.time and not track.time_at_end and track.artist and track.title else None


def read_line(line: str, *, colon: bool = False) -> Track | None:
    """Read one line of what is known to be a tracklist; None where no name is in it."""
    raw = line.strip()
    if not raw or len(raw) > _LINE_CHARS_MAX:
        return None
    rest = _SPACES.sub(" ", _ATTRIBUTES.sub("", html.unescape(raw))).strip()
    rest, number, time = _opening(rest)
    layered = _LAYERED.match(rest)
    rest = rest[layered.end() :] if layered else rest
    rest, at_end = (rest, "") if time else _time_at_end(rest)
    rest, note = _noted(rest)
    segue = _SEGUE.search(rest)
    names = _names(rest[: segue.start()] if segue else rest, colon=colon)
    if not re.search(r"[^\W_]|\?", names.title):
        return None
    known = "" if "?" in (time or at_end) else (time or at_end)
    return Track(
        raw, known, seconds(known) if known else 0, names.artist, names.title, names.version, names.label, number,
        note or names.note, layered is not None, bool(at_end), True if segue else None,
    )  # fmt: skip


def time_of(line: str) -> str:
    """Give the time at the beginning or the end of a tracklist's line, as it was written, or ""."""
    track = read_line(line)
    return track.time if track else ""


def seconds(time: str) -> int:
    """Read `h:mm:ss` or `mm:ss`."""
    return (from_clock(time) or 0) // 1_000


def _opening(rest: str) -> tuple[str, int, str]:
    """Take bullet, number and time off the beginning, in whatever order number and time come."""
    rest = _BULLET.sub("", rest)
    number, time = 0, ""
    for _ in range(2):
        if not number and (found := _NUMBER.match(rest)):
            number, rest = int(found["number"]), rest[found.end() :]
        if not time and (found := _TIME.match(rest)):
            time, rest = found["bracketed"] or found["round"] or found["bare"], rest[found.end() :]
    return rest, number, time


def _time_at_end(rest: str) -> tuple[str, str]:
    found = _TIME_AT_END.search(rest)
    return (rest[: found.start()], found["time"]) if found else (rest, "")


def _noted(rest: str) -> tuple[str, str]:
    found = _NOTE.search(rest)
    return (rest[: found.start()], found["note"].strip()) if found else (rest, "")


def _names(rest: str, *, colon: bool) -> NamedTrack:
    return named_track(rest.replace("\t", " - ", 1) if "\t" in rest and " - " not in rest else rest, colon=colon)
