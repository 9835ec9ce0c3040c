"""Nights out of a table, and what was played at them.

A second night of one date gets the ordinal 2, by the order of the ids: `1978/11/24/1` comes after
`1978/11/24`. Positions may begin again in every set; an item's position counts through the whole night.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from knowledge.importers import codes, statements
from knowledge.importers.date_columns import DateOrder, clock, order_of
from knowledge.importers.event_kinds import event_kind
from knowledge.importers.left_out import LeftOut
from knowledge.importers.people import people
from knowledge.importers.statements import At, Event, Link, SetItem, Statement
from knowledge.importers.table_kinds import Reading
from knowledge.importers.table_rows import Row
from knowledge.importers.table_values import Times, flag, is_encore, length_ms, number
from knowledge.importers.versions import split_version

_NIGHT = ("date", "venue", "city", "event_title")
_UNNAMED = {"ID", "ID?", "?", "??", "???", "UNKNOWN", "UNKNOWN TRACK"}
_GOES_ON = re.compile(r"\s*(?:-?>|→)\s*\Z")


def nights(reading: Reading, left: LeftOut) -> Iterator[Statement]:
    """Give the nights of a table that has one in every row."""
    rows = dict[str, Row]()
    for row in reading.table.rows:
        ref = reading.of(row, "id") or f"row {row.line}"
        if not any(reading.of(row, role) for role in (*_NIGHT, "country")):
            left.add("with neither a date nor a place left out", [row.line])
        elif ref in rows:
            left.add("with an id that stood before left out", [row.line])
        else:
            rows[ref] = row
    yield from _events(reading, rows, left)


def plays(reading: Reading, left: LeftOut, *, title: str, date: str) -> Iterator[Statement]:
    """Give what was played, and the nights too where the rows say more of them than an id."""
    of_night = dict[str, list[Row]]()
    is_dated = any(role in reading.places for role in _NIGHT)
    for row in reading.table.rows:
        ref = _ref(reading, row)
        if not reading.of(row, "song"):
            left.add("without a title left out", [row.line])
        elif not ref and (reading.scope or is_dated):
            left.add("that point at no night left out", [row.line])
        else:
            of_night.setdefault(ref or "the set", []).append(row)
    if is_dated:
        yield from _events(reading, {ref: rows[0] for ref, rows in of_night.items()}, left)
    elif not reading.scope:
        yield from (
            Event(At(rows[0].line, statements.raw(rows[0].raw)), ref, title=title, date=date)
            for ref, rows in of_night.items()
        )
    times = Times([[reading.of(row, "at") for row in rows] for rows in of_night.values()])
    for ref, rows in of_night.items():
        yield from _items(reading, ref, rows, times)


def _ref(reading: Reading, row: Row) -> str:
    if reading.scope:
        return reading.of(row, "id")
    return " | ".join(filter(None, (reading.of(row, role) for role in (*_NIGHT, "ordinal"))))


def _events(reading: Reading, rows: dict[str, Row], left: LeftOut) -> Iterator[Statement]:
    order = order_of(reading.every("date"))
    events = [_event(reading, ref, row, order, left) for ref, row in rows.items()]
    stated = "ordinal" in reading.places
    for event in events if stated else _counted(events, by_id=bool(reading.scope)):
        yield event
        yield from _links(reading, event, rows[event.ref])


def _event(reading: Reading, ref: str, row: Row, order: DateOrder, left: LeftOut) -> Event:
    def says(role: str) -> str:
        return reading.of(row, role)

    date, time = order.read(says("date"))
    if says("date") and not date:
        left.add("with a date that could not be read, taken without it", [row.line])
    elif order.shortened(says("date")):
        left.add("where the day and the month could stand either way round, taken with the year only", [row.line])
    return Event(
        At(row.line, statements.raw(row.raw)),
        ref,
        title=says("event_title"),
        kind=event_kind(says("event_kind")),
        date=date,
        time=clock(says("time")) or time,
        ordinal=max(1, number(says("ordinal"))),
        venue=says("venue"),
        city=says("city"),
        region=says("region"),
        country=says("country"),
        tour=says("tour"),
        performers=people(says("performers")),
        duration_ms=length_ms(says("duration"), reading.header("duration")) if reading.kind == "events" else None,
        cancelled=flag(says("cancelled")) is True,
        url=codes.web_address(says("url")),
        note=says("note") if reading.kind == "events" else "",
    )


def _counted(events: Sequence[Event], *, by_id: bool) -> Iterator[Event]:
    """Number the nights of one date."""
    of_date = dict[str, list[Event]]()
    for event in events:
        if len(event.date) == len("1978-11-24"):
            of_date.setdefault(event.date, []).append(event)
    ordinals = {
        event.ref: ordinal
        for of_day in of_date.values()
        for ordinal, event in enumerate(sorted(of_day, key=_by_number if by_id else _by_time), start=1)
    }
    return (replace(event, ordinal=ordinals.get(event.ref, 1)) for event in events)


def _by_number(event: Event) -> list[tuple[int, int, str]]:
    parts = re.findall(r"\d+|[^\W\d]+", event.ref)
    return [(0, int(part), "") if part.isdecimal() and len(part) < 20 else (1, 0, part) for part in parts]


def _by_time(event: Event) -> str:
    return event.time


def _links(reading: Reading, event: Event, row: Row) -> Iterator[Link]:
    for role, relation in (("tickets", "tickets"), ("buy", "buy")):
        if url := codes.web_address(reading.of(row, role)):
            yield Link(event.at, "event", event.ref, relation, url)


def _items(reading: Reading, ref: str, rows: Sequence[Row], times: Times) -> Iterator[SetItem]:
    sets = _set_numbers([reading.of(row, "set_no") or reading.of(row, "set_name") for row in rows])
    for position, (set_no, _, at) in enumerate(sorted(_places(reading, rows, sets)), start=1):
        yield _item(reading, ref, rows[at], position, set_no, times)


def _places(reading: Reading, rows: Sequence[Row], sets: Sequence[int]) -> list[tuple[int, int, int]]:
    """Give the place of every row: its set, its position there, its row; without sound positions, its row."""
    positions = [number(reading.of(row, "position")) for row in rows]
    sound = all(positions) and len({*zip(sets, positions, strict=True)}) == len(rows)
    return [(set_no, positions[at] if sound else 0, at) for at, set_no in enumerate(sets)]


def _set_numbers(written: Sequence[str]) -> list[int]:
    """Number the sets: by their number, an encore after the last one, a name by where it comes first."""
    numbered = [0 if is_encore(words) else number(words) for words in written]
    following = max([*numbered, 0])
    named = dict[str, int]()
    for words, set_no in zip(written, numbered, strict=True):
        if words and not set_no:
            named.setdefault(words.lower(), following + 1 + len(named))
    return [set_no or named.get(words.lower(), 1) for words, set_no in zip(written, numbered, strict=True)]


def _item(reading: Reading, ref: str, row: Row, position: int, set_no: int, times: Times) -> SetItem:
    def says(role: str) -> str:
        return reading.of(row, role)

    goes_on = _GOES_ON.search(says("song"))
    title, version = split_version(_GOES_ON.sub("", says("song")) or says("song"), says("version"))
    artist = says("artist")
    time_ms = times.ms(says("at"))
    segue = flag(says("segue"))
    return SetItem(
        At(row.line, statements.raw(row.raw)),
        ref,
        position,
        title,
        artist=artist,
        version=version,
        label=says("label"),
        set_no=set_no,
        set_name=says("set_name"),
        encore=flag(says("encore")) is True or is_encore(says("set_no")) or is_encore(says("set_name")),
        time_ms=time_ms,
        time_basis=times.basis if time_ms is not None else "",
        segue=True if goes_on and segue is None else segue,
        bpm_milli=codes.bpm_milli(says("bpm")),
        musical_key=says("key"),
        duration_ms=length_ms(says("duration"), reading.header("duration")),
        cover_of=says("cover_of"),
        guests=people(says("guests")),
        is_unknown=title.upper() in _UNNAMED or artist.upper() in _UNNAMED,
        isrc=codes.isrc(says("isrc")),
        mbid=codes.mbid(says("mbid")),
        note=says("note"),
    )
