"""Word documents, through HTML and its reader. Pictures are dropped: as letters they are thirty times the text."""

import re
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from typing import Any, cast
from xml.parsers.expat import ExpatError

from knowledge.errors import ImportRefused
from knowledge.importers import xml
from knowledge.importers.html import body_blocks
from knowledge.importers.money import is_about_money
from knowledge.importers.record import Block, ImportedDoc
from knowledge.importers.sniffed import Sniffed
from knowledge.importers.zips import STUMBLES

_STYLES = "p[style-name='Title'] => h1:fresh\np[style-name='Quote'] => blockquote > p:fresh"
_DOCUMENT = "word/document.xml"
# Of one part inside; a text of this length is longer than any book.
_PART_BYTES_MAX = 40_000_000
_PARTS_MAX = 5_000
_BROKEN = "This Word document is broken. Open it in a word processor, save it again as .docx and import that."
_LOCKED = "This Word document is locked with a password. Save a copy without one and import that."
_EMPTY = "There is no text in this Word document, only pictures or empty pages."
_TOO_LARGE = "This Word document unpacks to more than a document can be; save it again without its pictures."
_PROGRAM_TITLE = re.compile(r"^(?:microsoft word|untitled|word document|document\d*)|\.docx?$", re.IGNORECASE)
_OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def is_it(file: Sniffed) -> bool:
    if file.data.startswith(_OLD_WORD):
        return file.suffix in (".docx", ".doc")
    return file.data.startswith(b"PK\x03\x04") and is_word(file.data)


def is_word(data: bytes) -> bool:
    """Whether a zip is a Word document."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as packed:
            return _DOCUMENT in packed.namelist()
    except STUMBLES:
        return False


def read(file: Sniffed) -> Sequence[ImportedDoc]:
    """Read one document; what is counted in it is paragraphs, as its lines move with the paper."""
    if file.data.startswith(_OLD_WORD):
        raise ImportRefused(_LOCKED if file.suffix == ".docx" else "This is an old Word file. Save it as .docx.")
    title = _checked_title(file.data)
    blocks = [
        replace(block, line=number, own_lines=False, place=f"paragraph {number}")
        for number, block in enumerate(body_blocks(_as_html(file.data)), start=1)
    ]
    if not blocks:
        raise ImportRefused(_EMPTY)
    heading = blocks[0].text if blocks[0].kind == "heading" else ""
    return [
        ImportedDoc(
            format="docx",
            title=title or heading or file.name.stem,
            blocks=tuple(blocks),
            kind="set" if any(block.kind == "tracklist" for block in blocks) else "note",
            private=is_about_money(_text(blocks)),
        )
    ]


def _as_html(data: bytes) -> str:
    import mammoth  # loaded by the first document only

    try:
        converted = mammoth.convert_to_html(
            BytesIO(data), convert_image=_no_picture, external_file_access=False, style_map=_STYLES
        )
    except (*STUMBLES, ExpatError):
        raise ImportRefused(_BROKEN) from None
    return cast(str, converted.value)


def _no_picture(_image: Any) -> list[Any]:
    return []


def _checked_title(data: bytes) -> str:
    """Look at what is inside before anything is unpacked, and at the title that its writer gave it."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as packed:
            parts = packed.infolist()
            if len(parts) > _PARTS_MAX or any(
                part.file_size > _PART_BYTES_MAX for part in parts if part.filename.endswith((".xml", ".rels"))
            ):
                raise ImportRefused(_TOO_LARGE)
            for part in parts:
                if part.filename.endswith(".xml"):
                    xml.parsed(packed.read(part))
            core = packed.read("docProps/core.xml") if "docProps/core.xml" in packed.namelist() else b"<a/>"
            title = xml.child_text(xml.parsed(core), "title")
    except STUMBLES:
        raise ImportRefused(_BROKEN) from None
    return "" if _PROGRAM_TITLE.search(title) else title


def _text(blocks: list[Block]) -> str:
    return "\n".join(block.text for block in blocks)
