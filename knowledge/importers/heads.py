"""What the head of a note states: a release, a track, a night, an artist, with its links, credits and other names.

What the note is about is told by `kind`, `type`, `category` or `layout`, then by the fields that only
one kind of thing has. Of a note whose text is a tracklist the night is told there (`set_lists`).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from knowledge.importers import codes, head_links
from knowledge.importers.date_columns import DateOrder
from knowledge.importers.dates import iso_date
from knowledge.importers.durations import duration_ms
from knowledge.importers.event_heads import event_at_head
from knowledge.importers.front_matter import FrontMatter
from knowledge.importers.head_fields import Fields, flat, items_of, place_of
from knowledge.importers.joined_lists import with_tracklists
from knowledge.importers.record import Block
from knowledge.importers.statements import At, Event, Release, Statement, Track
from knowledge.importers.versions import split_version

_KIND_KEYS = ("kind", "type", "category", "layout")
_KINDS = {
    "track": {"track", "tracks", "song", "songs", "recording", "tune"},
    "release": {"release", "releases", "album", "albums", "ep", "single", "lp", "compilation", "mixtape"},
    "event": {"set", "sets", "event", "events", "gig", "gigs", "show", "shows", "concert", "concerts", "festival",
              "radio", "livestream", "dj-set", "dj set", "mix", "performance", "live"},
    "artist": {"artist", "artists", "person", "people", "band", "author", "about", "bio"},
    "place": {"venue", "place", "club", "location"},
    "label": {"label"},
    "work": {"work", "composition"},
}  # fmt: skip
_RELEASE_KINDS = {"album": "album", "lp": "album", "ep": "ep", "single": "single", "compilation": "compilation",
                  "mixtape": "mix"}  # fmt: skip
_OF = {"release": "release", "track": "recording", "event": "event", "artist": "artist", "label": "label"}
_ALIASED = {"release": "release", "track": "work", "work": "work", "event": "event", "artist": "person",
            "place": "place", "label": "label"}  # fmt: skip
_TRACK_LISTS = ("tracks", "tracklist", "songs")
_CATALOGUE_NUMBER = ("catalognumber", "cataloguenumber", "catno", "catalog", "catalogue")
_FRACTION = re.compile(r"(\.\d{3})\d+\Z")  # a program's seconds: 280.9208163265306
_ARTIST_KEYS = {"mbrainz", "musicbrainz_artistid", "bio", "bio_html"}
NIGHT = "set"
"""The ref of the one night of a note; the items of its tracklist point at it."""


def statements_of(front: FrontMatter, blocks: Sequence[Block], kind: str) -> tuple[Statement, ...]:
    """Give what a head states; `blocks` and `kind` are the note's."""
    if not front.values:
        return ()
    about, fields = about_what(front), Fields.of(front.values)
    title = fields.first("title", "name", "displayname")
    if not about or not title:
        return ()
    if about == "release":
        title = _release_title(fields, title)
    at = place_of(front.head)
    said: list[Statement] = list(_things(front, fields, about, title, at))
    if about == "event":
        lists = with_tracklists(blocks, told_by_kind=kind in ("set", "mix"))
        if not any(block.kind == "tracklist" for block in lists):
            said += _night(front, title, at)
    said += _around(front, fields, about, title, at)
    return tuple(dict.fromkeys(said))


def about_what(front: FrontMatter) -> str:
    """Say what a head is about: "track", "release", "event", "artist", "place", "label", "work" or ""."""
    for key in _KIND_KEYS:
        word = front.first((key,)).lower()
        for about, words in _KINDS.items():
            if word in words:
                return about
    keys = {str(key).lower().replace("-", "_") for key, value in front.values.items() if value}
    if keys & {"isrc", "tracknumber", "track_number", "initialkey", "musicbrainz_trackid", "musicbrainz_recordingid"}:
        return "track"
    if keys & {"catalognumber", "catalog_number", "catalogue_number", "catno", "barcode", "upc"}:
        return "release"
    if keys & _ARTIST_KEYS and keys & {"name", "display_name"}:
        return "artist"
    # A note that names where and when is about that night, it is not one.
    told = any(front.first((key,)) for key in _KIND_KEYS)
    return "event" if {"venue", "date"} <= keys and not told else ""


def _things(front: FrontMatter, fields: Fields, about: str, title: str, at: At) -> Iterator[Statement]:
    if about == "release":
        tracks = list(_listed(front))
        yield _release(fields, _ref(fields, title), title, at, [one for _, one in tracks])
        for position, (place, listed) in enumerate(tracks, start=1):
            yield _track(listed, place, _ref(fields, title), position)
    elif about == "track":
        album = fields.first("album", "release", "albumtitle")
        ref = _ref(fields, album) if album else ""
        if album:
            yield _release(fields, ref, album, at, [], of_track=True)
        yield _track(fields, at, ref, 0)


def _around(front: FrontMatter, fields: Fields, about: str, title: str, at: At) -> Iterator[Statement]:
    """Give the links, the credits and the other names of what a head is about."""
    of = {"event": NIGHT, "release": _ref(fields, title)}.get(about, title)
    if about in _OF:
        yield from head_links.links(fields, front.head, at, _OF[about], of)
    if about in ("release", "track", "event"):
        artist = fields.joined("artist", "artists")
        yield from head_links.credited(fields, at, _OF[about], of, artist=artist)
    if about in _ALIASED:
        yield from head_links.aliases(fields, at, _ALIASED[about], title)


def _night(front: FrontMatter, title: str, at: At) -> Iterator[Event]:
    event = event_at_head(front, Event(at, NIGHT, title=title, date=front.date))
    if event.date or event.venue or event.city:
        yield event


def _release_title(fields: Fields, title: str) -> str:
    """Call a release by its `album:` where the note about it has a title of its own; a slug is read as words."""
    album = fields.first("album", "release")
    if not album or flat(album) == flat(title):
        return title
    return album if " " in album or album != album.lower() else " ".join(re.split(r"[-_]+", album))


def _release(
    fields: Fields, ref: str, title: str, at: At, tracks: Sequence[Fields], *, of_track: bool = False
) -> Release:
    def says(*keys: str) -> str:
        """Say it for the release, or what all of its tracks say."""
        shared = {track.first(*keys) for track in tracks}
        return fields.first(*keys) or (shared.pop() if len(shared) == 1 else "")

    artists = ("albumartist",) if of_track else ("artist", "artists", "albumartist", "interpret")
    return Release(
        at,
        ref,
        title,
        artist=fields.joined(*artists),
        kind=_release_kind(fields),
        date=_date(fields),
        label=says("label", "publisher", "recordlabel"),
        catalogue_number=says(*_CATALOGUE_NUMBER),
        barcode=codes.barcode(says("barcode", "upc", "ean")),
        medium=fields.joined("formats", "medium", "media", "format"),
        country=says("releasecountry", "country") if not of_track else "",
        licence=fields.first("licence", "license"),
        mbid=codes.mbid(says("musicbrainzalbumid", "musicbrainzreleaseid")),
    )


def _track(fields: Fields, at: At, release: str, position: int) -> Track:
    title, version = split_version(fields.first("title", "name"), fields.first("version", "mix", "remix"))
    return Track(
        at,
        title,
        release=release,
        position=fields.number("tracknumber", "position", "track", "nr", "no") or position,
        medium_no=fields.number("discnumber", "disc", "disk") or 1,
        artist=fields.joined("artist", "artists", "interpret"),
        version=version,
        duration_ms=duration_ms(_FRACTION.sub(r"\1", fields.first("duration", "length"))),
        bpm_milli=codes.bpm_milli(fields.first("bpm", "tempo")),
        musical_key=fields.first("initialkey", "key", "musicalkey"),
        isrc=codes.isrc(fields.first("isrc")),
        iswc=fields.first("iswc"),
        mbid=codes.mbid(fields.first("musicbrainzrecordingid", "musicbrainztrackid")),
        work_mbid=codes.mbid(fields.first("musicbrainzworkid")),
        date=_date(fields),
        label=fields.first("label", "publisher"),
        licence=fields.first("licence", "license"),
    )


def _listed(front: FrontMatter) -> Iterator[tuple[At, Fields]]:
    """Give the tracks that a head lists, as mappings or as bare titles."""
    key = next((key for key in _TRACK_LISTS if isinstance(front.values.get(key), list)), "")
    listed: list[Any] = front.values[key] if key else []
    rows = items_of(front.head, key)
    for number, one in enumerate(listed):
        line, row = rows[number] if len(rows) == len(listed) else (0, "")
        fields = Fields.of(one) if isinstance(one, Mapping) else Fields({"title": one} if isinstance(one, str) else {})
        if fields.first("title", "name"):
            place = place_of(row, line) if isinstance(one, Mapping) and row else At(line, row.strip())
            yield place, fields


def _ref(fields: Fields, title: str) -> str:
    return codes.mbid(fields.first("musicbrainzalbumid", "musicbrainzreleaseid")) or title


def _release_kind(fields: Fields) -> str:
    words = (fields.first(key).lower() for key in ("releasetype", "kind", "type", "category", "layout"))
    return next((_RELEASE_KINDS[word] for word in words if word in _RELEASE_KINDS), "")


def _date(fields: Fields) -> str:
    written = fields.first("released", "releasedate", "date", "year", "originaldate")
    return iso_date(written) or DateOrder().read(written)[0]
