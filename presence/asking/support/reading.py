"""Reads a text into sentences, each with its clauses and its pronouns settled."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from knowledge.sentences import sentence_spans
from presence.asking.support.clauses import Clause, clauses_of, roles_of
from presence.asking.support.contracts import Cited
from presence.asking.support.names import Names
from presence.asking.support.phrases import ARTIST
from presence.asking.support.phrasing import phrases_of
from presence.asking.support.referring import Referring
from presence.asking.support.terms import Term, folded, terms_of


@dataclass(frozen=True, slots=True)
class Told:
    """One sentence as it was read; a question states nothing."""

    text: str
    terms: tuple[Term, ...]
    clauses: tuple[Clause, ...]


def read_source(source: Cited, names: Names) -> list[Told]:
    """Read what a source says, sentence by sentence; pronouns are settled by what stands before them."""
    speaker = folded(source.speaker)
    referring = Referring(names, speaker)
    texts = (_OPENING.sub("", text) for text in sentences_in(source.text))
    return [_read(text, names, referring, source.date, diary=bool(speaker)) for text in texts]


# What opens a sentence of a letter or an interview and says nothing.
_OPENING = re.compile(
    r"^(?:(?:No|Yes|Well|Oh|Ah|Anyway|Dear [A-Z]\w+), +|(?:So|And|But|Then),? +(?!that\b|what\b|if\b|far\b))(?=\w)"
)


def read_answer(sentence: str, names: Names, told_of: str = ARTIST) -> Told:
    """Read a sentence of an answer; "she" and "I" are `told_of` where nobody else was named before."""
    referring = Referring(names, told_of if told_of != ARTIST else ARTIST, told_of=told_of)
    return _read(sentence, names, referring, "")


def sentences_in(text: str) -> Iterator[str]:
    """Give the sentences of a text."""
    for start, end in sentence_spans(text):
        yield " ".join(text[start:end].split())


def _read(text: str, names: Names, referring: Referring, date: str, *, diary: bool = False) -> Told:
    terms = terms_of(text, names.capitals, date=date, whole=names.whole)
    clauses: Sequence[Clause] = clauses_of(phrases_of(terms), diary=diary)
    if re.search(r"\?[\"”’')]*$", text):
        for clause in clauses:
            clause.doubtful = "a question"
    referring.settle(clauses)
    roles = [role for clause in clauses for role in roles_of(clause)] if diary else []
    return Told(text, terms, (*clauses, *roles))
