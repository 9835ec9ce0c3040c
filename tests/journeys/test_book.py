"""A book of letters with an editor: nothing that the editor says is put into the author's mouth."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.nodes import open_node, take_in

BOOK = Path(__file__).parents[3] / "shared" / "data" / "beethoven-letters-v1"
AUTHOR, FOOTNOTES = "Ludwig van Beethoven", 131

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not BOOK.exists(), reason="the book is elsewhere")]


@dataclass(frozen=True)
class Said:
    line: int
    speaker: str
    text: str


def footnotes(source: str) -> Iterator[tuple[int, int, str]]:
    """Give the first and the last line of every footnote, and its words, by counting brackets in the file."""
    for found in re.finditer(r"\[Footnote\b", source):
        depth, end = 0, found.start()
        while True:
            depth += {"[": 1, "]": -1}.get(source[end], 0)
            end += 1
            if depth == 0:
                break
        first, last = (source.count("\n", 0, at) + 1 for at in (found.start(), end - 1))
        yield first, last, source[found.start() : end]


def sentences(folder: Path, name: str) -> list[Said]:
    """Import one edition, and give every sentence with its line and its speaker."""
    with open_node(folder / "home") as services:
        take_in(services, BOOK / name, speaker=AUTHOR)
        with services.database.reader(0) as reader:
            rows = reader.execute(text("SELECT speaker, text, sentences FROM passages ORDER BY number")).all()
    return [
        Said(line, row.speaker, row.text[start:end])
        for row in rows
        for start, end, line, _ in (json.loads(row.sentences) if isinstance(row.sentences, str) else row.sentences)
    ]


@pytest.mark.parametrize("name", ["13065-8.txt", "13065.txt"])
def test_every_footnote_is_the_editors(tmp_path: Path, name: str) -> None:
    source = (BOOK / name).read_bytes().decode("latin-1").replace("\r\n", "\n")
    notes = list(footnotes(source))
    assert len(notes) == FOOTNOTES
    said = sentences(tmp_path, name)
    within = [[one for one in said if first <= one.line <= last] for first, last, _ in notes]
    assert [note[:60] for (_, _, note), found in zip(notes, within, strict=True) if not found] == []
    assert [one for found in within for one in found if one.speaker != "the editor"] == []
    for (_, _, note), found in zip(notes, within, strict=True):
        words = "".join(one.text for one in found)
        assert re.sub(r"\W", "", words) == re.sub(r"\W", "", note)  # and all of it was taken in
    [mine] = [one for found in within for one in found if "in answer to my request" in " ".join(one.text.split())]
    assert mine.speaker == "the editor"


def test_the_letters_are_the_authors(tmp_path: Path) -> None:
    said = sentences(tmp_path, "13065-8.txt")
    by_author = [one for one in said if one.speaker == AUTHOR]
    assert {one.speaker for one in said} == {AUTHOR, "the editor"}
    assert len(by_author) > 0.7 * len(said)
    assert any("consider my request" in " ".join(one.text.split()) for one in by_author)
