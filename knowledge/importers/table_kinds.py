"""What a table is a table of - nights, plays, releases, tracks or other names - and what its doubtful columns are."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from knowledge.errors import ImportRefused
from knowledge.importers.columns import MONEY, PERSONAL, UNKNOWN, Column, understood
from knowledge.importers.table_rows import Row, Table

_CLOCKED = re.compile(r"\[?\d{1,3}(?::\d{2}){1,2}\]?(?:\s*[ap]\.?m\.?)?\Z", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,4}\Z")
_PLACES = {"venue", "city", "place?", "event_title"}
_OF_A_SONG = {"artist", "position", "version", "bpm", "key", "segue", "isrc", "iswc", "duration", "release"}
_OF_A_TRACK = _OF_A_SONG - {"artist"} | {"credit:composer", "credit:producer", "medium_no"}
_OF_A_RELEASE = {"catalogue", "barcode", "medium", "release_date", "label", "item_kind"}
_OF_A_CATALOGUE = {"isrc", "barcode", "song", "item_kind", "title?", "release"}
_NAMED = {"title?", "song", "artist", "venue", "city", "label", "release", "event_title"}
_DATED = {"date", "isrc", "duration", "bpm", "position"}
_OF_PEOPLE = {PERSONAL, UNKNOWN, "title?", "id"}
_LOOKED_AT = 200
COLUMNS_MAX = 1_000
_EXAMPLES = (
    "Headers that can be read: show_id,date,venue,city,country for nights; show_id,position,song for what was played; "
    "title,artist,album,isrc for tracks; name,alias for other names."
)


@dataclass(frozen=True)
class Reading:
    """A table whose columns are understood. `places` says in which cell a role stands."""

    kind: str  # "events", "plays", "releases", "tracks", "aliases"
    table: Table
    columns: tuple[Column, ...]
    places: dict[str, int]

    def of(self, row: Row, role: str) -> str:
        """Give what a row says in a role, on one line, or ""."""
        index = self.places.get(role)
        return "" if index is None else " ".join(row.cells[index].split())

    def every(self, role: str) -> list[str]:
        """Give a whole column."""
        return [self.of(row, role) for row in self.table.rows]

    def header(self, role: str) -> str:
        """Give the words over a role's column, or ""."""
        return next((column.header for column in self.columns if column.role == role), "")

    @property
    def has_money(self) -> bool:
        return any(column.role == MONEY for column in self.columns)

    @property
    def is_private(self) -> bool:
        return any(column.role in (MONEY, PERSONAL) for column in self.columns)

    @property
    def scope(self) -> str:
        """The space of the ids, shared by the tables whose id column has this name."""
        at = self.places.get("id")
        return "" if at is None else f"table:{self.columns[at].name}"


def reading_of(table: Table) -> Reading:
    """Understand a table, or refuse it, naming the columns that were seen and what was missing."""
    if len(table.header) > COLUMNS_MAX:
        raise ImportRefused(f"This table has more than {COLUMNS_MAX:,} columns; export those that matter.")
    columns = _numbered_tracks(understood(table.header, (row.cells for row in table.rows)), table)
    kind = _kind(columns, table)
    if not kind:
        raise ImportRefused(f"The columns are {_listed(columns)}. {_missing(columns)} {_EXAMPLES}")
    columns = tuple(_settled(column, kind, columns, table) for column in columns)
    columns = _with_one_id(columns, kind, table)
    places = {column.role: column.index for column in reversed(columns) if column.role}
    secret = {column.index for column in columns if column.role in (MONEY, PERSONAL)}
    return Reading(kind, table.without(secret), columns, places)


def _kind(columns: tuple[Column, ...], table: Table) -> str:
    roles = {column.role for column in columns}
    if "alias" in roles and roles & _NAMED and not roles & _DATED:
        return "aliases"
    if _is_account(roles):
        return "tracks" if roles & _OF_A_CATALOGUE else ""
    if "song" in roles or ("title?" in roles and roles & _OF_A_SONG):
        return _kind_of_songs(columns, table, roles)
    return _kind_without_songs(columns, table, roles)


def _is_account(roles: set[str]) -> bool:
    """Whether a table with money in it is about sales and plays, not about nights with a fee."""
    if MONEY not in roles and not ("store" in roles and roles & {"isrc", "barcode"}):
        return False
    night = "date" in roles and roles & {"venue", "event_title"}
    return not night or bool(roles & {"song", "isrc", "barcode", "item_kind"})


def _kind_of_songs(columns: tuple[Column, ...], table: Table, roles: set[str]) -> str:
    if _is_pointed(columns, table, roles) or _is_timed(columns, table):
        return "plays"
    if "song" not in roles and roles & {"catalogue", "barcode", "medium"} and not roles & _OF_A_TRACK:
        return "releases"
    return "tracks"


def _is_pointed(columns: tuple[Column, ...], table: Table, roles: set[str]) -> bool:
    """Whether every row points at a night: by an id that comes again, or by its date and place."""
    if any(column.role == "id" and _repeats(_values(column, table)) for column in columns):
        return True
    if "date" in roles and roles & _PLACES:
        return True
    pointers = ("date", "event_title")
    named = [value for column in columns if column.role in pointers for value in _values(column, table)]
    return bool(roles & {"position", "set?", "set_no", "segue"}) and _repeats(named)


def _is_timed(columns: tuple[Column, ...], table: Table) -> bool:
    return any(column.role in ("time?", "place?", "time") and _is_clocked(column, table) for column in columns)


def _kind_without_songs(columns: tuple[Column, ...], table: Table, roles: set[str]) -> str:
    if roles & {"date", "id"} and roles & _PLACES:
        nights = list(zip(*(_values(one, table) for one in columns if one.role in _PLACES | {"date"}), strict=True))
        return "plays" if "title?" in roles and "date" in roles and 2 * len(set(nights)) <= len(nights) else "events"
    if "date" in roles and roles & {"country", "kind?", "performers", "tour"}:
        return "events"
    if roles & {"release", "title?"} and roles & _OF_A_RELEASE:
        return "releases"
    return ""


def _settled(column: Column, kind: str, columns: tuple[Column, ...], table: Table) -> Column:
    """Give a doubtful column the role that it has in this kind of table."""
    roles = {one.role for one in columns}
    role = column.role
    if role == "title?":
        role = _title_in(kind, roles)
    elif role == "place?":
        role = _place_in(kind, roles, clocked=_is_clocked(column, table))
    elif role in ("time?", "time") and kind == "plays" and (role == "time?" or "date" not in roles):
        role = "at"
    elif role == "set?":
        role = _set_in(kind, roles, numbers=all(map(_NUMBER.match, filter(None, _values(column, table)))))
    elif role == "date" and kind in ("tracks", "releases"):
        role = "store" if _is_account(roles) else UNKNOWN if "release_date" in roles else "release_date"
    elif role == "kind?":
        role = {"events": "event_kind", "plays": "event_kind", "aliases": "alias_kind"}.get(kind, "item_kind")
    return replace(column, role={"time?": "time"}.get(role, role))


def _title_in(kind: str, roles: set[str]) -> str:
    wanted = {"events": "event_title", "releases": "release", "aliases": "name"}.get(kind, "song")
    return UNKNOWN if wanted in roles else wanted


def _place_in(kind: str, roles: set[str], *, clocked: bool) -> str:
    if clocked:
        return "at" if kind == "plays" else "time"
    if kind == "aliases":
        return "venue"
    return "city" if "venue" in roles and "city" not in roles else "venue" if "venue" not in roles else UNKNOWN


def _set_in(kind: str, roles: set[str], *, numbers: bool) -> str:
    if kind == "events":
        return UNKNOWN if numbers or "event_title" in roles else "event_title"
    if numbers:
        return "set_no"
    return "set_name" if roles & {"id", "date"} else "id"


def _numbered_tracks(columns: tuple[Column, ...], table: Table) -> tuple[Column, ...]:
    """Take a column "Track" that holds numbers beside a "Title" for the positions that it holds."""
    roles = {column.role for column in columns}
    if not {"song", "title?"} <= roles:
        return columns
    song = next(column for column in columns if column.role == "song")
    values = [value for value in _values(song, table) if value]
    if not values or not all(map(_NUMBER.match, values)):
        return columns
    numbers = UNKNOWN if "position" in roles else "position"
    swap = {"song": numbers, "title?": "song"}
    return tuple(replace(column, role=swap.get(column.role, column.role)) for column in columns)


def _with_one_id(columns: tuple[Column, ...], kind: str, table: Table) -> tuple[Column, ...]:
    """Keep of several ids the one that names the night: unique where nights are listed, repeated where plays are."""
    ids = [column for column in columns if column.role == "id"]
    if kind == "events":
        fitting = [column for column in ids if not _repeats(_all_values(column, table))] or ids
    elif kind == "plays":
        fitting = [column for column in ids if _repeats(_all_values(column, table))] or ids[: len(table.rows) == 1]
    else:
        fitting = []
    named = [one for one in fitting if re.match(r"show|event|set|gig|concert|night", one.name)] or fitting
    others = {column.index for column in ids if column not in named[:1]}
    return tuple(replace(one, role="other_id") if one.index in others else one for one in columns)


def _values(column: Column, table: Table) -> list[str]:
    return [row.cells[column.index].strip() for row in table.rows[:_LOOKED_AT]]


def _all_values(column: Column, table: Table) -> list[str]:
    return [row.cells[column.index].strip() for row in table.rows]


def _repeats(values: Iterable[str]) -> bool:
    written = [value for value in values if value]
    return len(set(written)) < len(written)


def _is_clocked(column: Column, table: Table) -> bool:
    values = [value for value in _values(column, table) if value]
    return bool(values) and sum(bool(_CLOCKED.match(value)) for value in values) >= 0.8 * len(values)


def _listed(columns: Iterable[Column]) -> str:
    names = [column.header[:40] for column in columns]
    more = f" and {len(names) - 20} more" if len(names) > 20 else ""
    return ", ".join(name or "(no name)" for name in names[:20]) + more


def _missing(columns: Iterable[Column]) -> str:
    roles = {column.role for column in columns}
    if PERSONAL in roles and roles <= _OF_PEOPLE:
        return "This is a list of people and how to reach them, which is never taken in."
    if "date" in roles:
        return "Beside the date, a venue, a city or the title of a song is missing."
    if roles & {"song", "title?", "artist"}:
        return "It is not clear what the titles are: an artist, a night, an ISRC or a catalogue number is missing."
    return "Neither a date with a venue nor a title with an artist is among them."
