"""Words that questions are made of: those that say how it is asked, and those that say nothing.

Whatever is in neither list, is no name and no date, may be a condition that the rows cannot decide
("with an orchestra", "in the rain"): a question with such a word is not answered by counting.
"""

from pathlib import Path


def words(said: str) -> frozenset[str]:
    """Give the words of a line as a set."""
    return frozenset(said.split())


def in_order(said: str, start: int = 1) -> dict[str, int]:
    """Number the words of a line."""
    return {word: number for number, word in enumerate(said.split(), start)}


def _list(name: str) -> frozenset[str]:
    return words((Path(__file__).parent / f"{name}.txt").read_text(encoding="utf-8"))


FUNCTION_WORDS = _list("function_words")
"""Small words that hold a sentence together."""

ASKING_WORDS = _list("asking_words")
"""What a question asks for, and the things of a musician's trade that it is asked about."""

FILLERS = _list("filler_words")
"""Said to be polite, to be sure, or to be somebody."""

COMMON = _list("common_words")
"""Words of everyday prose: one of them alone is no part of a name, unless it stands where names stand."""

RARER = _list("rarer_words")
"""Words that people do write, if seldom: none of them is a misspelling."""

KNOWN = FUNCTION_WORDS | ASKING_WORDS | FILLERS
"""Every word that is explained without the rows."""

RESTRICTING = frozenset({"with", "without", "while", "whilst", "featuring", "feat", "because", "despite", "plus"})
"""A condition opens here: what follows and is not understood changes the question."""

_ENDINGS = ("", "s", "es", "ed", "d", "ing", "er", "ers", "ly", "y")


def is_a_word(written: str) -> bool:
    """Whether something written in small letters is a word, perhaps with an ending."""
    stems = {written.removesuffix(ending) for ending in _ENDINGS}
    return any(stem in COMMON or stem in RARER for stem in stems | {f"{stem}e" for stem in stems})
