"""The rows of a table as they stand in a file: which delimiter, where the header is, every row with its line.

Traps: a byte order mark and `sep=;` from spreadsheets, titles above the header, inch marks (`7"`),
quotes that are never closed, line breaks inside quotes, rows with more or fewer cells than the header.
"""

import csv
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from knowledge.errors import ImportRefused
from knowledge.importers.columns import role_of

DELIMITERS = ",;\t|"
_OPENING_LINES = 10
_LINES_OF_ONE_ROW_MAX = 40
_CELLS_MAX = 10_000_000
_SEPARATOR_LINE = re.compile(r"\A\s*\"?sep=(?P<delimiter>.)\"?\s*\Z")


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its first line in the file, itself as it stands there, and its cells, as many as the header has."""

    line: int
    raw: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A header and the rows below it. `ragged` are lines whose cells do not fit the header."""

    header: tuple[str, ...]
    header_line: int
    above: tuple[str, ...]
    rows: tuple[Row, ...]
    too_short: tuple[int, ...] = ()
    too_long: tuple[int, ...] = ()
    unclosed: tuple[int, ...] = ()
    delimiter: str = ","

    def without(self, hidden: Collection[int]) -> "Table":
        """Give the same table with a mark in place of some columns, in the cells and in the rows as they are shown."""
        return replace(self, rows=tuple(_hiding(row, hidden, self.delimiter) for row in self.rows)) if hidden else self


def _hiding(row: Row, hidden: Collection[int], delimiter: str) -> Row:
    cells = tuple("…" if at in hidden and cell.strip() else cell for at, cell in enumerate(row.cells))
    return Row(row.line, delimiter.join(cells), cells)


def table_of(text: str) -> Table:
    """Read a text as a table, or refuse it when it has no second column or no row."""
    lines = text.removeprefix("\ufeff").split("\n")
    start, delimiter = _header(lines)
    header, used, _ = _record(lines, start, delimiter)
    above = tuple(line for line in lines[:start] if line.strip() and not _SEPARATOR_LINE.match(line))
    cells = tuple(cell.strip() for cell in header)
    while cells and not cells[-1]:
        cells = cells[:-1]
    if len(cells) < 2:
        raise ImportRefused(
            "There is only one column in it; a table needs a header such as: date,venue,city,country or artist,title."
        )
    return _filled(Table(cells, start + 1, above, ()), lines, start + used, delimiter)


def _filled(table: Table, lines: list[str], start: int, delimiter: str) -> Table:
    width = len(table.header)
    rows, short, long, unclosed = list[Row](), list[int](), list[int](), list[int]()
    for at, raw, cells, closed in _records(lines, start, delimiter):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) < width:
            short.append(at)
        elif any(cell.strip() for cell in cells[width:]):
            long.append(at)
        if not closed:
            unclosed.append(at)
        if len(rows) * width > _CELLS_MAX:
            raise ImportRefused("The table is too large to be read at once; split it into several files.")
        padded = tuple(cells[:width]) + ("",) * (width - len(cells))
        rows.append(Row(at, raw, padded))
    if not rows:
        raise ImportRefused("The table has a header and no rows below it.")
    found = replace(table, rows=tuple(rows), too_short=tuple(short), too_long=tuple(long), unclosed=tuple(unclosed))
    return replace(found, delimiter=delimiter)


def _records(lines: list[str], start: int, delimiter: str) -> Iterator[tuple[int, str, Sequence[str], bool]]:
    while start < len(lines):
        cells, used, closed = _record(lines, start, delimiter)
        yield start + 1, "\n".join(lines[start : start + used]), cells, closed
        start += used


def _record(lines: list[str], start: int, delimiter: str) -> tuple[Sequence[str], int, bool]:
    """Read one row from a line on: its cells, how many lines it takes, and whether its quotes were closed."""
    line = lines[start]
    if '"' not in line:
        return line.split(delimiter), 1, True
    reader = csv.reader((f"{one}\n" for one in lines[start : start + _LINES_OF_ONE_ROW_MAX]), delimiter=delimiter)
    try:
        cells = next(reader)
    except (csv.Error, StopIteration):
        return line.split(delimiter), 1, False
    used = reader.line_num
    if used > 1 and "\n".join(lines[start : start + used]).count('"') % 2:
        return line.split(delimiter), 1, False
    return cells, used, True


def _header(lines: list[str]) -> tuple[int, str]:
    """Find the header: the line whose cells say most, by the delimiter by which they do."""
    written = [at for at, line in enumerate(lines) if line.strip() and not _SEPARATOR_LINE.match(line)][:_OPENING_LINES]
    if not written:
        raise ImportRefused("The table is empty.")
    best = max((_sense(_record(lines, at, delimiter)[0]), -at, delimiter) for at in written for delimiter in DELIMITERS)
    if best[0][0] < 2:  # no line says anything: the first one is the header, by the delimiter it has most of
        return written[0], max(DELIMITERS, key=lines[written[0]].count)
    return -best[1], best[2]


def _sense(cells: Sequence[str]) -> tuple[int, int]:
    return sum(bool(role_of(cell)) for cell in cells[:200]), min(len(cells), 200)
