"""An event of MusicBrainz, with its list of songs.

The list is a text: `@` opens the part of an artist, `*` a song, `#` a remark such as "Encore";
names may be links, `[id|name]`.
"""

import re
from collections.abc import Iterator
from typing import Any

from knowledge.importers import statements
from knowledge.importers.date_columns import clock
from knowledge.importers.event_kinds import event_kind
from knowledge.importers.jsonfile import mapping, words
from knowledge.importers.musicbrainz_relations import at, credits_of, links_of, other_names, relations
from knowledge.importers.statements import At, Event, SetItem, Statement

_LINKED = re.compile(r"\[[^\[\]|]{1,200}\|(?P<name>[^\[\]]{1,500})\]")
_PLAYED = ("main performer", "performer", "support act", "guest performer", "host", "headliner")


def event(entity: dict[str, Any]) -> Iterator[Statement]:
    """Give a night, who played, where it was and what was played."""
    ref, span = words(entity.get("id")) or words(entity.get("name")), mapping(entity.get("life-span"))
    place = next((mapping(one["place"]) for one in relations(entity, "place")), {})
    areas = [place.get("area"), *(one["area"] for one in relations(entity, "area"))]
    performers = (
        words(one["artist"].get("name")) for one in relations(entity, "artist") if words(one.get("type")) in _PLAYED
    )
    yield Event(
        at(entity, "event"),
        ref,
        title=words(entity.get("name")),
        kind=event_kind(words(entity.get("type"))),
        date=words(span.get("begin")),
        time=clock(words(entity.get("time"))),
        venue=words(place.get("name")),
        city=next((name for area in areas if (name := words(mapping(area).get("name")))), ""),
        performers=tuple(dict.fromkeys(name for name in performers if name)),
        cancelled=entity.get("cancelled") is True,
        mbid=words(entity.get("id")),
    )
    yield from credits_of(entity, "event", ref)
    yield from links_of(entity, "event", ref)
    yield from other_names(entity, "event")
    yield from _songs(entity.get("setlist"), ref)


def _songs(setlist: Any, ref: str) -> Iterator[SetItem]:
    artist, part, position = "", "", 0
    for number, line in enumerate(setlist.splitlines() if isinstance(setlist, str) else (), start=1):
        mark, said = line[:1], _LINKED.sub(lambda found: found["name"], line[1:]).strip()
        if mark == "@":
            artist, part = said, ""
        elif mark == "#":
            part = said
        elif mark == "*" and said:
            position += 1
            row = At(0, statements.raw(line), f"setlist, line {number}")
            yield SetItem(row, ref, position, said, artist=artist, set_name=part, encore="encore" in part.lower())
