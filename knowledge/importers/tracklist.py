"""Which lines are a tracklist, and which are shopping, dialogue, a running order or a table of contents.

Lines with times and pairs of names speak for themselves. Lines without times are a tracklist only where
something says so: a heading ("Tracklist:"), the file's own kind, or marks that nothing else has, as mixes
and labels. What is doubtful stays prose: nothing is lost by that, and a shopping list is never played.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from knowledge.importers.band_sets import (
    FOOTNOTE,
    SetHeading,
    is_set_list,
    set_heading,
    songs,
    with_footnotes,
    without_bullets,
)
from knowledge.importers.track_lines import Track, read_line, read_track, seconds, time_of

__all__ = ["Track", "is_announcement", "is_tracklist", "read_line", "read_list", "read_track", "seconds", "time_of"]

ANNOUNCEMENT = re.compile(
    r"\b(?:track\s?-?list(?:ing|e)?|set\s?-?list|tracks? played|(?:songs|records|tunes) played|titelliste)\b",
    re.IGNORECASE,
)
_ANNOUNCEMENT_CHARS_MAX = 80
# A block is a tracklist when this many lines, and this share of them, read as tracks.
TRACKS_MIN = 2
TRACKS_SHARE_MIN = 0.6
_UNTIMED_MIN = 3
_UNTIMED_SHARE_MIN = 0.8
_MARKED_SHARE_MIN = 0.3
_NAME_CHARS_MAX = 110
_CLOCK_FROM = 8 * 60


@dataclass(frozen=True, slots=True)
class ListedLine:
    """A line of a list: the head of a set, tracks, both, or neither where it cannot be read."""

    offset: int
    raw: str
    tracks: tuple[Track, ...] = ()
    heading: SetHeading | None = None
    is_read: bool = True


def is_announcement(line: str) -> bool:
    """Whether a line says that a tracklist follows."""
    return len(line) <= _ANNOUNCEMENT_CHARS_MAX and ANNOUNCEMENT.search(line) is not None


def is_tracklist(text: str, *, announced: bool = False, in_set: bool = False) -> bool:
    """Whether most lines of a block are tracks; `announced` where the words before say so, `in_set` below "Set 1"."""
    lines = [line for line in text.splitlines() if line.strip()]
    if lines and is_announcement(lines[0]):
        return is_tracklist("\n".join(lines[1:]), announced=True)
    if in_set and lines and is_set_list(without_bullets(["Set 1:", *lines]), least=1):
        return True
    if is_set_list(without_bullets(lines)):
        return True
    pairs = [track for track in _tracks(lines, colon=announced) if track.is_pair]
    if len(pairs) < max(TRACKS_MIN, len(lines) * TRACKS_SHARE_MIN):
        return _are_named_with_colons(lines)
    timed = [track for track in pairs if track.time]
    if len(timed) >= max(TRACKS_MIN, len(lines) * TRACKS_SHARE_MIN):
        return announced or not _is_running_order(timed)
    return (announced and all(map(_is_plausible, pairs))) or _is_marked(pairs, lines)


def _are_named_with_colons(lines: list[str]) -> bool:
    """Whether lines are `0:12:30 Artist: Title`; in a dialogue names come again and sentences end."""
    tracks = [track for track in _tracks(lines, colon=True) if track.artist and track.time and not track.time_at_end]
    names = {track.artist for track in tracks}
    sentences = sum(track.title.endswith((".", "?", "!", "…")) or track.title[:1].islower() for track in tracks)
    return (
        len(tracks) >= max(_UNTIMED_MIN, len(lines) * _UNTIMED_SHARE_MIN)
        and len(names) >= 0.7 * len(tracks)
        and sentences <= 0.2 * len(tracks)
        and not _is_running_order(tracks)
    )


def read_list(text: str, *, in_set: bool = False) -> list[ListedLine]:
    """Read the lines of a tracklist, each with its offset from the first; empty lines are none."""
    lines = [(offset, line) for offset, line in enumerate(text.split("\n")) if line.strip()]
    written = [line for _, line in lines]
    pairs = [track for track in _tracks(written, colon=False) if track.is_pair]
    if len(pairs) < len(lines) * TRACKS_SHARE_MIN and (in_set or any(map(set_heading, written))):
        return _band_lines(lines)
    colon = len(pairs) < len(lines) * TRACKS_SHARE_MIN
    read = [_listed(offset, line, colon=colon) for offset, line in lines]
    return _with_times(read)


def _tracks(lines: Sequence[str], *, colon: bool) -> list[Track]:
    tracks = [track for line in lines if (track := read_line(line, colon=colon)) is not None]
    return _placed(tracks)


def _placed(tracks: list[Track]) -> list[Track]:
    """Keep times at the ends of lines where they run on; where they do not, they are how long each track is."""
    at_end = [track for track in tracks if track.time_at_end]
    if not at_end or _runs_on(at_end):
        return tracks
    return [_measured(track) if track.time_at_end else track for track in tracks]


def _measured(track: Track) -> Track:
    return replace(track, time="", seconds=0, time_at_end=False, duration=track.time)


def _runs_on(tracks: list[Track]) -> bool:
    return len(tracks) >= TRACKS_MIN and all(one.seconds < other.seconds for one, other in pairwise(tracks))


def _is_running_order(tracks: list[Track]) -> bool:
    """Whether times are of the clock: `20:00 Doors`, `21:30 Ada Marsh`."""
    written = [track.time.split(":") for track in tracks]
    return tracks[0].seconds >= _CLOCK_FROM and all(len(time) == 2 and int(time[1]) % 15 == 0 for time in written)


def _is_plausible(track: Track) -> bool:
    """Whether a pair may be an artist and a title, and not an amount, a page, a sentence or a link."""
    names = (track.artist, track.title)
    return all(len(name) <= _NAME_CHARS_MAX and "://" not in name for name in names)


def _is_marked(pairs: list[Track], lines: list[str]) -> bool:
    """Whether untimed pairs bear the marks of music: mixes, labels, open names, records laid over each other."""
    if len(pairs) < max(_UNTIMED_MIN, len(lines) * _UNTIMED_SHARE_MIN) or not all(map(_is_plausible, pairs)):
        return False
    lowered = sum(track.title[:1].islower() or track.title.endswith(".") for track in pairs)
    marked = sum(_is_mark(track) for track in pairs)
    return lowered <= 0.2 * len(pairs) and marked >= _MARKED_SHARE_MIN * len(pairs)


def _is_mark(track: Track) -> bool:
    mixed = re.search(r"\((?:[^()]*\s)?(?:re-?mix|mix|edit|dub|rework|vip)\)", track.raw, re.IGNORECASE)
    label = track.label[:1].isupper() and not track.label.isdigit()
    return bool(mixed or label or track.is_layered or track.is_unknown or re.search(r"\b(?:feat|ft)\. ", track.raw))


def _listed(offset: int, line: str, *, colon: bool) -> ListedLine:
    heading = set_heading(line)
    if heading is not None or is_announcement(line):
        return ListedLine(offset, line.strip(), (), heading)
    track = read_line(line, colon=colon)
    if track is None or not (track.is_pair or (track.time and not track.time_at_end) or track.is_layered):
        return ListedLine(offset, line.strip(), is_read=False)
    return ListedLine(offset, line.strip(), (track,))


def _with_times(read: list[ListedLine]) -> list[ListedLine]:
    placed = iter(_placed([track for line in read for track in line.tracks]))
    return [replace(line, tracks=tuple(next(placed) for _ in line.tracks)) for line in read]


def _band_lines(lines: list[tuple[int, str]]) -> list[ListedLine]:
    """Read songs below the heads of sets; a comma parts them where a set stands on one line."""
    read = list[ListedLine]()
    bare = without_bullets([line for _, line in lines])
    below = _lines_below(bare)
    notes = {found["mark"]: found["note"] for line in bare if (found := FOOTNOTE.match(line))}
    for (offset, written), line, alone in zip(lines, bare, below, strict=True):
        heading, footnote = set_heading(line), FOOTNOTE.match(line) is not None
        sung = () if footnote else songs(heading.songs if heading else line, commas=alone)
        told = tuple(replace(song, raw=written.strip()) for song in with_footnotes(sung, notes))
        read.append(ListedLine(offset, written.strip(), told, heading, is_read=bool(told or heading or footnote)))
    return read


def _lines_below(lines: list[str]) -> list[bool]:
    """Say of each line whether it is the only one of its set, or has many commas."""
    heads = [index for index, line in enumerate(lines) if set_heading(line)] or [-1]
    alone = []
    for index, line in enumerate(lines):
        start = max((head for head in heads if head <= index), default=-1)
        end = min((head for head in heads if head > index), default=len(lines))
        alone.append(end - start <= 2 or line.count(", ") >= 2 or ">" in line)
    return alone
