"""Guesses from the prompt."""

from models.engine.lookup import GUESSED_MAX, TRIED, Lookup


def test_what_followed_the_same_three_tokens_is_guessed() -> None:
    assert Lookup([1, 2, 3, 4, 5, 6, 1, 2, 3]).guess()[:3] == [4, 5, 6]


def test_the_latest_place_counts() -> None:
    assert Lookup([1, 2, 3, 4, 1, 2, 3, 5, 9, 9, 1, 2, 3]).guess()[0] == 5


def test_nothing_is_guessed_where_nothing_is_known() -> None:
    assert Lookup([1, 2, 3, 4]).guess() == []
    assert Lookup([]).guess() == []


def test_a_guess_is_short() -> None:
    assert len(Lookup([*range(100), 0, 1, 2]).guess()) == GUESSED_MAX


def test_guessing_that_does_not_pay_is_given_up() -> None:
    lookup = Lookup([1, 2, 3, 4, 5, 6, 1, 2, 3])
    lookup.judge(TRIED, 0)
    assert lookup.guess() == []


def test_what_is_written_is_looked_up_too() -> None:
    lookup = Lookup([7, 8, 9])
    lookup.add([1, 7, 8, 9])
    assert lookup.guess()[0] == 1
