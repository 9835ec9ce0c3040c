"""Releases, tracks and other names out of a table. Of a statement of sales nothing but the catalogue is taken.

One track stands in a statement of sales once for every shop and month; it is stated once. A barcode
is a release's: where no title of a release stands beside it, it is nobody's and is reported.
"""

from collections.abc import Iterator

from knowledge.importers import codes, statements
from knowledge.importers.columns import plain
from knowledge.importers.date_columns import DateOrder, order_of
from knowledge.importers.left_out import LeftOut
from knowledge.importers.people import people
from knowledge.importers.statements import Alias, At, Credit, Link, Release, Statement, Track
from knowledge.importers.table_kinds import Reading
from knowledge.importers.table_rows import Row
from knowledge.importers.table_values import length_ms, number
from knowledge.importers.versions import split_version

_RELEASE_KINDS = {"album": "album", "lp": "album", "ep": "ep", "single": "single", "compilation": "compilation",
                  "sampler": "compilation", "mix": "mix", "package": "album"}  # fmt: skip
_OF = {"song": "work", "artist": "person", "venue": "place", "city": "place", "label": "label", "release": "release",
       "event_title": "event"}  # fmt: skip
_ALIAS_KINDS = {"song": "work", "track": "work", "work": "work", "tune": "work", "artist": "person", "person": "person",
                "place": "place", "venue": "place", "club": "place", "city": "place", "event": "event", "gig": "event",
                "release": "release", "album": "release", "label": "label"}  # fmt: skip


def tracks(reading: Reading, left: LeftOut) -> Iterator[Statement]:
    """Give the tracks, and the releases that they say they are on."""
    releases, seen = dict[str, Release](), set[tuple[str, ...]]()
    order = order_of(reading.every("release_date"))
    for row in reading.table.rows:
        title = reading.of(row, "song")
        release = _release(reading, row, order, left)
        if release and release.ref not in releases:
            releases[release.ref] = release
            yield from _with_links(reading, release, row, of_itself=not title or _is_a_release(reading, row))
        if title and not _is_a_release(reading, row):
            yield from _track(reading, row, release.ref if release else "", order, seen)
        elif not release:
            left.add("without a title left out", [row.line])
        if not release and codes.barcode(reading.of(row, "barcode")):
            left.add("with a barcode but no title of a release: the barcode left out", [row.line])


def releases(reading: Reading, left: LeftOut) -> Iterator[Statement]:
    """Give the releases of a table that has one in every row."""
    order = order_of(reading.every("release_date"))
    for row in reading.table.rows:
        release = _release(reading, row, order, left)
        if release is None:
            left.add("without a title left out", [row.line])
        else:
            yield from _with_links(reading, release, row, of_itself=True)


def aliases(reading: Reading, left: LeftOut) -> Iterator[Statement]:
    """Give the other names; one cell may hold several."""
    named = next((role for role in ("name", *_OF) if role in reading.places), "name")
    for row in reading.table.rows:
        name, others = reading.of(row, named), people(reading.of(row, "alias"))
        if not name or not others:
            left.add("without a name and another name left out", [row.line])
        kind = _ALIAS_KINDS.get(plain(reading.of(row, "alias_kind")), "") or _OF.get(named, "work")
        for other in others if name else ():
            yield Alias(At(row.line, statements.raw(row.raw)), kind, name, other)


def _is_a_release(reading: Reading, row: Row) -> bool:
    """Whether a row says of its own title that it is that of an album: `Song/Album`, `item type`."""
    return plain(reading.of(row, "item_kind")) in _RELEASE_KINDS and "release" not in reading.places


def _release(reading: Reading, row: Row, order: DateOrder, left: LeftOut) -> Release | None:
    def says(role: str) -> str:
        return reading.of(row, role)

    title = says("song") if _is_a_release(reading, row) else says("release")
    if not title:
        return None
    number_of_it, digits = says("catalogue"), codes.barcode(says("barcode"))
    date, _ = order.read(says("release_date"))
    if order.shortened(says("release_date")):
        left.add("where the day and the month could stand either way round, taken with the year only", [row.line])
    return Release(
        At(row.line, statements.raw(row.raw)),
        _ref(reading, row, title, number_of_it, digits),
        title,
        artist=says("artist"),
        kind=_RELEASE_KINDS.get(plain(says("item_kind")), ""),
        date=date,
        label=says("label"),
        catalogue_number=number_of_it,
        barcode=digits,
        medium=says("medium"),
        country=says("country") if reading.kind == "releases" else "",
        licence=says("licence"),
        mbid=codes.mbid(says("mbid")) if reading.kind == "releases" else "",
    )


def _ref(reading: Reading, row: Row, title: str, catalogue_number: str, barcode: str) -> str:
    """Name a release: by its row where the table has one in every row, else by what its tracks share."""
    return f"row {row.line}" if reading.kind == "releases" else barcode or catalogue_number or title


def _with_links(reading: Reading, release: Release, row: Row, *, of_itself: bool) -> Iterator[Statement]:
    yield release
    if of_itself:
        yield from _links(reading, row, "release", release.ref)


def _track(
    reading: Reading, row: Row, release: str, order: DateOrder, seen: set[tuple[str, ...]]
) -> Iterator[Statement]:
    def says(role: str) -> str:
        return reading.of(row, role)

    isrc = codes.isrc(says("isrc"))
    title, version = split_version(says("song"), says("version"))
    same = (isrc,) if isrc and reading.has_money else (title, version, says("artist"), release, says("position"), isrc)
    if same in seen:
        return
    seen.add(same)
    at = At(row.line, statements.raw(row.raw))
    yield Track(
        at,
        title,
        release=release,
        position=number(says("position")),
        medium_no=number(says("medium_no")) or 1,
        artist=says("artist"),
        version=version,
        duration_ms=length_ms(says("duration"), reading.header("duration")),
        bpm_milli=codes.bpm_milli(says("bpm")),
        musical_key=says("key"),
        isrc=isrc,
        iswc=says("iswc"),
        mbid=codes.mbid(says("mbid")),
        date=order.read(says("release_date"))[0],
        label=says("label"),
        licence=says("licence"),
    )
    yield from _credits(reading, row, title)
    yield from _links(reading, row, "recording", title)


def _credits(reading: Reading, row: Row, title: str) -> Iterator[Credit]:
    artist = reading.of(row, "artist")
    for role in reading.places:
        if role.startswith("credit:"):
            for person in people(reading.of(row, role)):
                at = At(row.line, statements.raw(row.raw))
                yield Credit(at, "recording", title, person, role.removeprefix("credit:"), artist)


def _links(reading: Reading, row: Row, of_kind: str, of: str) -> Iterator[Link]:
    for role, relation in (("url", "elsewhere"), ("buy", "buy")):
        if url := codes.web_address(reading.of(row, role)):
            yield Link(At(row.line, statements.raw(row.raw)), of_kind, of, relation, url)
