"""What every importer makes of a file: a document as blocks of readable text with their places."""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

BlockKind = Literal["heading", "prose", "tracklist", "quotation"]


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of readable text that begins at `line` of the file (from 1).

    `text` keeps the file's own line breaks, so that a sentence's line can be counted; in a
    `tracklist` every line is a statement of its own. `speaker` is empty where the document's
    speaker talks. `own_lines` is false where a line break of the text is none of the file, as in
    HTML or in a value of the front matter: every sentence then stands at the block's own line.
    """

    kind: BlockKind
    text: str
    line: int
    speaker: str = ""
    own_lines: bool = True


@dataclass(frozen=True, slots=True)
class ImportedDoc:
    """One file, read. `tier_name` is what the file itself asks for, unchecked."""

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

    def as_dict(self) -> dict[str, Any]:
        """Give plain values, for the way out of the parser's process."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "ImportedDoc":
        """Take what `as_dict` gave."""
        blocks = tuple(Block(**block) for block in values["blocks"])
        return cls(**{**values, "blocks": blocks, "left_out": tuple(values["left_out"])})
