"""Ghost's export, and the answer of its API: posts and pages in one JSON, their authors in tables beside them."""

from collections.abc import Sequence
from typing import Any

from knowledge.errors import ImportRefused
from knowledge.importers import jsonfile
from knowledge.importers.dates import iso_date
from knowledge.importers.posts import post, tier_of, with_left_out
from knowledge.importers.record import ImportedDoc
from knowledge.importers.sniffed import Sniffed

_KEYS = (b'"posts"', b'"html"')
_NOTHING = "There is no post in this Ghost export."
_LISTED_MAX = 10


def is_it(file: Sniffed) -> bool:
    return file.opening.startswith("{") and all(key in file.data for key in _KEYS)


def read(file: Sniffed) -> Sequence[ImportedDoc]:
    """Read every post and page; what is not published is a draft."""
    data = _tables(jsonfile.parsed(file))
    posts = jsonfile.mappings(data.get("posts", []))
    authors = _authors(data)
    documents = [_document(one, authors) for one in posts]
    unread = [document.title for document, one in zip(documents, posts, strict=True) if not _html(one)]
    left_out = []
    if unread:
        named = "; ".join(unread[:_LISTED_MAX]) + (" …" if len(unread) > _LISTED_MAX else "")
        left_out = [f"Left out, as the export has no HTML of them: {named}."]
    documents = [document for document, one in zip(documents, posts, strict=True) if _html(one)]
    return with_left_out(documents, left_out, nothing=_NOTHING)


def _tables(export: Any) -> dict[str, Any]:
    """Give the tables, which lie in `db[0].data`, in `data`, or in the answer of the API as they are."""
    given = jsonfile.mapping(export)
    database = next(iter(jsonfile.mappings(given.get("db", []))), given)
    tables = jsonfile.mapping(database.get("data")) or database
    if not isinstance(tables.get("posts"), list):
        raise ImportRefused(_NOTHING)
    return tables


def _document(one: dict[str, Any], authors: dict[str, str]) -> ImportedDoc:
    slug, identity = jsonfile.words(one.get("slug")), jsonfile.words(one.get("id"))
    status = jsonfile.words(one.get("status"))
    return post(
        "ghost",
        _html(one),
        title=jsonfile.words(one.get("title")),
        fallback_title=slug.replace("-", " ") or identity,
        date=iso_date(jsonfile.words(one.get("published_at")) or jsonfile.words(one.get("created_at"))),
        speaker=_own_author(one) or authors.get(identity, ""),
        tier_name=tier_of(jsonfile.words(one.get("visibility"))),
        draft=status not in ("published", "sent", ""),
        part=slug or identity,
    )


def _html(one: dict[str, Any]) -> str:
    written = one.get("html") or one.get("plaintext")
    return written if isinstance(written, str) else ""


def _own_author(one: dict[str, Any]) -> str:
    given = [*jsonfile.mappings(one.get("primary_author")), *jsonfile.mappings(one.get("authors"))]
    return next((jsonfile.words(author.get("name")) for author in given), "")


def _authors(data: dict[str, Any]) -> dict[str, str]:
    """Give the first author of every post."""
    names = {jsonfile.words(user.get("id")): jsonfile.words(user.get("name")) for user in _rows(data, "users")}
    authors: dict[str, str] = {}
    for row in sorted(_rows(data, "posts_authors"), key=lambda row: jsonfile.words(row.get("sort_order")).zfill(6)):
        authors.setdefault(jsonfile.words(row.get("post_id")), names.get(jsonfile.words(row.get("author_id")), ""))
    return authors


def _rows(data: dict[str, Any], table: str) -> list[dict[str, Any]]:
    return jsonfile.mappings(data.get(table, []))
