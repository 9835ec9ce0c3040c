"""Sentences come out of a stream whole, and as soon as they can."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.sentences import sentence_spans
from presence.asking.support import sentences_of

TEXT = "I met B. B. King at 7.30 p.m. in St. Ives. He played 4.5 hours! “Never again.” So Dr. Valk said… and left."


def whole(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@given(st.lists(st.integers(0, len(TEXT)), max_size=12))
def test_however_it_is_cut_the_sentences_are_the_same(cuts: list[int]) -> None:
    places = [0, *sorted(cuts), len(TEXT)]
    pieces = [TEXT[start:end] for start, end in pairwise(places)]
    assert list(sentences_of(pieces)) == whole(TEXT)


def test_names_and_numbers_end_no_sentence() -> None:
    assert list(sentences_of(TEXT)) == [
        "I met B. B. King at 7.30 p.m. in St. Ives.",
        "He played 4.5 hours!",
        "“Never again.”",
        "So Dr. Valk said… and left.",
    ]


def test_a_sentence_is_given_once_the_next_has_begun() -> None:
    pieces = iter(["It rained", ". W", "never read"])
    assert next(iter(sentences_of(pieces))) == "It rained."
    assert next(pieces) == "never read"


@pytest.mark.parametrize("text", ["", "   ", "\n\n"])
def test_nothing_gives_nothing(text: str) -> None:
    assert list(sentences_of([text])) == []
