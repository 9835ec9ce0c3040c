"""Reads a file as an import does, all the way to the rows that would be written, and looks at every value."""

import json
import re
from collections.abc import Iterator
from typing import Any

from knowledge.facts.dates import dates_in
from knowledge.facts.rows import Owner, rows_of
from knowledge.importers import ImportedDoc, read_file
from knowledge.passages import cut, document_text

_NO_LETTER = re.compile("[\x00\ud800-\udfff]")
_INTEGER_MAX = 2**31 - 1  # of a column on PostgreSQL


class NotWritable(Exception):
    """A value that no database takes."""


def taken(data: bytes, name: str) -> tuple[ImportedDoc, ...]:
    """Give the documents, or raise `ImportRefused`; whatever else is raised is a fault of ours."""
    documents = read_file(data, name)
    assert documents
    for document in documents:
        out = ImportedDoc.from_dict(json.loads(json.dumps(document.as_dict())))
        text = document_text(out)
        pieces = cut(out)
        assert pieces or out.statements
        for piece in pieces:
            assert text[piece.start : piece.start + len(piece.text)] == piece.text
        dates_in(text)
        rows = rows_of(out.statements, Owner("d", 0, "scope"))
        for where, value in _values("document", [out.as_dict(), rows, text]):
            _check(where, value)
    return documents


def _values(where: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _values(key, inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _values(where, inner)
    else:
        yield where, value


def _check(where: str, value: Any) -> None:
    if isinstance(value, str) and _NO_LETTER.search(value):
        raise NotWritable(where)
    if isinstance(value, int) and not -_INTEGER_MAX <= value <= _INTEGER_MAX:
        raise NotWritable(where)
