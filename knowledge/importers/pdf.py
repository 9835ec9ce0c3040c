"""PDFs to blocks that name their page.

A PDF knows no paragraphs, only where lines stand: running heads and page numbers come in the middle of
sentences, words are cut at line ends, and a scanned page has no text at all. A paragraph is guessed from
the length of its lines; what stands on a page stays on that page, so that a quotation can be looked up.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import TYPE_CHECKING

from knowledge.errors import ImportRefused
from knowledge.importers.money import is_about_money
from knowledge.importers.plaintext import is_heading
from knowledge.importers.record import Block, BlockKind, ImportedDoc
from knowledge.importers.sniffed import Sniffed
from knowledge.importers.tracklist import is_tracklist

if TYPE_CHECKING:  # loaded by the first PDF only
    from pypdf import PageObject, PdfReader

PAGES_MAX = 1_000
LINES_MAX = 100_000
_PICTURE = (
    "This PDF is a picture: there is no text in it. Export it with text, or run a text recognition over it first."
)
_BROKEN = "This PDF is broken and cannot be opened. Open it in a reader of PDFs and save it again."
_LOCKED = "This PDF is locked with a password. Save a copy without one and import that."
# Whatever a reader of this format stumbles over in somebody's file.
_STUMBLES = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, AssertionError,
             NotImplementedError, RecursionError, OSError)  # fmt: skip
_PAGE_NUMBER = re.compile(
    r"\W*(?:page|seite|p\.)?\W*(?:\d{1,4}|[ivxlc]{1,6})(?:\s*(?:of|/|von)\s*\d{1,4})?\W*", re.IGNORECASE
)
# A word begins where no letter stands before it, and ends: a line of letters only is looked at once.
_WORD = r"[^\W\d_]{1,80}"
_CUT_WORD = re.compile(rf"(?<![^\W\d_])(?P<begun>{_WORD})[-\u00ad\u2010]\n(?P<rest>{_WORD})")
_JOINED_WORD = re.compile(rf"(?<![^\W\d_]){_WORD}-{_WORD}")
_SECTION = re.compile(r"\d{1,2}(?:\.\d{1,2})*\.?\s+[^\W\d_a-z][^.!?]{2,80}")
_PROGRAM_TITLE = re.compile(r"^(?:Microsoft Word|untitled|.*\.(?:docx?|pdf|indd|pages|tex|dvi)$)", re.IGNORECASE)
_EDGE_LINES = 2
_REPEATED_MIN = 3
_SHORT_SHARE = 0.6


def is_it(file: Sniffed) -> bool:
    return file.head.startswith(b"%PDF-") or (file.suffix == ".pdf" and b"%PDF-" in file.data[:1_024])


def read(file: Sniffed) -> Sequence[ImportedDoc]:
    """Read one PDF as one document."""
    reader = _opened(file.data)
    pages, left_out = _pages(reader)
    blocks = tuple(_blocks(_without_running_heads(pages)))
    if not blocks:
        raise ImportRefused(_PICTURE if not any(pages.values()) else "There is nothing in this PDF but page numbers.")
    pictures = [number for number, lines in pages.items() if not lines]
    if pictures:
        left_out.append(f"{_counted(pictures)} without text: {_listed(pictures)}.")
    return [
        ImportedDoc(
            format="pdf",
            title=_title(reader, blocks) or file.name.stem,
            blocks=blocks,
            kind="set" if any(block.kind == "tracklist" for block in blocks) else "note",
            left_out=tuple(left_out),
            private=is_about_money("\n".join(block.text for block in blocks)),
        )
    ]


def _stumbles() -> tuple[type[Exception], ...]:
    from pypdf.errors import PyPdfError

    return (PyPdfError, *_STUMBLES)


def _opened(data: bytes) -> "PdfReader":
    from pypdf import PasswordType, PdfReader

    try:
        reader = PdfReader(BytesIO(data), strict=False)
        if reader.is_encrypted and reader.decrypt("") is PasswordType.NOT_DECRYPTED:
            raise ImportRefused(_LOCKED)
        len(reader.pages)
    except _stumbles() as error:
        locked = "crypt" in str(error).lower() or "AES" in str(error)
        raise ImportRefused(_LOCKED if locked else _BROKEN) from None
    return reader


def _pages(reader: "PdfReader") -> tuple[dict[int, list[str]], list[str]]:
    """Give the lines of every page, and a sentence for what was not read."""
    pages: dict[int, list[str]] = {}
    left_out, unread, lines_left = list[str](), list[int](), LINES_MAX
    for number, page in enumerate(reader.pages[:PAGES_MAX], start=1):
        if lines_left <= 0:
            left_out.append(f"Only the first {LINES_MAX:,} lines were read, up to page {number - 1}.")
            break
        lines = _lines(page)
        if lines is None:
            unread.append(number)
            continue
        pages[number] = lines[:lines_left]
        lines_left -= len(lines)
    if unread:
        left_out.append(f"{_counted(unread)} could not be read: {_listed(unread)}.")
    if len(reader.pages) > PAGES_MAX:
        left_out.append(f"Only the first {PAGES_MAX:,} of {len(reader.pages):,} pages were read.")
    return pages, left_out


def _lines(page: "PageObject") -> list[str] | None:
    try:
        text = page.extract_text()
    except _stumbles():
        return None
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def _without_running_heads(pages: dict[int, list[str]]) -> dict[int, list[str]]:
    """Drop page numbers, and what stands at the same edge of at least half of the pages."""
    edges = Counter(shape for lines in pages.values() for shape in {_shape(lines[at]) for at in _edges(lines)})
    often = max(_REPEATED_MIN, len(pages) / 2)
    kept = {}
    for number, lines in pages.items():
        gone = {
            at for at in _edges(lines) if edges[_shape(lines[at])] >= often or _PAGE_NUMBER.fullmatch(lines[at].strip())
        }
        kept[number] = [line for at, line in enumerate(lines) if at not in gone]
    return kept


def _edges(lines: list[str]) -> set[int]:
    return {at for at in range(len(lines)) if at < _EDGE_LINES or at >= len(lines) - _EDGE_LINES}


def _shape(line: str) -> str:
    return re.sub(r"\d+", "#", line)


def _blocks(pages: dict[int, list[str]]) -> Iterator[Block]:
    whole = "\n".join("\n".join(lines) for lines in pages.values())
    words = Counter(_JOINED_WORD.findall(whole.lower()))
    for number, lines in pages.items():
        for paragraph in _paragraphs(lines):
            text = _CUT_WORD.sub(lambda cut: _mended(cut, words), "\n".join(paragraph))
            flat = text.replace("\n", " ")
            if is_heading(text) or (len(paragraph) == 1 and _SECTION.fullmatch(flat)):
                yield Block("heading", flat, 1, place=f"page {number}")
            else:
                kind: BlockKind = "tracklist" if is_tracklist(text) else "prose"
                yield Block(kind, text, 1, own_lines=False, place=f"page {number}")


def _paragraphs(lines: list[str]) -> Iterator[list[str]]:
    """Lines of full width belong together until one falls short; short lines are verse, a list or a heading."""
    full = sorted(map(len, lines))[int(len(lines) * 0.9)] if lines else 0
    run = list[str]()
    for line in lines:
        if run and _begins(run, line, full):
            yield run
            run = []
        run.append(line)
    if run:
        yield run


def _begins(run: list[str], line: str, full: int) -> bool:
    short_before, short = len(run[-1]) < _SHORT_SHARE * full, len(line) < _SHORT_SHARE * full
    if _SECTION.fullmatch(line) or (len(run) == 1 and _SECTION.fullmatch(run[0])):
        return True
    if short_before:
        return not short or (len(run) > 1 and len(run[-2]) >= _SHORT_SHARE * full)
    ended = run[-1].endswith((".", "!", "?", ":", "”", '"'))
    return ended and len(run[-1]) < 0.85 * full


def _mended(cut: re.Match[str], words: Counter[str]) -> str:
    """A hyphen that the same word has elsewhere in the middle of a line is its own."""
    begun, rest = cut["begun"], cut["rest"]
    own = words[f"{begun}-{rest}".lower()] or not rest[0].islower()
    return f"{begun}-{rest}" if own else f"{begun}{rest}"


def _title(reader: "PdfReader", blocks: tuple[Block, ...]) -> str:
    try:
        written = reader.metadata.title if reader.metadata else None
    except _stumbles():
        written = None
    title = " ".join(str(written or "").split())
    if title and not _PROGRAM_TITLE.match(title):
        return title
    return next((block.text for block in blocks if block.kind == "heading"), "")


def _counted(pages: list[int]) -> str:
    return "1 page" if len(pages) == 1 else f"{len(pages)} pages"


def _listed(pages: list[int]) -> str:
    return ", ".join(map(str, pages[:20])) + (" …" if len(pages) > 20 else "")
