"""Markdown, plain text and HTML: told apart here, each read by a module of its own."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from knowledge.errors import ImportRefused
from knowledge.importers import front_matter
from knowledge.importers.html import read_html
from knowledge.importers.joined_lists import with_tracklists
from knowledge.importers.markdown import read_markdown
from knowledge.importers.plaintext import read_plaintext
from knowledge.importers.record import ImportedDoc
from knowledge.importers.set_lists import with_sets
from knowledge.importers.sniffed import Sniffed
from knowledge.importers.tracklist import is_announcement

SUFFIXES = {".md", ".markdown", ".mdown", ".mkd", ".txt", ".text", ".html", ".htm", ".xhtml", ""}
# A comment cannot run over its own end here, so a page of nothing but comments is tried in one way only.
_HTML_OPENING = re.compile(
    r"\A\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*<(?:!doctype html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_FRONT_MATTER = re.compile(r"\A(?:---|\+\+\+)[ \t]*\n")
_DATED_NAME = re.compile(r"^(?P<date>\d{4}-\d{2}-\d{2})[-_ ]*(?P<rest>.+)$")


def is_it(file: Sniffed) -> bool:
    """Whether the name is that of a text; what the bytes are is seen when they are decoded."""
    return file.suffix in SUFFIXES


def read(file: Sniffed) -> Sequence[ImportedDoc]:
    """Read one text; without a sentence or a statement in it, it is refused."""
    dated = _DATED_NAME.match(file.name.stem)
    title = _spaced(dated["rest"] if dated else file.name.stem)
    document = _reader(file)(file.text, fallback_title=title)
    document = _with_what_was_played(document, file, title=title, date=dated["date"] if dated else "")
    if not document.blocks and not document.statements:
        raise ImportRefused("There is no prose in it to quote, at most the fields of its head.")
    return [document]


def _with_what_was_played(document: ImportedDoc, file: Sniffed, *, title: str, date: str) -> ImportedDoc:
    head = front_matter.split(file.text)
    told_by_kind = document.kind in ("set", "mix") or is_announcement(document.title) or is_announcement(file.name.stem)
    blocks = with_tracklists(document.blocks, told_by_kind=told_by_kind)
    return with_sets(replace(document, blocks=blocks), head, file.text.split("\n"), title=title, date=date)


def _reader(file: Sniffed) -> Callable[..., ImportedDoc]:
    if _HTML_OPENING.match(file.text) or file.suffix in {".htm", ".html", ".xhtml"}:
        return partial(read_markdown, html_body=True) if _FRONT_MATTER.match(file.text) else read_html
    if file.suffix in {".txt", ".text", ""} and not _FRONT_MATTER.match(file.text):
        return read_plaintext
    return read_markdown


def _spaced(stem: str) -> str:
    return re.sub(r"[-_]+", " ", stem).strip() or stem
