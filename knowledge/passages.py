"""Cuts a document into passages at its own joints, and knows the place of every sentence.

A passage never crosses a heading or a change of speaker. Its text is a stretch of the document's
text, and its sentences are stretches of the passage: a quotation is a slice, never a copy that
could differ.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from knowledge.importers import Block, ImportedDoc
from knowledge.importers.tracklist import time_of
from knowledge.sentences import is_verse, line_spans, sentence_spans

# The embedder reads 256 word pieces, about 190 English words, the title and heading included.
PASSAGE_WORDS_MAX = 150
_BETWEEN_BLOCKS = "\n\n"
_NUMBER = re.compile(r"\d+\.?(?:\[\d+\])?$")
_YEAR = re.compile(r"(?:1\d|20)\d{2}\.?(?:\[\d+\])?$")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A stretch of a passage: characters `start` to `end`, at `line` of the file, at `time` of a set."""

    start: int
    end: int
    line: int
    time: str | None = None


@dataclass(frozen=True, slots=True)
class Cut:
    """One passage of a document: `text` begins at character `start` of the document's text."""

    start: int
    text: str
    heading: str
    speaker: str
    sentences: tuple[Sentence, ...]

    @property
    def words(self) -> int:
        """How long the passage is, for the ranking of the lexical index."""
        return len(self.text.split())


def document_text(document: ImportedDoc) -> str:
    """Give the whole readable text; every passage is a slice of it."""
    return _BETWEEN_BLOCKS.join(block.text for block in document.blocks)


def cut(document: ImportedDoc) -> list[Cut]:
    """Cut a document into passages of at most `PASSAGE_WORDS_MAX` words, sentences kept whole."""
    text = document_text(document)
    return [_passage(text, document, heading, group) for heading, group in _groups(document.blocks, text)]


_Placed = tuple[Block, Sentence]  # a sentence whose offsets count from the document's beginning


def _groups(blocks: Iterable[Block], text: str) -> Iterator[tuple[str, list[_Placed]]]:
    heading, group, words, spoken, follows_heading = "", list[_Placed](), 0, "", False
    for block, sentences in _placed(blocks):
        if block.kind == "heading":
            if group:
                yield heading, group
            title = " ".join(block.text.split())
            # A number and a name on two lines are one heading; a number, or prose between, begins a new one.
            heading = f"{heading} {title}" if follows_heading and _belongs(heading, title) else title
            group, words, follows_heading = [], 0, True
            continue
        follows_heading = False
        for sentence in sentences:
            length = len(text[sentence.start : sentence.end].split())
            if group and (block.speaker != spoken or words + length > PASSAGE_WORDS_MAX):
                yield heading, group
                group, words = [], 0
            group.append((block, sentence))
            words, spoken = words + length, block.speaker
    if group:
        yield heading, group


def _belongs(heading: str, title: str) -> bool:
    """Whether the second of two headings goes on where the first ended; a year under a name does."""
    return not _NUMBER.match(title) or bool(_YEAR.match(title) and not _NUMBER.match(heading))


def _placed(blocks: Iterable[Block]) -> Iterator[tuple[Block, list[Sentence]]]:
    offset = 0
    for block in blocks:
        in_lines = block.kind == "tracklist" or is_verse(block.text)
        spans = line_spans(block.text) if in_lines else sentence_spans(block.text)
        breaks = [found.start() for found in re.finditer("\n", block.text)] if block.own_lines else []
        yield block, [_sentence(block, offset, bisect_left(breaks, span[0]), *span) for span in spans]
        offset += len(block.text) + len(_BETWEEN_BLOCKS)


def _sentence(block: Block, offset: int, lines_before: int, start: int, end: int) -> Sentence:
    time = time_of(block.text[start:end]) if block.kind == "tracklist" else ""
    return Sentence(offset + start, offset + end, block.line + lines_before, time or None)


def _passage(text: str, document: ImportedDoc, heading: str, group: list[_Placed]) -> Cut:
    start, end = group[0][1].start, group[-1][1].end
    sentences = tuple(
        Sentence(placed.start - start, placed.end - start, placed.line, placed.time) for _, placed in group
    )
    return Cut(start, text[start:end], heading, group[0][0].speaker or document.speaker, sentences)
