"""What an importer states about music, row by row: events, what was played, releases, tracks, credits, names, links.

The words are MusicBrainz's: a *work* is a composition, a *recording* one version of it, a *track* its
slot on a release, an *event* a night, a broadcast or a published mix. A statement says only what its
row says; what is unknown is left empty, never guessed. `ref` names a thing within its source, so that
the rows of one source can speak of each other; what two sources call the same thing is found out later.
"""

from dataclasses import asdict, dataclass
from typing import Any

RAW_CHARS_MAX = 2_000


@dataclass(frozen=True, slots=True)
class At:
    """Where a statement stands: `line` from 1 (0 where the format has none), `place` for everything else.

    `raw` is the row, verbatim, at most `RAW_CHARS_MAX` characters: it is what a citation shows.
    """

    line: int
    raw: str
    place: str = ""  # "page 3", "TRACK 12", "row 7", "0:12:30"


@dataclass(frozen=True, slots=True)
class Event:
    """A night, a broadcast or a mix. `kind` is one of `EVENT_KINDS` or "".

    `date` is ISO 8601 with the precision that was written (`1977`, `1977-05`, `1977-05-08`). `ordinal`
    is 2 for the second show of one day. `performers` are the others on the bill or behind the decks.
    A `playlist` was never played to anybody: it is kept, and counts as nothing.
    """

    at: At
    ref: str
    title: str = ""
    kind: str = ""
    date: str = ""
    time: str = ""  # local, "23:00"
    ordinal: int = 1
    venue: str = ""
    city: str = ""
    region: str = ""
    country: str = ""
    tour: str = ""
    performers: tuple[str, ...] = ()
    duration_ms: int | None = None
    cancelled: bool = False
    url: str = ""
    note: str = ""
    mbid: str = ""


@dataclass(frozen=True, slots=True)
class SetItem:
    """One thing that was played at an event. `event` is the `ref` of that event.

    `position` counts from 1 through the whole event, `set_no` from 1. `time_ms` counts from the
    beginning where `time_basis` is "recording" or "estimated", from midnight where it is "clock".
    `segue` is true where it went straight into the next item. `artist` is empty where it is the
    artist's own or nobody says. `version` is a mix ("Dub", "Ana Remix"), never "Original Mix".
    """

    at: At
    event: str
    position: int
    title: str
    artist: str = ""
    version: str = ""
    label: str = ""
    set_no: int = 1
    set_name: str = ""
    encore: bool = False
    time_ms: int | None = None
    time_basis: str = ""
    segue: bool | None = None
    bpm_milli: int | None = None
    musical_key: str = ""
    duration_ms: int | None = None
    cover_of: str = ""  # whose it is, when it is a cover
    guests: tuple[str, ...] = ()
    from_tape: bool = False
    is_unknown: bool = False  # "ID": the artist left the name open
    isrc: str = ""
    mbid: str = ""  # of the recording
    note: str = ""


@dataclass(frozen=True, slots=True)
class Release:
    """An album, an EP, a single, a mix that one can have."""

    at: At
    ref: str
    title: str
    artist: str = ""
    kind: str = ""  # album, ep, single, compilation, mix
    date: str = ""
    label: str = ""
    catalogue_number: str = ""
    barcode: str = ""
    medium: str = ""  # "12\" vinyl", "CD", "file"
    country: str = ""
    licence: str = ""
    mbid: str = ""


@dataclass(frozen=True, slots=True)
class Track:
    """A recording, in its slot on a release (`release` is the `ref` of one, or "" where it is on none)."""

    at: At
    title: str
    release: str = ""
    position: int = 0
    medium_no: int = 1
    artist: str = ""
    version: str = ""
    duration_ms: int | None = None
    bpm_milli: int | None = None
    musical_key: str = ""
    isrc: str = ""
    iswc: str = ""
    mbid: str = ""  # of the recording
    work_mbid: str = ""
    date: str = ""
    label: str = ""
    licence: str = ""


@dataclass(frozen=True, slots=True)
class Credit:
    """Somebody did something: played, wrote, mixed, sang on. `of` is the `ref` or the title of the subject."""

    at: At
    of_kind: str  # "recording", "release", "work", "event"
    of: str
    person: str
    role: str  # "producer", "vocal", "tenor saxophone", "composer"
    artist: str = ""  # whose recording it is, where the title alone does not say


@dataclass(frozen=True, slots=True)
class Alias:
    """Another name of the same thing."""

    at: At
    kind: str  # "work", "person", "place", "event", "release", "label"
    name: str
    alias: str


@dataclass(frozen=True, slots=True)
class Link:
    """Where something can be bought, heard, seen, or where tickets are. `of` as in `Credit`."""

    at: At
    of_kind: str  # also "artist": the whole presence
    of: str
    relation: str  # "buy", "listen", "watch", "tickets", "elsewhere"
    url: str
    label: str = ""


EVENT_KINDS = ("concert", "club night", "festival", "radio", "livestream", "mix", "open decks", "private", "playlist")

Statement = Event | SetItem | Release | Track | Credit | Alias | Link

_KINDS: dict[str, type[Statement]] = {
    "event": Event,
    "set_item": SetItem,
    "release": Release,
    "track": Track,
    "credit": Credit,
    "alias": Alias,
    "link": Link,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}
_TUPLES = ("performers", "guests")


def as_dict(statement: Statement) -> dict[str, Any]:
    """Give plain values, for the way out of the parser's process."""
    return {"statement": _NAMES[type(statement)], **asdict(statement)}


def from_dict(values: dict[str, Any]) -> Statement:
    """Take what `as_dict` gave."""
    given: dict[str, Any] = {
        name: tuple(value) if name in _TUPLES else value for name, value in values.items() if name != "statement"
    }
    given["at"] = At(**given["at"])
    return _KINDS[values["statement"]](**given)


def raw(row: str) -> str:
    """Cut a row to what is kept of it."""
    return row.strip("\r\n")[:RAW_CHARS_MAX]
