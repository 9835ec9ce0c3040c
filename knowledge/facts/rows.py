"""From an importer's statements to rows of the tables: keys made, dates spread out, refs put into their scope."""

import calendar
import datetime
import hashlib
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, insert

from knowledge.facts import tables
from knowledge.facts.keys import city_key, name_key, place_key, recording_key, version_key, work_key
from knowledge.importers.statements import Alias, Credit, Event, Link, Release, SetItem, Statement, Track

Row = dict[str, Any]
INSERT_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Owner:
    """The document that states: `scope` makes its refs its own, or its folder's where tables are linked."""

    document_id: str
    tier: int
    scope: str


def rows_of(statements: tuple[Statement, ...], owner: Owner) -> dict[str, list[Row]]:
    """Give the rows of a document by table name."""
    events = {one.ref: event_key(one, owner) for one in statements if isinstance(one, Event)}
    releases = {one.ref: _release_key(one) for one in statements if isinstance(one, Release)}
    found: dict[str, list[Row]] = {}
    for ordinal, statement in enumerate(statements):
        for table, row in _rows(statement, owner, events, releases):
            common = {
                "id": secrets.token_urlsafe(12),
                "document_id": owner.document_id,
                "ordinal": ordinal,
                "tier": owner.tier,
                "line": statement.at.line,
                "place": statement.at.place,
                "raw": statement.at.raw,
            }
            found.setdefault(table, []).append({**common, **row})
    return found


def stage_rows(found: dict[str, list[Row]]) -> Iterator[Callable[[Connection], None]]:
    """Give commands that put the rows down, each short enough for others to wait for."""
    by_name = {table.name: table for table in tables.STATEMENTS}
    for name, rows in found.items():
        for start in range(0, len(rows), INSERT_BATCH):
            yield _inserting(by_name[name], rows[start : start + INSERT_BATCH])


def _inserting(table: Table, rows: list[Row]) -> Callable[[Connection], None]:
    def put_down(owner: Connection) -> None:
        owner.execute(insert(table), rows)

    return put_down


def event_key(event: Event, owner: Owner) -> str:
    """Say which night it is: the day and the place; a night without a day is its source's own."""
    where = place_key(event.venue, event.city) or name_key(event.title)
    if len(event.date) == len("1977-05-08") and where:
        return f"{event.date}|{where}|{event.ordinal}"
    # A scope may be a folder's path, and a key is seen.
    return f"{hashlib.sha256(owner.scope.encode()).hexdigest()[:16]}:{event.ref}"


def _rows(
    statement: Statement, owner: Owner, events: dict[str, str], releases: dict[str, str]
) -> Iterator[tuple[str, Row]]:
    match statement:
        case Event():
            yield "events", _event(statement, events[statement.ref], owner)
            yield from _performers(statement, events[statement.ref])
        case SetItem():
            yield "set_items", _set_item(statement, events.get(statement.event, ""), owner)
        case Release():
            yield "releases", _release(statement, releases[statement.ref])
        case Track():
            yield "tracks", _track(statement, releases.get(statement.release, name_key(statement.release)))
        case Credit():
            key = _subject_key(statement.of_kind, statement.of, statement.artist, events, releases)
            named = {"subject": statement.of, "person": statement.person, "person_key": name_key(statement.person)}
            yield "credits", {"of_kind": statement.of_kind, "of_key": key, "role": statement.role, **named}
        case Alias():
            keys = {"name_key": name_key(statement.name), "alias_key": name_key(statement.alias)}
            yield "aliases", {"kind": statement.kind, "name": statement.name, "alias": statement.alias, **keys}
        case Link():
            key = _subject_key(statement.of_kind, statement.of, "", events, releases)
            leads = {"relation": statement.relation, "url": statement.url, "label": statement.label}
            yield "links", {"of_kind": statement.of_kind, "of_key": key, "subject": statement.of, **leads}


def _performers(event: Event, key: str) -> Iterator[tuple[str, Row]]:
    for performer in event.performers:
        credit = {"of_kind": "event", "of_key": key, "subject": event.title, "role": "performer"}
        yield "credits", {**credit, "person": performer, "person_key": name_key(performer)}


def _subject_key(kind: str, of: str, artist: str, events: dict[str, str], releases: dict[str, str]) -> str:
    if kind == "event" and of in events:
        return events[of]
    if kind == "release" and of in releases:
        return releases[of]
    return work_key(of, artist) if kind in ("recording", "work") else name_key(of)


def _event(event: Event, key: str, owner: Owner) -> Row:
    first, last = days(event.date)
    day = datetime.date(first // 10_000, first // 100 % 100, first % 100) if first and first == last else None
    return {
        **_plain(event, "title", "kind", "date", "time", "venue", "city", "region", "country", "tour", "url", "note"),
        **_plain(event, "mbid", "duration_ms", "cancelled"),
        "ref": scoped(event.ref, owner),
        "event_key": key,
        "title_key": name_key(event.title),
        "place_key": place_key(event.venue, event.city),
        "city_key": city_key(event.city, event.region, event.country),
        "region_key": name_key(event.region),
        "country_key": name_key(event.country),
        "tour_key": name_key(event.tour),
        "date_from": first,
        "date_to": last,
        "year": first // 10_000 if first and first // 10_000 == last // 10_000 else None,
        "month": first // 100 % 100 if first and first // 100 == last // 100 else None,
        "day": day.day if day else None,
        "weekday": day.weekday() if day else None,
        "day_ordinal": event.ordinal,
    }


def _set_item(item: SetItem, event: str, owner: Owner) -> Row:
    work = work_key(item.title, item.artist)
    return {
        **_plain(item, "title", "artist", "version", "label", "set_name", "time_basis", "musical_key", "cover_of"),
        **_plain(item, "isrc", "mbid", "note", "position", "set_no", "time_ms", "bpm_milli", "duration_ms", "encore"),
        **_plain(item, "from_tape", "is_unknown"),
        "ref": scoped(item.event, owner),
        "event_key": event,
        "work_key": work,
        "recording_key": recording_key(work, item.version),
        "artist_key": name_key(item.artist),
        "version_key": version_key(item.version),
        "label_key": name_key(item.label),
        "guests": ", ".join(item.guests),
        "segue": bool(item.segue),
    }


def _release(release: Release, key: str) -> Row:
    return {
        **_plain(release, "title", "artist", "kind", "date", "label", "catalogue_number", "barcode", "medium"),
        **_plain(release, "country", "licence", "mbid"),
        "release_key": key,
        "title_key": name_key(release.title),
        "artist_key": name_key(release.artist),
        "label_key": name_key(release.label),
    }


def _release_key(release: Release) -> str:
    return work_key(release.title, release.artist)


def _track(track: Track, release: str) -> Row:
    work = work_key(track.title, track.artist)
    return {
        **_plain(track, "title", "artist", "version", "musical_key", "isrc", "iswc", "mbid", "work_mbid", "date"),
        **_plain(track, "label", "licence", "position", "medium_no", "duration_ms", "bpm_milli"),
        "release_key": release,
        "work_key": work,
        "recording_key": recording_key(work, track.version),
        "artist_key": name_key(track.artist),
        "version_key": version_key(track.version),
        "label_key": name_key(track.label),
    }


def _plain(statement: Statement, *names: str) -> Row:
    return {name: getattr(statement, name) for name in names}


def scoped(ref: str, owner: Owner) -> str:
    """Put a ref into its scope, so that two sources may use the same one for different things."""
    return f"{owner.scope}\n{ref}"


def days(date: str) -> tuple[int, int]:
    """Give the first and the last day that an ISO date of any precision can mean, as yyyymmdd; 0, 0 for none."""
    try:
        parts = [int(part) for part in date.split("-")]
        year, month, day = [*parts, 0, 0][:3]
        datetime.date(year, month or 1, day or 1)
    except ValueError:
        return 0, 0
    last_month = month or 12
    last_day = day or calendar.monthrange(year, last_month)[1]
    return year * 10_000 + (month or 1) * 100 + (day or 1), year * 10_000 + last_month * 100 + last_day
