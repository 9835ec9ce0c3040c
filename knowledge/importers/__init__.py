"""From a file's bytes to an `ImportedDoc`: sniffed by content, read by one small function per format.

Importers are pure: they see bytes and a name, never the database or the network. They run in a
child process (`knowledge.importers.child`), so that a malicious file costs that process only.
"""

import re
from collections.abc import Callable
from functools import partial
from pathlib import PurePosixPath
from typing import Any

from knowledge.errors import ImportRefused
from knowledge.importers.decoding import decode
from knowledge.importers.html import read_html
from knowledge.importers.markdown import read_markdown
from knowledge.importers.plaintext import read_plaintext
from knowledge.importers.record import Block, ImportedDoc

__all__ = ["READABLE_SUFFIXES", "Block", "ImportedDoc", "read_file"]

READABLE_SUFFIXES = {".md", ".markdown", ".mdown", ".mkd", ".txt", ".text", ".html", ".htm", ".xhtml", ""}
# A comment cannot run over its own end here, so a page of nothing but comments is tried in one way only.
_HTML_OPENING = re.compile(
    r"\A\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*<(?:!doctype html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_FRONT_MATTER = re.compile(r"\A(?:---|\+\+\+)[ \t]*\n")
_LICENCE_NAMES = {"license", "licence", "copying", "notice", "content-license"}
_DATED_NAME = re.compile(r"^(?P<date>\d{4}-\d{2}-\d{2})[-_ ]*(?P<rest>.*)$")


def read_file(data: bytes, name: str) -> ImportedDoc:
    """Read one file, or raise `ImportRefused` with a reason that the artist can act on."""
    path = PurePosixPath(name)
    if path.stem.lower() in _LICENCE_NAMES:
        raise ImportRefused("This is a licence text, not a note.")
    if path.suffix.lower() not in READABLE_SUFFIXES:
        raise ImportRefused(f"{path.suffix} files cannot be read yet; Markdown, plain text and HTML can.")
    text = decode(data).text
    dated = _DATED_NAME.match(path.stem)
    stem = dated["rest"] if dated and dated["rest"] else path.stem
    document = _reader(path, text)(text, fallback_title=_spaced(stem))
    if not document.blocks:
        raise ImportRefused("There is no prose in it to quote, at most the fields of its head.")
    return _from_name(document, date=dated["date"] if dated else "", folders=path.parts[:-1])


def _reader(path: PurePosixPath, text: str) -> Callable[..., ImportedDoc]:
    if _HTML_OPENING.match(text) or path.suffix.lower() in {".htm", ".html", ".xhtml"}:
        return partial(read_markdown, html_body=True) if _FRONT_MATTER.match(text) else read_html
    if path.suffix.lower() in {".txt", ".text", ""} and not _FRONT_MATTER.match(text):
        return read_plaintext
    return read_markdown


def _from_name(document: ImportedDoc, *, date: str, folders: tuple[str, ...]) -> ImportedDoc:
    values = {**_without_half_letters(document.as_dict()), "date": document.date or date}
    values["draft"] = document.draft or "_drafts" in folders
    return ImportedDoc.from_dict(values)


def _spaced(stem: str) -> str:
    return re.sub(r"[-_]+", " ", stem).strip() or stem


def _without_half_letters(value: Any) -> Any:
    """Replace lone surrogates and zeros, which an escape in YAML can make and no database can keep."""
    if isinstance(value, str):
        return value.encode("utf-8", errors="replace").decode("utf-8").replace("\x00", "\ufffd")
    if isinstance(value, dict):
        return {key: _without_half_letters(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without_half_letters(inner) for inner in value]
    return value
