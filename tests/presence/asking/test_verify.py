"""What a writer writes, and what is let through."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presence.asking.verify import CONNECTION_CHARS_MAX, Pointed, connection, pointers


def numbers(text: str, allowed: range = range(1, 10)) -> list[int]:
    return [pointed.number for pointed in pointers([text], allowed)]


def test_each_valid_pointer_comes_once_and_in_order() -> None:
    assert numbers("[3] [1] [3] [2]") == [3, 1, 2]


def test_a_number_outside_the_prompt_becomes_nothing() -> None:
    assert numbers("[12] [0] [2] [-1] [1e3]") == [2]


def test_what_was_shown_before_is_not_shown_again() -> None:
    assert [p.number for p in pointers(["[1] [2]"], range(1, 5), shown=[1])] == [2]


def test_a_pointer_may_come_in_pieces() -> None:
    assert [p.number for p in pointers(["He", "re: [", "1", "2", "] and [", "3]"], range(1, 20))] == [12, 3]


def test_a_pointer_is_given_as_soon_as_it_is_written() -> None:
    pieces = iter(["[1]", "never read"])
    first = next(iter(pointers(pieces, [1])))
    assert first == Pointed(1, "")
    assert next(pieces) == "never read"


@pytest.mark.parametrize("words", ["Here is what I wrote:", "And later:", "Yes, and this:", "From the notes:"])
def test_words_that_only_join_are_kept(words: str) -> None:
    assert connection(words) == words


@pytest.mark.parametrize(
    "words",
    [
        "I never played there:",  # a negation
        "That was in 1977:",  # a number
        "Petra played this:",  # a name
        "It was recorded in a church:",  # a fact
        "This is not so:",
        "here " * 40,
        "",
        "  \n ",
        "…",
    ],
)
def test_words_that_could_carry_a_fact_are_left_out(words: str) -> None:
    assert connection(words) == ""


@given(st.text(max_size=200))
def test_whatever_is_written_only_listed_words_pass(text: str) -> None:
    for pointed in pointers([text, "[1]"], [1]):
        assert len(pointed.connection) <= CONNECTION_CHARS_MAX
        assert not any(char.isdigit() for char in pointed.connection)
        assert connection(pointed.connection) == pointed.connection
