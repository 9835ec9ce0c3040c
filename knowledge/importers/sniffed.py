"""A file as the formats look at it: its bytes, its name, and its text once somebody wants it."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

from knowledge.importers.decoding import decode

HEAD_BYTES = 4_096


@dataclass(frozen=True)
class Sniffed:
    """Formats are told by content; the name only decides where the content could be several."""

    data: bytes
    name: PurePosixPath

    @cached_property
    def head(self) -> bytes:
        """The first bytes, white space before them left out."""
        return self.data[:HEAD_BYTES].lstrip()

    @cached_property
    def text(self) -> str:
        """The whole text with line feeds only; raises `ImportRefused` for what is no text."""
        return decode(self.data).text

    @cached_property
    def opening(self) -> str:
        """The beginning of the text, or "" for what is none."""
        encoding = "utf-16" if self.data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
        return self.data[:HEAD_BYTES].decode(encoding, errors="ignore").lstrip("\ufeff \t\r\n")

    @property
    def suffix(self) -> str:
        return self.name.suffix.lower()
