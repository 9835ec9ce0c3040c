"""What a band writes on the floor: "Set 1:", "Encore:", and songs with `>` where one went straight into the next."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from knowledge.importers.track_lines import Track

_NUMBERS = {
    "one": 1, "first": 1, "1st": 1, "i": 1, "two": 2, "second": 2, "2nd": 2, "ii": 2,
    "three": 3, "third": 3, "3rd": 3, "iii": 3, "four": 4, "fourth": 4, "4th": 4, "iv": 4,
}  # fmt: skip
_WORDS = "|".join(sorted(_NUMBERS, key=len, reverse=True))
_HEADING = re.compile(
    rf"^\W*(?P<name>set\s*(?P<after>\d|{_WORDS})|(?P<before>\d|{_WORDS})\s+set"
    r"|(?P<encore>(?:(?:\d|first|second|1st|2nd)\s+)?encores?(?:\s*\d)?|e\d?(?=:)))"
    r"\W{0,3}?(?:[:\u2013\u2014]\s*(?P<songs>.*)|\**)$",
    re.IGNORECASE,
)
_LONE_LETTER = re.compile(r"^\W*e\d?:", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*(?P<segue>-?>|→)\s*|\s*[,;]\s+|\s*[,;]$")
_NUMBERED = re.compile(r"^(?:[-*+•]\s+|\d{1,2}[.)]\s+)")
_NOTE = re.compile(
    r"\s*(?:\[(?P<square>[^\]]+)\]|\((?P<round>(?:w/|with\s|[a-z])[^)]*)\)|\*+\s*(?P<star>[^*\s][^*]*))$"
)
_MARK = re.compile(r"\*+$")
FOOTNOTE = re.compile(r"^(?P<mark>\*+)\s*[=:]?\s*(?P<note>\S.*)$")
_SONG_CHARS_MAX = 80
_LINE_CHARS_MAX = 1_500
_BULLETS_MIN = 2
_SONGS_MIN = 2
_COUNT = re.compile(r"^\d+\s*(?:x|×|min|sec|km|kg|g|ml|reps?)?\s+\w", re.IGNORECASE)
_ENDS_A_SENTENCE = re.compile(r"(?<![A-Z])[.!?]$")


@dataclass(frozen=True, slots=True)
class SetHeading:
    """The head of a set; `songs` is what stands behind it on its line."""

    name: str
    number: int
    encore: bool
    songs: str = ""


def set_heading(line: str) -> SetHeading | None:
    """Read "Set 2:", "Encore: Ripple" or "First set"."""
    found = _HEADING.match(line.strip())
    if found is None:
        return None
    number = (found["after"] or found["before"] or "0").lower()
    name = found["name"].strip()
    return SetHeading(
        "Encore" if found["encore"] and len(name) < 3 else name,
        int(number) if number.isdigit() else _NUMBERS[number],
        found["encore"] is not None,
        (found["songs"] or "").strip(),
    )


def songs(line: str, *, commas: bool) -> tuple[Track, ...]:
    """Read the songs of one line; a comma parts them where the whole set stands on that line."""
    pieces, start = list[tuple[str, bool]](), 0
    rest = _NUMBERED.sub("", line.strip())
    for found in _BETWEEN.finditer(rest):
        if found["segue"] or commas:
            pieces.append((rest[start : found.start()], found["segue"] is not None))
            start = found.end()
    pieces.append((rest[start:], False))
    return tuple(_song(name.strip(), line.strip(), segue=segue) for name, segue in pieces if name.strip())


def without_bullets(lines: list[str]) -> list[str]:
    """Take bullets off the lines of a list; one asterisk alone is no bullet but a note on a song."""
    bare = [line.strip() for line in lines]
    bulleted = sum(line.startswith("* ") for line in bare) >= _BULLETS_MIN
    return [line.removeprefix("* ") if bulleted else line for line in bare]


def is_song(line: str) -> bool:
    """Whether a line may be a song, or several, and no sentence."""
    line = line.strip()
    long = len(line) > _SONG_CHARS_MAX and ">" not in line and "," not in line
    return not (long or len(line) > _LINE_CHARS_MAX or _ENDS_A_SENTENCE.search(line) or "://" in line)


def is_set_list(lines: list[str], *, least: int = _SONGS_MIN) -> bool:
    """Whether lines are songs under the heads of sets: there is a head at the beginning, and no prose below it."""
    heads = [set_heading(line) for line in lines]
    if not lines or heads[0] is None or _LONE_LETTER.match(lines[0]):
        return False
    sung = [line if head is None else head.songs for line, head in zip(lines, heads, strict=True)]
    sung = [line for line in sung if line and not FOOTNOTE.match(line)]
    parted = [part for line in sung for part in re.split(r",\s+|-?>", line)]
    counted = sum(_COUNT.match(_NUMBERED.sub("", part.strip())) is not None for part in parted)
    return (
        len(parted) >= least
        and all(map(is_song, sung))
        and all(is_song(part) and _is_name(part) for part in parted)
        and counted < len(parted) / 2
    )


def _is_name(part: str) -> bool:
    """Names of songs begin with a capital, a digit or a bracket, and are short."""
    bare = _NUMBERED.sub("", part.strip())
    return bare == "" or (len(bare) <= _SONG_CHARS_MAX and not bare[0].islower())


def _song(name: str, raw: str, *, segue: bool) -> Track:
    found = _NOTE.search(name)
    note = ""
    if found and found.start() > 0:
        note, name = (found["square"] or found["round"] or found["star"]).strip(), name[: found.start()].strip()
    return Track(raw, "", 0, "", name, note=note, segue=segue)


def with_footnotes(tracks: Iterable[Track], notes: dict[str, str]) -> list[Track]:
    """Give songs marked with an asterisk what the line below the list says about it."""
    told = []
    for track in tracks:
        mark = _MARK.search(track.title)
        note = track.note or (notes.get(mark[0], "") if mark else "")
        told.append(replace(track, title=_MARK.sub("", track.title).strip(), note=note))
    return told
