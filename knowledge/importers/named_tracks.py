"""A track in one line of names: `Artist - Title (Mix) [Label]`, as people and players write it.

The dash has spaces around it, or stands right behind a bracket: names have hyphens of their own. What
stands in square brackets at the end is a label, unless it is a mix.
"""

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from knowledge.importers.versions import split_version

_DASH = re.compile(r"\s+(?:--|[-–—|])\s+")
_GLUED = re.compile(r"(?<=\))\s?[-–—]\s+(?=\S)")
_COLON = re.compile(r"(?<!\d):\s+(?=\S)")
_LABEL = re.compile(r"\s*\[(?P<label>[^\[\]]{1,80})\]\s*$")
_NOT_A_LABEL = re.compile(r"\b(re?mix|edit|mix|feat\.?|ft\.?|dub|version|vip|bootleg)\b", re.IGNORECASE)
_UNKNOWN = re.compile(r"(?i:id)\s?#?\d{0,2}|\?{1,3}|(?i:unknown(?: track| artist)?)|(?i:unreleased)|(?i:\[id\])")
_NUMBER = re.compile(r"^\d{1,3}(?:[.)]|\s+-|_-)?\s+(?=\S)")
_GUESTS = re.compile(r"(?<=\S)\s+[(\[](?:feat|ft|featuring)\.?\s[^()\[\]]*[)\]]\s*$", re.IGNORECASE)
_CHARS_MAX = 500
_NO_VERSION = {"extended mix", "extended", "extended version"}


@dataclass(frozen=True, slots=True)
class NamedTrack:
    """The names of a track; `artist` is empty where nobody is named."""

    title: str
    artist: str = ""
    version: str = ""
    label: str = ""
    note: str = ""

    @property
    def is_unknown(self) -> bool:
        """Whether somebody left a name open (`ID - ID`)."""
        return is_open(self.title) or is_open(self.artist)


def is_open(name: str) -> bool:
    return _UNKNOWN.fullmatch(name.strip()) is not None


def named_track(written: str, *, colon: bool = False) -> NamedTrack:
    """Read a line of names; without a dash all of it is the title. `colon` lets `Artist: Title` be a pair."""
    if len(written) > _CHARS_MAX:
        return NamedTrack(written.strip())
    artist, rest, note = _pair(" ".join(written.split()), colon=colon)
    rest, label = split_label(rest)
    title, version = title_and_version(rest)
    return NamedTrack(title, artist, version, label, note)


def split_label(title: str) -> tuple[str, str]:
    """Separate a title from the label behind it in square brackets."""
    tail = _LABEL.search(title)
    if tail is None or tail.start() == 0 or _NOT_A_LABEL.search(tail["label"]):
        return title, ""
    return title[: tail.start()], tail["label"].strip()


def title_and_version(title: str) -> tuple[str, str]:
    """Separate a title from its mix; an original or extended mix is none."""
    if len(title) > _CHARS_MAX:
        return title.strip(), ""
    title = " ".join(title.split())
    guests = _GUESTS.search(title)
    bare, version = split_version((title[: guests.start()] if guests else title).strip())
    return bare.strip() + (guests[0].rstrip() if guests else ""), "" if version.lower() in _NO_VERSION else version


def from_file_name(path: str) -> NamedTrack:
    """Read the names out of a file's name, its folders, its number and its ending left out."""
    stem = PurePosixPath(re.split(r"[/\\]", path.strip())[-1]).stem
    return named_track(_NUMBER.sub("", stem.replace("_-_", " - ")))


def _pair(written: str, *, colon: bool) -> tuple[str, str, str]:
    """Give artist, title and what is glued on behind; a mix on the left says that the title stands first."""
    found = _DASH.search(written) or _GLUED.search(written) or (_COLON.search(written) if colon else None)
    if found is None or found.start() == 0:
        return "", written, ""
    left, right = written[: found.start()].strip(), written[found.end() :].strip()
    if split_version(left)[0] != left and split_version(right)[0] == right:
        return right, left, ""
    glued = _GLUED.search(right)
    return (left, right[: glued.start()], right[glued.end() :].strip()) if glued else (left, right, "")
