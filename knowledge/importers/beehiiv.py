"""Beehiiv's `posts.csv`: one newsletter to a row, its HTML in a column."""

import csv
from collections.abc import Sequence
from dataclasses import replace
from io import StringIO

from knowledge.errors import ImportRefused
from knowledge.importers.dates import iso_date
from knowledge.importers.posts import distinct, post, tier_of, with_left_out
from knowledge.importers.record import ImportedDoc
from knowledge.importers.sniffed import Sniffed

_HEADER = {"web_title", "status", "content_html"}
csv.field_size_limit(50_000_000)  # a newsletter is one field
_PUBLISHED = ("confirmed", "published")


def is_it(file: Sniffed) -> bool:
    first = file.opening.partition("\n")[0]
    return "content_html" in first and {name.strip(' "\r') for name in first.split(",")} >= _HEADER


def read(file: Sniffed) -> Sequence[ImportedDoc]:
    """Read every row; its HTML may run over many lines, so that a block names its row."""
    try:
        rows = list(csv.DictReader(StringIO(file.text), strict=False))
    except csv.Error as error:
        raise ImportRefused(f"This table cannot be read ({error}); export it again.") from None
    documents = [_document(row, number) for number, row in enumerate(rows, start=1)]
    parts = distinct([document.part for document in documents])
    named = [replace(document, part=part) for document, part in zip(documents, parts, strict=True)]
    return with_left_out(named, [], nothing="There is no newsletter with text in this table.")


def _document(row: dict[str, str | None], number: int) -> ImportedDoc:
    said = {name: (row.get(name) or "").strip() for name in _READ}
    document = post(
        "beehiiv",
        said["content_html"],
        title=said["web_title"] or said["email_subject_line"],
        fallback_title=f"Newsletter {number}",
        date=iso_date(said["created_at"]),
        tier_name=tier_of(said["audience"]),
        draft=said["status"].lower() not in _PUBLISHED,
        part=said["url"] or said["id"] or f"row {number}",
    )
    return replace(document, blocks=tuple(replace(block, line=1, place=f"row {number}") for block in document.blocks))


_READ = ("content_html", "web_title", "email_subject_line", "created_at", "audience", "status", "url", "id")
