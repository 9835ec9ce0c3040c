"""Substack's export: `posts.csv` says what the files in `posts/` are, which say nothing of themselves.

One file cannot see the other, so the index alone is refused with what to do; in a zip they are joined by
their number (`knowledge.importers.archives`).
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import replace
from io import StringIO

from knowledge.errors import ImportRefused
from knowledge.importers.dates import iso_date
from knowledge.importers.html import plain_text
from knowledge.importers.posts import tier_of
from knowledge.importers.record import ImportedDoc
from knowledge.importers.sniffed import Sniffed

_HEADER = {"post_id", "is_published", "audience", "title"}
_NO = {"false", "0", "no", ""}

Row = Mapping[str, str]


def is_it(file: Sniffed) -> bool:
    first = file.opening.partition("\n")[0]
    return "post_id" in first and {name.strip(' "\r') for name in first.split(",")} >= _HEADER


def read(file: Sniffed) -> Sequence[ImportedDoc]:
    """Refuse: the posts are in the files beside it."""
    raise ImportRefused(
        "This is the index of a Substack export, without the posts themselves. Import the whole zip, "
        "or the html files of its folder “posts”."
    )


def index_of(file: Sniffed) -> dict[str, Row]:
    """Give the rows of an index by the name of the file that each speaks of."""
    try:
        rows = list(csv.DictReader(StringIO(file.text)))
    except csv.Error:
        return {}
    return {
        f"{row['post_id']}.html": {name: value or "" for name, value in row.items() if isinstance(name, str)}
        for row in rows
        if row.get("post_id")
    }


def joined(document: ImportedDoc, row: Row) -> ImportedDoc:
    """Give a post what its row in the index says of it."""
    return replace(
        document,
        format="substack",
        title=plain_text(row.get("title", "")) or document.title,
        date=iso_date(row.get("post_date", "")) or document.date,
        tier_name=tier_of(row.get("audience", "")) or document.tier_name,
        draft=document.draft or row.get("is_published", "").strip().lower() in _NO,
    )
