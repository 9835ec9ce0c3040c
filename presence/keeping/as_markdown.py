"""The notes as files that any program can read: Markdown, with title, date, tier and speaker in the head."""

import json
import re
from pathlib import Path

from knowledge.noted import OpenNote
from knowledge.shelf import Shelf
from knowledge.tiering import TIER_NAMES
from presence.errors import BackupFailed, NotEmptyHere

_HEAD = ("title", "date", "kind", "speaker", "licence")
NAME_CHARS_MAX = 80


def written(shelf: Shelf, folder: Path) -> int:
    """Write every note that is shown into an empty folder, one file each; give how many. Raises `NotEmptyHere`."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise NotEmptyHere(str(folder))
        notes = shelf.notes()
        for note in notes:
            _place(folder, note.title, note.date).write_text(as_markdown(shelf.note(note.ident)), encoding="utf-8")
    except OSError as error:
        raise BackupFailed(f"{folder} could not be written ({error.strerror or type(error).__name__}).") from error
    return len(notes)


def as_markdown(opened: OpenNote) -> str:
    """Give a note as Markdown: its words, or its rows as they were taken in, where it is a table."""
    note = opened.note
    said = {name: getattr(note, name) for name in _HEAD} | {"tier": TIER_NAMES[note.tier], "file": note.file_name}
    head = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in said.items() if value]
    text = opened.text.strip()
    rows = () if text else opened.rows
    return "\n".join(["---", *head, "---", *([text, ""] if text else []), *rows, ""])


def _place(folder: Path, title: str, date: str) -> Path:
    """Give a place of its own to each note, by its date and its title."""
    words = re.sub(r"[^\w]+", "-", f"{date} {title}".lower()).strip("-")[:NAME_CHARS_MAX] or "note"
    place, number = folder / f"{words}.md", 1
    while place.exists():
        number += 1
        place = folder / f"{words}-{number}.md"
    return place
