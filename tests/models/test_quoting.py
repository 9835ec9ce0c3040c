"""The quoting writer: which sentences it chooses, and in which order."""

import threading

from models import Limits, NumberedSentence, Prompt, QuotingWriter
from tests.models.prompts import numbered


def quoted(*sentences: NumberedSentence, pointers_max: int = 4) -> str:
    prompt = Prompt("", "", sentences)
    return "".join(QuotingWriter().write(prompt, Limits(pointers_max=pointers_max), threading.Event())).strip()


def test_the_best_sentence_comes_first_wherever_it_stands() -> None:
    assert quoted(numbered(1, relevance=0.8), numbered(2, relevance=0.9, position=5)).startswith("[2]")


def test_nothing_is_quoted_from_nothing() -> None:
    assert quoted() == ""


def test_a_sentence_that_bears_much_less_is_left_out() -> None:
    assert quoted(numbered(1, relevance=0.9), numbered(2, passage="two", relevance=0.6)) == "[1]"


def test_a_sentence_that_bears_nearly_as_much_is_quoted_too() -> None:
    assert quoted(numbered(1, relevance=0.9), numbered(2, passage="two", relevance=0.8)) == "[1] [2]"


def test_the_next_sentence_of_the_best_needs_less() -> None:
    best, following = numbered(1, position=3, relevance=0.9), numbered(2, position=4, relevance=0.5)
    assert quoted(best, following) == "[1] [2]"


def test_the_sentence_before_the_best_needs_as_much_as_any() -> None:
    best, before = numbered(1, position=3, relevance=0.9), numbered(2, position=2, relevance=0.5)
    assert quoted(best, before) == "[1]"


def test_no_more_is_quoted_than_may_be() -> None:
    many = [numbered(number, passage=str(number), relevance=0.9) for number in range(1, 9)]
    assert quoted(*many, pointers_max=3) == "[1] [2] [3]"


def test_one_pointer_is_the_best_sentence_alone() -> None:
    assert quoted(numbered(1, relevance=0.8), numbered(2, relevance=0.9), pointers_max=1) == "[2]"


def test_sentences_of_one_place_stand_together_in_their_order() -> None:
    best = numbered(1, passage="a", position=4, relevance=0.9)
    other = numbered(2, passage="b", position=0, relevance=0.89)
    later = numbered(3, passage="a", position=7, relevance=0.87)
    sooner = numbered(4, passage="a", position=6, relevance=0.86)
    assert quoted(best, other, later, sooner) == "[1] [4] [3] [2]"
