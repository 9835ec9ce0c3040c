"""Tables with a header: nights, plays, releases, tracks or other names, whatever the columns are called.

Two tables may belong together (`shows.csv` and `performances.csv`): each is read alone, and both bear
the name of their id column as `scope`. Traps: which way round a date is, a second show of one day,
positions that begin again in every set, money. Money is never taken, and a table with money in it is private.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from knowledge.errors import ImportRefused
from knowledge.importers import table_catalogue, table_nights
from knowledge.importers.columns import MONEY, PERSONAL, described, plain, role_of
from knowledge.importers.dates import iso_date
from knowledge.importers.left_out import LeftOut
from knowledge.importers.record import ImportedDoc
from knowledge.importers.sniffed import Sniffed
from knowledge.importers.statements import Statement
from knowledge.importers.table_kinds import Reading, reading_of
from knowledge.importers.table_rows import DELIMITERS, Table, table_of

_SUFFIXES = {".csv", ".tsv", ".tab"}
_TEXTS = {".txt", ".text", ""}
_WESTERN = (b"Sale Month",)  # DistroKid writes ISO-8859-1, too few letters of it in a file to be guessed
_KINDS = {"plays": "set", "releases": "release", "tracks": "release"}
_TAKEN = {
    "events": "id date time ordinal venue city region country event_title event_kind tour performers duration "
    "cancelled url note tickets buy",
    "plays": "id date time ordinal venue city region country event_title event_kind tour performers song artist "
    "version label set_no set_name position encore at segue bpm key duration cover_of guests isrc mbid note tickets "
    "buy cancelled url",
    "releases": "release artist item_kind release_date label catalogue barcode medium country licence mbid url buy",
    "tracks": "song artist version release item_kind release_date label catalogue barcode medium position medium_no "
    "duration bpm key isrc iswc mbid licence url buy",
    "aliases": "name alias alias_kind song artist venue city label release event_title",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Told:
    """What stands in a file's name."""

    title: str
    date: str


def is_it(file: Sniffed) -> bool:
    """Whether a file calls itself a table, or is a text whose first line is a header that is understood."""
    if file.suffix in _SUFFIXES:
        return True
    if file.suffix not in _TEXTS:
        return False
    first, _, below = file.opening.partition("\n")
    return any(_is_header(first.split(mark)) and mark in below for mark in DELIMITERS)


def _is_header(cells: Sequence[str]) -> bool:
    told = sum(bool(role_of(cell)) for cell in cells[:100])
    return told >= 3 and told >= 0.6 * len(cells) and all(len(cell) < 40 for cell in cells)


def read(file: Sniffed) -> Sequence[ImportedDoc]:
    """Read one table: one document, or one for every tier that a column of tiers names."""
    reading = reading_of(table_of(_text(file)))
    left = LeftOut()
    of_tier = dict[str, list[Statement]]()
    tiers = {row.line: reading.of(row, "tier") for row in reading.table.rows}
    for statement in _statements(reading, left, _told(file)):
        of_tier.setdefault(tiers.get(statement.at.line, ""), []).append(statement)
    if not of_tier:
        raise ImportRefused(
            "None of its rows could be read: " + " ".join(left.sentences() or ("they say nothing about music.",))
        )
    left_out = (*_about_columns(reading), *_about_rows(reading.table), *left.sentences())
    scope = reading.scope or (f"table:{file.name.stem}" if len(of_tier) > 1 else "")
    return [_document(file, reading, tier, found, left_out, scope) for tier, found in of_tier.items()]


def _text(file: Sniffed) -> str:
    """Read the text; a shop's statement that is not UTF-8 is in the letters of Western Europe."""
    if any(mark in file.head[:500] for mark in _WESTERN):
        try:
            return file.data.decode("utf-8-sig").replace("\r\n", "\n")
        except UnicodeDecodeError:
            return file.data.decode("cp1252", errors="replace").replace("\r\n", "\n")
    return file.text


def _document(
    file: Sniffed, reading: Reading, tier: str, found: Sequence[Statement], left_out: tuple[str, ...], scope: str
) -> ImportedDoc:
    return ImportedDoc(
        format="table",
        title=_told(file).title,
        blocks=(),
        kind=_KINDS.get(reading.kind, "note"),
        tier_name=tier or None,
        left_out=left_out,
        understood=(_columns_taken(reading),),
        statements=tuple(found),
        part=f"tier {tier}" if tier else "",
        private=reading.is_private,
        scope=scope,
    )


def _statements(reading: Reading, left: LeftOut, told: _Told) -> Iterator[Statement]:
    if reading.kind == "events":
        return table_nights.nights(reading, left)
    if reading.kind == "plays":
        return table_nights.plays(reading, left, title=told.title, date=told.date)
    if reading.kind == "releases":
        return table_catalogue.releases(reading, left)
    return (
        table_catalogue.aliases(reading, left) if reading.kind == "aliases" else table_catalogue.tracks(reading, left)
    )


def _told(file: Sniffed) -> _Told:
    stem = file.name.stem
    date = iso_date(stem) if re.match(r"\d{4}-\d{2}-\d{2}", stem) else ""
    return _Told(re.sub(r"[-_]+", " ", stem[10:] if date else stem).strip() or stem, date)


def _columns_taken(reading: Reading) -> str:
    """Say what each column was taken for."""
    pairs = [(header[:60], role) for header, role in described(reading.columns) if header and role != "not understood"]
    return "Columns: " + ", ".join(f"{header} → {role}" for header, role in pairs[:40]) + "."


def _about_columns(reading: Reading) -> Iterator[str]:
    """Say which columns were not taken, and why."""
    taken = set(_TAKEN[reading.kind].split()) | {"tier"}
    if reading.kind == "tracks":
        taken |= {column.role for column in reading.columns if column.role.startswith("credit:")}
    kept_back, unknown, unused = list[str](), list[str](), list[str]()
    for column in reading.columns:
        if column.role in (MONEY, PERSONAL):
            kept_back.append(column.header)
        elif not column.role and plain(column.header):
            unknown.append(column.header)
        elif column.role not in taken and column.header:
            unused.append(column.header)
    yield from _sentence(kept_back, "about money or persons, never taken; the table is private")
    yield from _sentence(unknown, "not understood")
    yield from _sentence(
        unused, f"not used in a table of {'other names' if reading.kind == 'aliases' else reading.kind}"
    )


def _sentence(headers: Sequence[str], why: str) -> Iterator[str]:
    if headers:
        yield f"Columns left out, {why}: {', '.join(header[:60] for header in headers[:40])}."


def _about_rows(table: Table) -> tuple[str, ...]:
    left = LeftOut()
    left.add("with fewer cells than the header, read as far as they go", table.too_short)
    left.add("with more cells than the header, the rest left out", table.too_long)
    left.add("with a quotation mark that is never closed, read without it", table.unclosed)
    above = ("The lines above the header were left out.",) if table.above else ()
    return (*above, *left.sentences())
