"""A new text for a note that is here: read as its file would be, in its place, for the same readers.

Where the new text has no head, it keeps the one of the note, with all that it states. An edit never opens a note to
more people: of the tier it names and the tier that the note has, the stricter counts.
"""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import PurePath

from knowledge.imported import TextRequest
from knowledge.importers import front_matter
from knowledge.importers.prose import SUFFIXES
from knowledge.importers.record import ImportedDoc
from knowledge.noted import Note

_HEAD = re.compile(r"\A\ufeff?(?:---|\+\+\+)[ \t]*\r?\n")
_UNMARKED = {".txt", ".text", ""}  # a head would make Markdown of them
_KEPT = ("title", "date", "kind", "speaker", "licence")


def rewritten(
    note: Note, text: str, rows: Sequence[str] = ()
) -> tuple[TextRequest, Callable[[ImportedDoc], ImportedDoc]]:
    """Say how the new text of a note is to be read, and what the reading keeps of the old one.

    `rows` are what was taken in of the old one: its head is among them, where it stated anything.
    """
    has_head = _HEAD.match(text) is not None
    name = _name(note)
    head = "" if has_head or PurePath(name).suffix.lower() in _UNMARKED else _head(note, rows)
    request = TextRequest(
        text=head + text,
        name=name,
        origin=note.origin,
        file_name=note.file_name,
        tier=note.tier,
        speaker=note.speaker,
        kind="edit",
        label=f"edit of {note.file_name}",
        part=note.part,
    )
    return request, lambda document: _adapted(note, document, lines=head.count("\n"), keeps_all=not has_head)


def _name(note: Note) -> str:
    """Give the name that tells the format; a part of a larger file, or a page of print, is written anew as Markdown."""
    path = PurePath(note.file_name)
    return path.name if not note.part and path.suffix.lower() in SUFFIXES else f"{path.stem or 'note'}.md"


def _head(note: Note, rows: Sequence[str]) -> str:
    for row in rows[:1]:
        for fence in ("---", "+++"):
            stated = f"{fence}\n{row}\n{fence}\n"
            front = front_matter.split(stated)
            if front.title or front.date:  # a line of a set list may look like a field, and names neither
                return stated
    values = [f"{name}: {json.dumps(getattr(note, name), ensure_ascii=False)}" for name in _KEPT if getattr(note, name)]
    return "\n".join(["---", *values, "---", ""])


def _adapted(note: Note, document: ImportedDoc, *, lines: int, keeps_all: bool) -> ImportedDoc:
    values = {name: getattr(note, name) for name in _KEPT if keeps_all or not getattr(document, name)}
    blocks = tuple(replace(block, line=max(1, block.line - lines)) for block in document.blocks)
    stated = tuple(replace(one, at=replace(one.at, line=max(0, one.at.line - lines))) for one in document.statements)
    return replace(document, **values, format=note.format, blocks=blocks, statements=stated)
