"""What MusicBrainz says of a release, a recording, a work, an event, a label or an artist, in its own JSON (WS/2).

Every field may be null. Some programs write the keys with an underscore and keep the relations in
lists by their target (`artist_relations`). A credit is a relation to an artist: its attributes say
which instrument, and on which medium a DJ mixed.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from knowledge.errors import ImportRefused
from knowledge.importers import jsonfile
from knowledge.importers.jsonfile import mapping, mappings, words
from knowledge.importers.musicbrainz_night import event
from knowledge.importers.musicbrainz_relations import (
    artist_credit,
    at,
    credits_of,
    dashed,
    has_relation,
    links_of,
    other_names,
    works_of,
)
from knowledge.importers.record import ImportedDoc
from knowledge.importers.sniffed import Sniffed
from knowledge.importers.statements import Release, Statement, Track

_KEYS = ("artist-credit", "artist_credit", "label-info", "label_info", "target-type", "artist_relations", "sort-name",
         "iswcs", "life-span")  # fmt: skip
_OF_A_RELEASE = ("media", "label-info", "barcode", "packaging", "release-events", "text-representation")
_LISTS = ("releases", "recordings", "works", "events", "labels", "artists", "release-groups")


def is_it(file: Sniffed) -> bool:
    """Whether a file is JSON with the words of MusicBrainz in it."""
    return jsonfile.looks_like(file, *_KEYS) and jsonfile.looks_like(file, "id", "releases", "title")


def read(file: Sniffed) -> Sequence[ImportedDoc]:
    """Read one entity with what it names, or the list of a search."""
    value = dashed(jsonfile.parsed(file))
    entities = [one for one in _entities(value) if words(one.get("title")) or words(one.get("name"))]
    said = [statement for entity in entities for statement in _read(entity)]
    if not said:
        raise ImportRefused(
            "This is MusicBrainz' JSON, but it names no release, recording, work, event or artist; download the whole "
            "entry again."
        )
    first = entities[0]
    kind = "release" if any(isinstance(one, (Release, Track)) for one in said) else "note"
    return [
        ImportedDoc(
            format="musicbrainz",
            title=words(first.get("title")) or words(first.get("name")),
            blocks=(),
            kind=kind,
            statements=tuple(dict.fromkeys(said)),
        )
    ]


def _entities(value: Any) -> list[dict[str, Any]]:
    top = mapping(value)
    if words(top.get("title")) or words(top.get("name")):
        return [top]
    return [one for key in _LISTS for one in mappings(top.get(key))] or mappings(value)


def _read(entity: dict[str, Any]) -> Iterator[Statement]:
    return _reader(entity)(entity)


def _reader(entity: dict[str, Any]) -> Callable[[dict[str, Any]], Iterator[Statement]]:
    if "life-span" in entity and not ("sort-name" in entity or "label-code" in entity):
        return event
    if "name" in entity and "title" not in entity:
        return _body
    if "iswcs" in entity:
        return _work
    if "primary-type" in entity:
        return _group
    return _release if any(key in entity for key in _OF_A_RELEASE) else _recording


def _release(entity: dict[str, Any]) -> Iterator[Statement]:
    ref, media = words(entity.get("id")) or words(entity.get("title")), mappings(entity.get("media"))
    labels = mappings(entity.get("label-info"))
    formats = dict.fromkeys(words(medium.get("format")) for medium in media)
    yield Release(
        at(entity, "release"),
        ref,
        words(entity.get("title")),
        artist=artist_credit(entity),
        kind=_kind(entity),
        date=words(entity.get("date")),
        label=_several(words(mapping(one.get("label")).get("name")) for one in labels),
        catalogue_number=_several(words(one.get("catalog-number")) for one in labels),
        barcode=words(entity.get("barcode")),
        medium=_several(formats),
        country=words(entity.get("country")),
        mbid=words(entity.get("id")),
    )
    yield from credits_of(entity, "release", ref)
    yield from links_of(entity, "release", ref)
    yield from other_names(entity, "release")
    for number, medium in enumerate(media, start=1):
        yield from _medium(medium, ref, number, artist_credit(entity))


def _medium(medium: dict[str, Any], ref: str, number: int, artist: str) -> Iterator[Statement]:
    written = medium.get("position")
    medium_no = written if isinstance(written, int) and written > 0 else number
    for position, track in enumerate(mappings(medium.get("tracks")), start=1):
        recording = mapping(track.get("recording"))
        if words(track.get("title")) or words(recording.get("title")):
            yield _track({**recording, **_said(track)}, recording, ref, medium_no, position, artist)
            yield from _around(recording, words(recording.get("title")) or words(track.get("title")))


def _track(
    slot: dict[str, Any], recording: dict[str, Any], ref: str, medium_no: int, position: int, artist: str = ""
) -> Track:
    length, stated = slot.get("length"), slot.get("position")
    isrcs = recording.get("isrcs")
    works = works_of(recording)
    return Track(
        at(slot, f"medium {medium_no}, track {position}" if ref else "recording"),
        words(slot.get("title")),
        release=ref,
        position=(stated if isinstance(stated, int) else position) if ref else 0,
        medium_no=medium_no,
        artist=artist_credit(slot) or artist,
        duration_ms=length if isinstance(length, int) and length > 0 else None,
        isrc=words(isrcs[0]) if isinstance(isrcs, list) and isrcs else "",
        iswc=next((words(code) for work in works for code in work.get("iswcs") or ()), ""),
        mbid=words(recording.get("id")),
        work_mbid=next((words(work.get("id")) for work in works), ""),
        date="" if ref else words(recording.get("first-release-date")),
    )


def _recording(entity: dict[str, Any]) -> Iterator[Statement]:
    yield _track(entity, entity, "", 1, 0)
    yield from _around(entity, words(entity.get("title")))
    for release in mappings(entity.get("releases")):
        if words(release.get("title")):
            yield from _release(release)


def _around(recording: dict[str, Any], title: str) -> Iterator[Statement]:
    yield from credits_of(recording, "recording", title, artist=artist_credit(recording))
    yield from links_of(recording, "recording", title)
    yield from other_names(recording, "work")
    for work in works_of(recording):
        if words(work.get("title")):
            yield from _work(work)


def _work(entity: dict[str, Any]) -> Iterator[Statement]:
    title = words(entity.get("title"))
    yield from credits_of(entity, "work", title)
    yield from links_of(entity, "work", title)
    yield from other_names(entity, "work")


def _group(entity: dict[str, Any]) -> Iterator[Statement]:
    ref = words(entity.get("id")) or words(entity.get("title"))
    yield Release(
        at(entity, "release group"),
        ref,
        words(entity.get("title")),
        artist=artist_credit(entity),
        kind=_kind({"release-group": entity}),
        date=words(entity.get("first-release-date")),
    )
    yield from credits_of(entity, "release", ref)
    yield from links_of(entity, "release", ref)


def _body(entity: dict[str, Any]) -> Iterator[Statement]:
    """Give what is said of an artist or a label: other names, links, and what is listed below."""
    kind = "label" if "label-code" in entity else "person"
    yield from other_names(entity, kind)
    yield from links_of(entity, "artist" if kind == "person" else kind, words(entity.get("name")))
    for key, reader in (("releases", _release), ("release-groups", _group), ("recordings", _recording)):
        for one in mappings(entity.get(key)):
            if words(one.get("title")):
                yield from reader(one)


def _kind(release: dict[str, Any]) -> str:
    group = mapping(release.get("release-group"))
    secondary = group.get("secondary-types")
    types = {words(one).lower() for one in secondary} if isinstance(secondary, list) else set()
    if "dj-mix" in types or has_relation(release, "mix-DJ", whole=True):
        return "mix"
    primary = words(group.get("primary-type")).lower()
    return "compilation" if "compilation" in types else primary if primary in ("album", "ep", "single") else ""


def _several(names: Any) -> str:
    return ", ".join(dict.fromkeys(name for name in names if name))


def _said(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in (None, "", [])}
