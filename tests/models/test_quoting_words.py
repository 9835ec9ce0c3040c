"""The words by which sentences are compared."""

import pytest

from models.quoting_words import WORDS_MAX, stem, words


def test_words_that_say_nothing_are_left_out() -> None:
    assert words("Where was the piano, and who had it?") == {"piano"}


def test_a_possessive_is_the_word_itself() -> None:
    assert words("Winnie’s kettle") == words("Winnie kettle") == words("Winnie's kettle")


@pytest.mark.parametrize("form", ["recorded", "recording", "records", "record"])
def test_forms_of_a_word_meet(form: str) -> None:
    assert stem(form) == "record"


@pytest.mark.parametrize("short", ["sea", "bed", "yes", "ring"])
def test_a_short_word_stays_whole(short: str) -> None:
    assert stem(short) == short


def test_only_so_many_words_are_looked_at() -> None:
    assert "last" not in words("first " * WORDS_MAX + "last")
