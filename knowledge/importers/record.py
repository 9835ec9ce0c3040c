"""What every importer makes of a file: documents, as blocks of readable text and as statements, with their places."""

from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal

from knowledge.importers import statements as stated
from knowledge.importers.statements import Statement

BlockKind = Literal["heading", "prose", "tracklist", "quotation"]


@dataclass(frozen=True, slots=True)
class UnreadLine:
    """A line that should be a track and was not understood, as it stands at `line` of the file (from 1)."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of readable text that begins at `line` of the file (from 1).

    `text` keeps the file's own line breaks, so that a sentence's line can be counted; in a
    `tracklist` every line is a statement of its own. `speaker` is empty where the document's
    speaker talks. `own_lines` is false where a line break of the text is none of the file, as in
    HTML or in a value of the front matter: every sentence then stands at the block's own line.
    `place` says it for a reader where a line would tell nothing: "page 3", "0:12:30".
    """

    kind: BlockKind
    text: str
    line: int
    speaker: str = ""
    own_lines: bool = True
    place: str = ""


@dataclass(frozen=True, slots=True)
class ImportedDoc:
    """One file, or one part of a file that holds several; `part` names it there, "" where it is the whole file.

    `tier_name` is what the file itself asks for, unchecked. `private` marks what is about money or
    is a conversation: it goes to the innermost tier unless it names another one itself. `scope` names
    the space of the statements' refs where other files of the same folder share it (linked tables),
    "" where they are this document's own.
    """

    format: str
    title: str
    blocks: tuple[Block, ...]
    kind: str = "note"
    date: str = ""
    speaker: str = ""
    licence: str = ""
    tier_name: str | None = None
    draft: bool = False
    left_out: tuple[str, ...] = field(default=())  # what was not taken in, for the artist to read
    understood: tuple[str, ...] = ()  # what things were taken for, for the artist to look at
    unread: tuple[UnreadLine, ...] = ()
    statements: tuple[Statement, ...] = ()
    part: str = ""
    private: bool = False
    scope: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Give plain values, for the way out of the parser's process."""
        lists = ("blocks", "unread", "statements")
        values = {name: value for name, value in _shallow(self).items() if name not in lists}
        flat = {"blocks": [asdict(block) for block in self.blocks], "unread": [asdict(line) for line in self.unread]}
        return {**values, **flat, "statements": [stated.as_dict(one) for one in self.statements]}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "ImportedDoc":
        """Take what `as_dict` gave."""
        lists = {
            "blocks": tuple(Block(**block) for block in values["blocks"]),
            "unread": tuple(UnreadLine(**line) for line in values["unread"]),
            "statements": tuple(stated.from_dict(one) for one in values["statements"]),
        }
        return cls(**{**values, **lists, **_sentences(values)})


def _sentences(values: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(values[name]) for name in ("left_out", "understood")}


def _shallow(document: ImportedDoc) -> dict[str, Any]:
    return {one.name: getattr(document, one.name) for one in fields(document)}
