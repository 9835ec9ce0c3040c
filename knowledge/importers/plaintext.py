"""Plain text to blocks: paragraphs as they stand, headings by their shape, tracklists by their lines."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import accumulate

from knowledge.importers.record import Block, ImportedDoc
from knowledge.importers.speakers import speaking_turns
from knowledge.importers.tracklist import is_tracklist

_NUMBERED = re.compile(r"\A(?:\d{1,4}|[IVXLC]{1,8})\.?\Z|\A(?i:chapter|part|letter) (?:\d+|[IVXLC]+)\b.{0,60}\Z")
_HEADING_CHARS_MAX = 160
_FOOTNOTE = re.compile(r"\s*\[Footnote\b")
_PARAGRAPHS_MAX = 12  # of one footnote; a bracket that is open for longer was never meant to be closed
EDITOR = "the editor"
"""Who speaks in the footnotes of a published book: not the author, whoever it is."""
_EDITORS_HEADING = re.compile(
    r"\b(?:translator|editor|publisher)[’']?s?[’']?\s+(?:preface|note|foreword|introduction)"
    r"|\b(?:preface|foreword|introduction)\s+by\b",
    re.IGNORECASE,
)
_FOOTNOTE_MARK = re.compile(r"\[\d{1,3}\]\Z")
# A name that closes this many texts of a file is a signature.
_SIGNATURES_MIN = 2
_BOOK_START = re.compile(r"^\*\*\* ?START OF TH[^\n]*\n", re.MULTILINE)
_BOOK_END = re.compile(r"^\*\*\* ?END OF TH", re.MULTILINE)


def read_plaintext(text: str, *, fallback_title: str) -> ImportedDoc:
    """Read one text file; the licence around a Project Gutenberg book is left out and reported."""
    start, end, left_out = _book_inside(text)
    blocks = _spoken_by_editor(_unsigned(list(_blocks_of(text, start, end))))
    blocks = speaking_turns(blocks, named=())
    title = next((block.text for block in blocks if block.kind == "heading"), "")
    tracks = sum(block.kind == "tracklist" for block in blocks)
    return ImportedDoc(
        format="text",
        title=_title_line(text[:start]) or _one_line(title) or fallback_title,
        blocks=tuple(blocks),
        kind="set" if tracks else "note",
        left_out=left_out,
    )


def _blocks_of(text: str, start: int, end: int) -> Iterator[Block]:
    paragraphs = list(_paragraphs(text[start:end], text.count("\n", 0, start) + 1))
    footnotes = _of_footnotes([paragraph for paragraph, _ in paragraphs])
    for at, (paragraph, line) in enumerate(paragraphs):
        if at in footnotes:
            yield Block("quotation", paragraph, line, speaker=EDITOR)
        elif is_tracklist(paragraph):
            yield Block("tracklist", paragraph, line)
        elif is_heading(paragraph):
            yield Block("heading", _one_line(paragraph), line)
        else:
            yield Block("prose", paragraph, line)


def _of_footnotes(paragraphs: list[str]) -> set[int]:
    """Say which paragraphs are footnotes: one may have several, up to the bracket that closes it."""
    found = set[int]()
    for at, paragraph in enumerate(paragraphs):
        if _FOOTNOTE.match(paragraph):
            depths = accumulate(text.count("[") - text.count("]") for text in paragraphs[at : at + _PARAGRAPHS_MAX])
            closed = next((more for more, depth in enumerate(depths) if depth <= 0), 0)
            found |= set(range(at, at + closed + 1))
    return found


def _paragraphs(text: str, first_line: int) -> Iterator[tuple[str, int]]:
    """Give each run of lines that are not empty, with the line where it begins."""
    run: list[str] = []
    for line, written in enumerate([*text.split("\n"), ""], start=first_line):
        if written.strip():
            run.append(written)
        elif run:
            yield "\n".join(run).rstrip(), line - len(run)
            run = []


def _unsigned(blocks: list[Block]) -> list[Block]:
    """Take signatures for what they are: a name in capitals that closes more than one text names none."""
    closing = Counter(
        block.text
        for before, block, after in zip(blocks, blocks[1:], [*blocks[2:], None], strict=False)
        if block.kind == "heading" and before.kind != "heading" and not _NUMBERED.match(block.text)
        if after is None or after.kind == "heading" or after.speaker == EDITOR
    )
    signatures = {name for name, times in closing.items() if times >= _SIGNATURES_MIN}
    return [replace(block, kind="prose") if block.text in signatures else block for block in blocks]


def _spoken_by_editor(blocks: list[Block]) -> list[Block]:
    """Give a preface that names another writer to that writer's kind: it is not the author who speaks."""
    heading, follows, spoken = "", False, list[Block]()
    for block in blocks:
        if block.kind == "heading":
            heading, follows = f"{heading} {block.text}" if follows else block.text, True
            spoken.append(block)
            continue
        follows = False
        by_editor = not block.speaker and _EDITORS_HEADING.search(heading)
        spoken.append(replace(block, speaker=EDITOR) if by_editor else block)
    return spoken


def is_heading(paragraph: str) -> bool:
    """Whether a paragraph has the shape of a heading: short, and a number or all in capitals."""
    if len(paragraph) > 2 * _HEADING_CHARS_MAX:
        return False
    flat = _FOOTNOTE_MARK.sub("", _one_line(paragraph))
    if len(flat) > _HEADING_CHARS_MAX or flat.count(". ") > 3 or flat.endswith((",", "--", "!", ";")):
        return False  # a salutation such as "MY DEAR FRIEND,--" opens the letter, it does not name it
    if _NUMBERED.match(flat):
        return True
    letters = [char for char in re.sub(r"\[[^\]]*\]|_", "", flat) if char.isalpha()]
    return len(letters) >= 3 and sum(char.isupper() for char in letters) >= 0.85 * len(letters)


def _book_inside(text: str) -> tuple[int, int, tuple[str, ...]]:
    start, end = _BOOK_START.search(text), _BOOK_END.search(text)
    if start is None or end is None or end.start() < start.end():
        return 0, len(text), ()
    return start.end(), end.start(), ("The publisher's header and licence around the book were left out.",)


def _title_line(header: str) -> str:
    found = re.search(r"^Title: *(?P<title>\S[^\n]*)", header, re.MULTILINE)
    return found["title"].strip() if found else ""


def _one_line(text: str) -> str:
    return " ".join(text.split())
