"""What a question may be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presence.asking.contracts import Listener
from presence.asking.question import Question, cleaned, known_act
from presence.errors import QuestionEmpty, QuestionTooLong, UnknownAct


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\x00\x01\x02", "?!…", "\u200b\u200e", "— — —"])
def test_a_question_without_words_is_refused(text: str) -> None:
    with pytest.raises(QuestionEmpty):
        cleaned(text, 100)


def test_a_long_question_is_refused_with_both_figures() -> None:
    with pytest.raises(QuestionTooLong, match=r"100,000 characters and may have 2,000"):
        cleaned("a" * 100_000, 2_000)


def test_control_characters_are_taken_away() -> None:
    assert cleaned("Who\x00 was\x1b[31m it?\u202e", 100) == "Who was[31m it?"


@given(st.text(max_size=300))
def test_what_passes_holds_a_word_and_no_control_characters(text: str) -> None:
    try:
        kept = cleaned(text, 300)
    except QuestionEmpty:
        return
    assert any(char.isalnum() for char in kept)
    assert "\x00" not in kept
    assert cleaned(kept, 300) == kept


def test_an_act_that_is_not_offered_is_refused() -> None:
    assert known_act(None) == "ask"
    with pytest.raises(UnknownAct, match="It can: ask"):
        known_act("mixtape")


def test_an_idempotency_key_is_bound_to_all_that_was_asked() -> None:
    one = Question("Who?", Listener("anon:1"))
    assert one.body_sha256 == Question("Who?", Listener("anon:2")).body_sha256
    assert one.body_sha256 != Question("Who?", Listener("anon:1"), conversation="c").body_sha256
    assert one.body_sha256 != Question("When?", Listener("anon:1")).body_sha256
