"""rekordbox's library as XML (File, Export Collection): the tracks of the collection, and the playlists.

What was played is not in it: histories are exported from rekordbox one by one, as text. `Location` is a
path on somebody's machine and is never kept; a year of 0 and a tempo of 0.00 are unknown.
"""

from collections.abc import Iterator, Sequence

from knowledge.errors import ImportRefused
from knowledge.importers.codes import bpm_milli
from knowledge.importers.dates import iso_date
from knowledge.importers.durations import from_seconds
from knowledge.importers.left_out import LeftOut
from knowledge.importers.named_tracks import NamedTrack
from knowledge.importers.played_rows import names_of, tag
from knowledge.importers.record import ImportedDoc
from knowledge.importers.sniffed import Sniffed
from knowledge.importers.statements import At, Event, SetItem, Statement, Track
from knowledge.importers.xml import Element, children, local, parsed, root_name

_KEPT = ("Name", "Artist", "Mix", "Remixer", "Album", "Label", "AverageBpm", "Tonality", "TotalTime", "Year")
_FOLDER, _LIST = "0", "1"


def is_it(file: Sniffed) -> bool:
    """Whether the root is rekordbox's."""
    return root_name(file.opening) == "DJ_PLAYLISTS"


def read(file: Sniffed) -> Sequence[ImportedDoc]:
    """Read the collection and the playlists as one document."""
    root, left = parsed(file.data), LeftOut()
    rows = [row for collection in children(root, "COLLECTION") for row in children(collection, "TRACK")]
    statements = [*_tracks(rows, left), *_playlists(root, rows, left)]
    if not statements:
        raise ImportRefused("There is no track and no playlist in this rekordbox file.")
    return [
        ImportedDoc("rekordbox", file.name.stem, (), "release", left_out=left.sentences(), statements=tuple(statements))
    ]


def _tracks(rows: list[Element], left: LeftOut) -> Iterator[Statement]:
    left.add("of the collection without a name", (row.sourceline for row in rows if not row.get("Name", "").strip()))
    for row in rows:
        names = _names(row)
        if names.title:
            yield Track(
                at=_at(row, row),
                title=names.title,
                artist=names.artist,
                version=names.version,
                duration_ms=from_seconds(row.get("TotalTime", "")) or None,
                bpm_milli=bpm_milli(row.get("AverageBpm", "")),
                musical_key=row.get("Tonality", "").strip(),
                date=iso_date(row.get("Year", "")) if row.get("Year", "0") != "0" else "",
                label=names.label,
            )


def _playlists(root: Element, rows: list[Element], left: LeftOut) -> Iterator[Statement]:
    by_key = {
        _FOLDER: {row.get("TrackID", ""): row for row in rows},
        _LIST: {row.get("Location", ""): row for row in rows},
    }
    for top in children(root, "PLAYLISTS"):
        for number, (title, node) in enumerate(_lists(top, ()), start=1):
            ref = f"playlist {number}"
            yield Event(_at(node, node, title), ref, title, "playlist")
            yield from _items(node, ref, title, by_key.get(node.get("KeyType", _FOLDER), {}), left)


def _lists(node: Element, above: tuple[str, ...]) -> Iterator[tuple[str, Element]]:
    """Give every playlist with the folders that it lies in; the root folder names nothing."""
    for child in children(node, "NODE"):
        name = child.get("Name", "").strip()
        if child.get("Type") == _LIST:
            yield " / ".join((*above, name)), child
        else:
            yield from _lists(child, above if name == "ROOT" else (*above, name))


def _items(node: Element, ref: str, title: str, by_key: dict[str, Element], left: LeftOut) -> Iterator[Statement]:
    for position, entry in enumerate(children(node, "TRACK"), start=1):
        row = by_key.get(entry.get("Key", ""))
        names = _names(row) if row is not None else None
        if row is None or names is None or not names.title:
            left.add("of a playlist without a track in the collection", [entry.sourceline or 0])
            continue
        yield SetItem(
            at=_at(entry, row, f"{title}, {position}"),
            event=ref,
            position=position,
            title=names.title,
            artist=names.artist,
            version=names.version,
            label=names.label,
            bpm_milli=bpm_milli(row.get("AverageBpm", "")),
            musical_key=row.get("Tonality", "").strip(),
        )


def _names(row: Element) -> NamedTrack:
    title, artist = row.get("Name", "").strip(), row.get("Artist", "")
    return names_of(title, artist, version=row.get("Mix", ""), label=row.get("Label", ""))


def _at(entry: Element, row: Element, place: str = "") -> At:
    return At(entry.sourceline or 0, tag(row, local(row), _KEPT), place)
