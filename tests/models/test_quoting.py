"""The quoting writer: in which order it quotes, and with which words between."""

import threading
from dataclasses import replace

import pytest

from models import Limits, NumberedSentence, Prompt, QuotingWriter
from models.quoting import ANOTHER_NOTE, EARLIER_HERE, EARLIER_NOTE, ELSEWHERE_HERE, LATER_NOTE, in_order, joined
from presence.asking.verify import connection
from tests.models.prompts import numbered

PIANO = "I wrote it on a rented piano."
KEYS = "The piano had two dead keys."
FLAT = "Both keys of the piano were B flat."
HOW = "How did you write on the piano?"


def quoted(*sentences: NumberedSentence, pointers_max: int = 4, question: str = HOW) -> str:
    prompt = Prompt("", question, sentences)
    return "".join(QuotingWriter().write(prompt, Limits(pointers_max=pointers_max), threading.Event())).strip()


def test_the_best_sentence_comes_first_wherever_it_stands() -> None:
    best, other = numbered(2, PIANO, relevance=0.9, position=5), numbered(1, KEYS, relevance=0.8)
    assert quoted(other, best).startswith("[2]")


def test_nothing_is_quoted_from_nothing() -> None:
    assert quoted() == ""


def test_nothing_is_quoted_where_no_pointer_is_allowed() -> None:
    assert quoted(numbered(1, PIANO), pointers_max=0) == ""


def test_sentences_that_follow_are_quoted_without_words_between() -> None:
    assert quoted(numbered(1, PIANO), numbered(2, KEYS, position=1)) == "[1] [2]"


def test_a_sentence_of_another_note_is_introduced_as_such() -> None:
    assert quoted(numbered(1, PIANO), replace(numbered(2, KEYS, passage="b"), title="Keys")) == (
        "[1] In another note: [2]"
    )


def test_a_writer_that_is_stopped_between_two_sentences_writes_no_more() -> None:
    stop = threading.Event()
    pieces = QuotingWriter().write(Prompt("", HOW, (numbered(1, PIANO), numbered(2, KEYS))), Limits(), stop)
    next(pieces)
    stop.set()
    assert list(pieces) == []


def test_what_follows_the_best_comes_before_what_stands_above_it() -> None:
    best, above, next_one = numbered(1, position=4), numbered(2, position=2), numbered(3, position=5)
    assert [s.number for s in in_order([best, above, next_one])] == [1, 3, 2]


def test_sentences_of_one_place_stand_together_in_their_order() -> None:
    best, other = numbered(1, passage="a", position=4), numbered(2, passage="b")
    later, sooner = numbered(3, passage="a", position=7), numbered(4, passage="a", position=6)
    assert [s.number for s in in_order([best, other, later, sooner])] == [1, 4, 3, 2]


def test_other_places_come_as_they_were_chosen() -> None:
    older = replace(numbered(3, passage="c"), date="2012-01-01")
    chosen = [numbered(1), numbered(2, passage="b"), older, numbered(4, passage="b", position=1)]
    assert [s.number for s in in_order(chosen)] == [1, 2, 4, 3]


def test_other_places_come_by_date_in_a_history() -> None:
    late = replace(numbered(2, passage="b"), date="2023-01-01")
    early = replace(numbered(3, passage="c"), date="2012-01-01")
    assert [s.number for s in in_order([numbered(1), late, early], history=True)] == [1, 3, 2]


def test_a_question_for_a_history_is_answered_by_date() -> None:
    late = replace(numbered(2, KEYS, passage="b"), date="2023-01-01")
    early = replace(numbered(3, FLAT, passage="c"), date="2012-01-01")
    answer = quoted(numbered(1, PIANO), late, early, question="How has the piano changed?")
    assert answer == "[1] In an earlier note: [3] In a later note: [2]"


def test_what_stands_above_is_said_to() -> None:
    assert joined(numbered(1, position=3), numbered(2, position=1)) == EARLIER_HERE


def test_what_follows_is_joined_without_words() -> None:
    assert joined(numbered(1, position=3), numbered(2, position=6)) == ""


def test_another_passage_of_the_same_note_is_said_to_be() -> None:
    assert joined(numbered(1), numbered(2, passage="b")) == ELSEWHERE_HERE


@pytest.mark.parametrize("date", ["", "2019", "2019-03-04"])
def test_a_note_is_called_neither_earlier_nor_later_without_two_days(date: str) -> None:
    other = replace(numbered(2, passage="b"), title="Keys", date=date)
    assert joined(numbered(1), other, history=True) == ANOTHER_NOTE


@pytest.mark.parametrize("words", [EARLIER_HERE, ELSEWHERE_HERE, ANOTHER_NOTE, LATER_NOTE, EARLIER_NOTE])
def test_the_words_between_are_let_through(words: str) -> None:
    assert connection(words) == words.strip()
