"""Mends notes that are shown: a line that was not understood, a date that is missing; and leaves lines alone.

The whole text is changed where it is to be had as it was brought in, so that its head stays; else what was
read of it. Either way it becomes the next version of the note, for the same readers.
"""

import hashlib
import json
from pathlib import Path, PurePath

from knowledge import ImportReport, Library
from knowledge.errors import ImportRefused
from knowledge.noted import Note
from knowledge.review import UnreadLines
from presence.bringing.sources import Sources, with_lines
from presence.bringing.writing import date_of, with_head

_UNMARKED = {".txt", ".text", ""}
_NO_DATE = "This is no date. Write 2019-06-20, June 2019 or 2019."


class Mending:
    """One per node."""

    def __init__(self, library: Library, sources: Sources, folder: Path) -> None:
        self._library, self._sources = library, sources
        self._left_file = folder / "left-alone.json"

    def lines(self, ident: str, changed: dict[str, str]) -> ImportReport:
        """Give lines of a note other words, by what they were; "" takes one out."""
        note, text = self._text(ident)
        return self._put(note, with_lines(text, changed))

    def date(self, ident: str, told: str) -> ImportReport:
        """Say when the night of a note was; raises `ImportRefused` for what is no date."""
        date = date_of(told)
        if not date:
            raise ImportRefused(_NO_DATE)
        note, text = self._text(ident)
        return self._put(note, with_head(text, date=date, title=note.title, kind=note.kind))

    def leave(self, one: UnreadLines) -> None:
        """Ask about these lines no more."""
        left = sorted({*self._left(), *(_mark(one, line) for line in one.lines)})
        self._left_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._left_file.write_text(json.dumps(left), encoding="utf-8")

    def to_mend(self, found: list[UnreadLines]) -> list[UnreadLines]:
        """Give those that are still asked about."""
        left = self._left()
        return [one for one in found if not all(_mark(one, line) in left for line in one.lines)]

    def _left(self) -> set[str]:
        try:
            return set(json.loads(self._left_file.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return set()

    def _text(self, ident: str) -> tuple[Note, str]:
        opened = self._library.shelf.note(ident)
        return opened.note, self._sources.of(opened.note) or opened.text

    def _put(self, note: Note, text: str) -> ImportReport:
        if note.part or PurePath(note.file_name).suffix.lower() not in _UNMARKED:
            text = with_head(text, title=note.title, date=note.date, kind=note.kind, speaker=note.speaker)
        report = self._library.shelf.edit(note.ident, text)
        self._sources.keep_text(text)
        return report


def _mark(one: UnreadLines, line: str) -> str:
    return hashlib.sha256(f"{one.file_name}\n{line}".encode()).hexdigest()[:16]
