"""Concerts downloaded from setlist.fm: a page of a search, or one setlist.

`eventDate` is `dd-MM-yyyy`. A song without a name is one that nobody knew. The songs of an encore
are a set of their own; what came from a tape was not played.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from knowledge.errors import ImportRefused
from knowledge.importers import codes, jsonfile, statements
from knowledge.importers.dates import iso_date
from knowledge.importers.jsonfile import mapping, mappings, words
from knowledge.importers.record import ImportedDoc
from knowledge.importers.sniffed import Sniffed
from knowledge.importers.statements import At, Event, SetItem, Statement

_DATE = re.compile(r"(\d{2})-(\d{2})-(\d{4})\Z")


def is_it(file: Sniffed) -> bool:
    """Whether a file is JSON with the words of setlist.fm in it."""
    return jsonfile.looks_like(file, "eventDate") and jsonfile.looks_like(file, "setlist", "sets", "venue")


def read(file: Sniffed) -> Sequence[ImportedDoc]:
    """Read one document with every concert in it."""
    found = [one for one in _setlists(jsonfile.parsed(file)) if one.get("eventDate") or one.get("venue")]
    if not found:
        raise ImportRefused("There is no concert in it; download the setlists again and add the new file.")
    said = [statement for place, setlist in enumerate(found, start=1) for statement in _concert(setlist, place)]
    artists = {words(mapping(setlist.get("artist")).get("name")) for setlist in found}
    return [
        ImportedDoc(
            format="setlist.fm",
            title=f"Setlists of {artists.pop()}" if len(artists) == 1 and "" not in artists else "Setlists",
            blocks=(),
            kind="set",
            statements=tuple(said),
            left_out=tuple(_left_out(found)),
        )
    ]


def _setlists(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, dict) and "setlist" in value:
        return mappings(value["setlist"])
    return mappings(value)


def _left_out(found: Sequence[dict[str, Any]]) -> Iterator[str]:
    undated = [str(place) for place, one in enumerate(found, start=1) if not _date(words(one.get("eventDate")))]
    if undated:
        yield f"Concerts whose date could not be read, taken without it: number {', '.join(undated[:20])}."


def _concert(setlist: dict[str, Any], place: int) -> Iterator[Statement]:
    venue, tour = mapping(setlist.get("venue")), mapping(setlist.get("tour"))
    city = mapping(venue.get("city"))
    ref = words(setlist.get("id")) or f"setlist {place}"
    about = {key: value for key, value in setlist.items() if key != "sets"}
    yield Event(
        At(0, statements.raw(jsonfile.row(about)), f"setlist {place}"),
        ref,
        kind="concert",
        date=_date(words(setlist.get("eventDate"))),
        venue=words(venue.get("name")),
        city=words(city.get("name")),
        region=words(city.get("state")),
        country=words(mapping(city.get("country")).get("name")),
        tour=words(tour.get("name")),
        url=codes.web_address(words(setlist.get("url"))),
        note=words(setlist.get("info")),
    )
    yield from _songs(setlist, ref, place)


def _songs(setlist: dict[str, Any], ref: str, place: int) -> Iterator[SetItem]:
    sets = setlist.get("sets")
    position = 0
    for set_no, one in enumerate(mappings(sets.get("set") if isinstance(sets, dict) else setlist.get("set")), start=1):
        for song in mappings(one.get("song")):
            position += 1
            yield _item(song, one, ref, position, set_no, f"setlist {place}, song {position}")


def _item(song: dict[str, Any], a_set: dict[str, Any], ref: str, position: int, set_no: int, place: str) -> SetItem:
    title, info = words(song.get("name")), words(song.get("info"))
    return SetItem(
        At(0, statements.raw(jsonfile.row(song)), place),
        ref,
        position,
        title,
        set_no=set_no,
        set_name=words(a_set.get("name")).rstrip(":"),
        encore=bool(a_set.get("encore")),
        segue=True if info.startswith(">") else None,
        cover_of=words(mapping(song.get("cover")).get("name")),
        guests=tuple(name for one in mappings(song.get("with")) if (name := words(one.get("name")))),
        from_tape=song.get("tape") is True,
        is_unknown=not title,
        note=info.lstrip("> "),
    )


def _date(written: str) -> str:
    found = _DATE.match(written)
    return iso_date(f"{found[3]}-{found[2]}-{found[1]}") if found else iso_date(written)
