"""Tables of Markdown that are tracklists: their header names a time, an artist and a title.

Such a table becomes one token of type `tracklist`, a line to a row, so that every row keeps its line. A
table without times may as well be a discography and stays as it is.
"""

import re
from collections.abc import Callable, Iterable, Iterator

from markdown_it.token import Token

_COLUMNS = {
    "time": re.compile(r"time(?:stamp|code)?|cue|start|zeit|heure|hora", re.IGNORECASE),
    "artist": re.compile(r"artists?|performers?|interpret(?:en)?|künstler|artistes?|artistas?", re.IGNORECASE),
    "title": re.compile(r"title|track(?: ?name| title)?|song|tune|titel|titre|título", re.IGNORECASE),
    "mix": re.compile(r"mix|version|remix", re.IGNORECASE),
    "label": re.compile(r"label", re.IGNORECASE),
}
_NEEDED = {"time", "artist", "title"}


def with_track_tables(tokens: list[Token], words: Callable[[Token], str]) -> Iterator[Token]:
    """Give the tokens again, each table of tracks as one."""
    table = list[Token]()
    for token in tokens:
        if token.type == "table_open":
            table = [token]
        elif table:
            table.append(token)
        else:
            yield token
        if token.type == "table_close":
            yield from _read(table, words)
            table = []
    yield from table


def _read(table: list[Token], words: Callable[[Token], str]) -> Iterable[Token]:
    header, *rows = list(_rows(table, words)) or [(0, [])]
    columns = {name: at for name, shape in _COLUMNS.items() if (at := _column(header[1], shape)) is not None}
    if not set(columns) >= _NEEDED or not rows:
        return table
    lines = [_line({name: cells[at] for name, at in columns.items() if at < len(cells)}) for _, cells in rows]
    return [Token("tracklist", "", 0, content="\n".join(lines), map=[rows[0][0], rows[-1][0] + 1])]


def _rows(table: list[Token], words: Callable[[Token], str]) -> Iterator[tuple[int, list[str]]]:
    cells, line = list[str](), 0
    for token in table:
        if token.type == "tr_open":
            cells, line = [], token.map[0] if token.map else 0
        elif token.type == "inline":
            cells.append(" ".join(words(token).split()))
        elif token.type == "tr_close":
            yield line, cells


def _column(header: list[str], shape: re.Pattern[str]) -> int | None:
    return next((at for at, name in enumerate(header) if shape.fullmatch(name.strip())), None)


def _line(row: dict[str, str]) -> str:
    names = " - ".join(name for name in (row.get("artist", ""), row.get("title", "")) if name)
    mix = f" ({row['mix'].strip('()')})" if row.get("mix") else ""
    label = f" [{row['label'].strip('[]')}]" if row.get("label") else ""
    return f"{row.get('time', '')} {names}{mix}{label}".strip()
