"""Collections and inventories exported from Discogs: what stands on the shelf, never what it costs.

Traps: inch marks in quotes (`"7"", EP"`), rows that end early, `(2)` behind a name that two have,
`Released` 0 where nobody knows. An inventory holds prices, so it is private.
"""

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from knowledge.errors import ImportRefused
from knowledge.importers import statements
from knowledge.importers.columns import MONEY, plain, role_of
from knowledge.importers.dates import iso_date
from knowledge.importers.left_out import LeftOut
from knowledge.importers.people import without_numbers
from knowledge.importers.record import ImportedDoc
from knowledge.importers.sniffed import Sniffed
from knowledge.importers.statements import At, Release
from knowledge.importers.table_rows import Row, Table, table_of

_COLLECTION = {"artist", "title", "format", "release id"}
_INVENTORY = {"listing id", "artist", "title", "release id"}
_TAKEN = {"catalog#", "catno", "artist", "title", "label", "format", "released", "release id", "rating", "listing id"}
_KINDS = (("single", r"\bsingle\b"), ("ep", r"\bep\b"), ("compilation", r"\bcomp\b"), ("mix", r"\bmixed\b"),
          ("album", r"\balbum\b"))  # fmt: skip


def is_it(file: Sniffed) -> bool:
    """Whether the first line is the header of an export of Discogs."""
    names = {plain(name.strip('"')) for name in file.opening.partition("\n")[0].split(",")}
    return names >= _COLLECTION or names >= _INVENTORY


def read(file: Sniffed) -> Sequence[ImportedDoc]:
    """Read one export as releases."""
    table = table_of(file.text)
    hidden = {at for at, header in enumerate(table.header) if role_of(header) == MONEY}
    table, left = table.without(hidden), LeftOut()
    named = {plain(header): at for at, header in enumerate(table.header)}
    found = list[Release]()
    for row in table.rows:
        release = _release(row, named)
        if release is None:
            left.add("without a title left out", [row.line])
        else:
            found.append(release)
    if not found:
        raise ImportRefused("None of its rows has a title; export the collection from Discogs again.")
    left.add("with fewer cells than the header, read as far as they go", table.too_short)
    left.add("with more cells than the header, the rest left out", table.too_long)
    left.add("with a quotation mark that is never closed, read without it", table.unclosed)
    return [_document(file.name, table, found, left, private=bool(hidden))]


def _document(
    name: PurePosixPath, table: Table, found: Sequence[Release], left: LeftOut, *, private: bool
) -> ImportedDoc:
    unused = [header for header in table.header if plain(header) not in _TAKEN]
    columns = (f"Columns left out: {', '.join(unused)}.",) if unused else ()
    return ImportedDoc(
        format="discogs",
        title=name.stem,
        blocks=(),
        kind="release",
        left_out=(*columns, *left.sentences()),
        statements=tuple(found),
        private=private,
    )


def _release(row: Row, named: dict[str, int]) -> Release | None:
    def says(*headers: str) -> str:
        return next((" ".join(row.cells[named[one]].split()) for one in headers if one in named), "")

    title, medium = says("title"), says("format")
    if not title:
        return None
    return Release(
        At(row.line, statements.raw(row.raw)),
        says("release id") or f"row {row.line}",
        title,
        artist=without_numbers(says("artist")),
        kind=next((kind for kind, word in _KINDS if re.search(word, medium, re.IGNORECASE)), ""),
        date=_date(says("released")),
        label=without_numbers(says("label")),
        catalogue_number=says("catalog#", "catno"),
        medium=medium,
    )


def _date(written: str) -> str:
    date = iso_date(re.sub(r"-00", "", written))
    return "" if date.startswith("0000") else date
