"""Plain tracklists: `[0:12:30] Artist - Title (Mix) [Label]`, one track to a line."""

import re
from dataclasses import dataclass

_LINE = re.compile(
    r"^\s*(?:\d{1,3}[.)]\s+)?"
    r"(?:\[(?P<bracketed>\d{1,2}(?::\d{2}){1,2})\]|(?P<bare>\d{1,2}(?::\d{2}){1,2}))\s+"
    r"(?P<artist>\S.*?)\s+[-–—]\s+(?P<title>\S.*?)\s*$"
)
_LABEL = re.compile(r"\s*\[(?P<label>[^\]]+)\]$")
_MIX = re.compile(r"\s*\((?P<mix>[^)]+)\)$")
_NOT_A_LABEL = re.compile(r"\b(re?mix|edit|mix|feat\.?|dub|version)\b", re.IGNORECASE)

# A block is a tracklist when this many lines, and this share of them, read as tracks.
TRACKS_MIN = 2
TRACKS_SHARE_MIN = 0.6


@dataclass(frozen=True, slots=True)
class Track:
    """One line of a tracklist; `time` as it was written, `raw` verbatim."""

    raw: str
    time: str
    seconds: int
    artist: str
    title: str
    mix: str
    label: str

    @property
    def is_unknown(self) -> bool:
        """Whether the artist left the name open (`ID - ID`)."""
        return "ID" in (self.artist, self.title)


def read_track(line: str) -> Track | None:
    """Read one line, or give None when it is no track."""
    found = _LINE.match(line)
    if found is None:
        return None
    time = found["bracketed"] or found["bare"]
    title, label, mix = found["title"], "", ""
    tail = _LABEL.search(title)
    if tail and not _NOT_A_LABEL.search(tail["label"]):
        title, label = title[: tail.start()], tail["label"]
    tail = _MIX.search(title)
    if tail:
        title, mix = title[: tail.start()], tail["mix"]
    return Track(line.strip(), time, seconds(time), found["artist"], title, mix, label)


def is_tracklist(text: str) -> bool:
    """Whether most lines of a block are tracks."""
    lines = [line for line in text.splitlines() if line.strip()]
    tracks = sum(read_track(line) is not None for line in lines)
    return tracks >= TRACKS_MIN and tracks >= len(lines) * TRACKS_SHARE_MIN


def seconds(time: str) -> int:
    """Read `h:mm:ss` or `mm:ss`."""
    total = 0
    for part in time.split(":"):
        total = total * 60 + int(part)
    return total
