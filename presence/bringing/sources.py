"""The texts of notes as they were brought in, by their content: what is mended is mended in these.

A note knows its words; of the head that stood above them only what was read. To change one line, and
nothing else, the whole text is wanted as it was.
"""

import hashlib
from pathlib import Path

from knowledge import KnowledgeError
from knowledge.importers.decoding import decode
from knowledge.importers.prose import SUFFIXES
from knowledge.noted import Note

SOURCE_BYTES_MAX = 1024**2


class Sources:
    """One per node."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, files: Path) -> None:
        """Keep every text below a folder."""
        for path in files.rglob("*"):
            if path.is_file() and path.suffix.lower() in SUFFIXES and path.stat().st_size <= SOURCE_BYTES_MAX:
                self._put(path.read_bytes())

    def keep_text(self, text: str) -> None:
        """Keep one text."""
        self._put(text.encode())

    def of(self, note: Note) -> str | None:
        """Give the whole text that a note was read from; None where it is not to be had as it was."""
        if note.part:
            return None
        places = [self._folder / note.sha256, *([Path(note.origin)] if note.origin.startswith("/") else [])]
        for path in places:
            try:
                if path.stat().st_size > SOURCE_BYTES_MAX:
                    continue
                data = path.read_bytes()
                if hashlib.sha256(data).hexdigest() == note.sha256:
                    return decode(data).text
            except (OSError, KnowledgeError):
                continue
        return None

    def write_line(self, path: Path, line: int, words: str) -> None:
        """Give a line of a file other words; without any it stays empty, so that no other line moves."""
        try:
            lines = decode(path.read_bytes()).text.split("\n")
        except (OSError, KnowledgeError):
            return
        if 1 <= line <= len(lines):
            lines[line - 1] = " ".join(words.split())
            path.write_text("\n".join(lines), encoding="utf-8")

    def _put(self, data: bytes) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        place = self._folder / hashlib.sha256(data).hexdigest()
        if not place.exists():
            place.write_bytes(data)


def with_lines(text: str, changed: dict[str, str]) -> str:
    """Give a text in which lines, as they stand but for the space around them, have other words; "" takes one out."""
    left = dict(changed)
    told = []
    for line in text.split("\n"):
        if line.strip() in left:
            words = " ".join(left.pop(line.strip()).split())
            if words:
                told.append(words)
        else:
            told.append(line)
    return "\n".join(told)
