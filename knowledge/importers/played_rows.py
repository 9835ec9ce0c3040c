"""What the exports of DJ programs have in common: a track's names from its fields, and its row without local paths."""

from typing import Any

from knowledge.importers.named_tracks import NamedTrack, named_track, title_and_version
from knowledge.importers.statements import raw

_ESCAPES = {"&": "&amp;", "<": "&lt;", '"': "&quot;"}


def names_of(title: str, artist: str, *, version: str = "", label: str = "") -> NamedTrack:
    """Give the names of a track; a title in one with its artist is parted where no artist is named."""
    if not artist.strip() and not version.strip():
        read = named_track(title)
        return NamedTrack(read.title, read.artist, read.version, label.strip() or read.label, read.note)
    bare, told = title_and_version(title)
    given = title_and_version(f"x ({version.strip()})")[1] if version.strip() else ""
    return NamedTrack(bare, artist.strip(), told or given, label.strip())


def tag(element: Any, name: str, keep: tuple[str, ...]) -> str:
    """Write an element's own tag with the attributes that may be shown, those that are empty left out."""
    said = [f'{key}="{_escaped(value)}"' for key in keep if (value := element.get(key))]
    return raw(f"<{' '.join([name, *said])}/>")


def _escaped(value: str) -> str:
    return "".join(_ESCAPES.get(char, char) for char in value)
