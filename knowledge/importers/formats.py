"""The formats that can be read, in the order in which they are tried: what is told most surely comes first.

A format is a module with two functions. `is_it` looks at a file's content (its name only where the
content could be several things) and must be cheap and never raise; `read` gives the documents in it,
or raises `ImportRefused`. Modules are loaded when they are asked, so that a parser's process that sees
Markdown only never loads a reader of PDF.
"""

from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Protocol, cast

from knowledge.importers.record import ImportedDoc
from knowledge.importers.sniffed import Sniffed


class Format(Protocol):
    """A module of this package that reads one format."""

    def is_it(self, file: Sniffed) -> bool: ...

    def read(self, file: Sniffed) -> Sequence[ImportedDoc]: ...


# Bytes, then XML by its root, JSON by its keys, tables by their header, lists by their first line, text at last.
NAMES: tuple[str, ...] = (
    "docx",
    "pdf",
    "archives",
    "audio_tags",
    "wordpress",
    "medium",
    "feeds",
    "ghost",
    "subtitles",
    "substack",
    "beehiiv",
    "musicbrainz",
    "setlistfm",
    "discogs",
    "cue",
    "rekordbox_xml",
    "rekordbox_list",
    "traktor",
    "virtualdj",
    "serato",
    "playlists",
    "tables",
    "refusals",
    "prose",
)


def formats() -> Iterator[Format]:
    """Give every format, loaded one by one."""
    for name in NAMES:
        yield cast(Format, import_module(f"knowledge.importers.{name}"))
