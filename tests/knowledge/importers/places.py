"""Looks at the places of sentences in a file."""

from knowledge.importers import ImportedDoc
from knowledge.passages import cut


def sentence_lines(document: ImportedDoc) -> dict[str, int]:
    """The line of the file at which each sentence is said to begin."""
    return {
        piece.text[sentence.start : sentence.end]: sentence.line
        for piece in cut(document)
        for sentence in piece.sentences
    }


def true_lines(source: str, *openings: str) -> dict[str, int]:
    """The line at which each of these words stands in the file."""
    lines = source.splitlines()
    return {opening: next(n for n, line in enumerate(lines, start=1) if opening in line) for opening in openings}


def assert_lines_are_true(document: ImportedDoc, source: str) -> None:
    """Every sentence begins on the line that it names: its first two words stand there."""
    found = sentence_lines(document)
    assert found
    lines = source.splitlines()
    for sentence, line in found.items():
        opening = " ".join(sentence.split()[:2])
        said = lines[line - 1] if line <= len(lines) else "(beyond the end of the file)"
        assert opening in " ".join(said.split()), f"{sentence!r} is not on line {line}: {said!r}"
