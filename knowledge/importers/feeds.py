"""Feeds (RSS, Atom, podcasts): every entry is a document. Read from the bytes alone; nothing is fetched.

Content goes before a summary, which is often its beginning once more. A podcast's shownotes are its text.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from time import struct_time
from typing import Any

from knowledge.errors import ImportRefused
from knowledge.importers import xml
from knowledge.importers.posts import distinct, post, with_left_out
from knowledge.importers.record import ImportedDoc
from knowledge.importers.sniffed import Sniffed

ENTRIES_MAX = 10_000
_ROOTS = ("rss", "feed", "RDF")
_NOTHING = "There is no entry with text in this feed."
_HTML = ("text/html", "application/xhtml+xml")
_ADDRESS_WITH_NAME = re.compile(r"\S+@\S+\s*\((?P<name>[^)]+)\)")


def is_it(file: Sniffed) -> bool:
    return file.opening.startswith("<") and xml.root_name(file.opening) in _ROOTS


def read(file: Sniffed) -> Sequence[ImportedDoc]:
    """Read every entry; the feed's own author speaks where an entry names none."""
    left_out: list[str] = []
    try:
        xml.parsed(file.data)
    except ImportRefused as refusal:
        if "entities" in refusal.reason:
            raise
        left_out.append("The feed is damaged; it was read around the fault, and something may be missing.")
    found = _parsed(file.data)
    author = _name(found.feed)
    licence = str(found.feed.get("license") or "")
    documents = [
        _document(entry, number, author, licence) for number, entry in enumerate(found.entries[:ENTRIES_MAX], start=1)
    ]
    if len(found.entries) > ENTRIES_MAX:
        left_out.append(f"Only the first {ENTRIES_MAX:,} of {len(found.entries):,} entries were read.")
    parts = distinct([document.part for document in documents])
    named = [replace(document, part=part) for document, part in zip(documents, parts, strict=True)]
    return with_left_out(named, left_out, nothing=_NOTHING)


def _parsed(data: bytes) -> Any:
    import feedparser  # loaded by the first feed only

    try:
        return feedparser.parse(data, sanitize_html=False, resolve_relative_uris=False)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise ImportRefused("This feed is damaged beyond reading; fetch it once more.") from None


def _document(entry: Any, number: int, author: str, licence: str) -> ImportedDoc:
    document = post(
        "feed",
        _body(entry),
        title=str(entry.get("title") or ""),
        fallback_title=f"Entry {number}",
        date=_date(entry),
        speaker=_name(entry) or author,
        licence=str(entry.get("license") or "") or licence,
        part=str(entry.get("link") or entry.get("id") or f"entry {number}"),
    )
    placed = tuple(replace(block, line=1, place=f"entry {number}") for block in document.blocks)
    return replace(document, blocks=placed)


def _body(entry: Any) -> str:
    """The longest of the contents, or the summary where there is none or it says more."""
    told = [*_texts(entry.get("content") or []), *_texts([entry.get("summary_detail") or {}])]
    contents = [text for text in told[:-1] if text.strip()] or told
    return max(contents, key=len, default="")


def _texts(details: Sequence[Any]) -> Iterator[str]:
    for detail in details:
        value = str(detail.get("value") or "")
        plain = detail.get("type") not in _HTML and "<" not in value
        yield value.replace("&", "&amp;") if plain else value


def _date(entry: Any) -> str:
    when = entry.get("published_parsed") or entry.get("updated_parsed")
    return f"{when.tm_year:04d}-{when.tm_mon:02d}-{when.tm_mday:02d}" if isinstance(when, struct_time) else ""


def _name(of: Any) -> str:
    """A podcast's author may be written as an address with the name behind it."""
    written = str(of.get("author") or "").strip()
    behind = _ADDRESS_WITH_NAME.fullmatch(written)
    name = behind["name"] if behind else str((of.get("author_detail") or {}).get("name") or written).strip()
    return "" if "@" in name else name
