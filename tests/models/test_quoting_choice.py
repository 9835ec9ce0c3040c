"""Which sentences are quoted: what speaks for one beside the best, and what against it."""

from dataclasses import replace

from models.quoting_choice import chosen
from tests.models.prompts import numbered

BEST = numbered(1, "I wrote Pilot Ladder on a rented piano.", position=4, relevance=1.0)
HOW = "How did you write Pilot Ladder?"


def numbers(*others: object, question: str = HOW, most: int = 4, best: object = BEST) -> list[int]:
    return [s.number for s in chosen(question, (best, *others), most)]  # type: ignore[arg-type]


def test_nothing_is_chosen_from_nothing() -> None:
    assert chosen(HOW, (), 4) == []


def test_the_best_is_chosen_whatever_it_says() -> None:
    assert numbers(best=numbered(1, "Did you?", relevance=0.0)) == [1]


def test_a_sentence_that_bears_much_less_is_left_out() -> None:
    assert numbers(numbered(2, "Pilot Ladder was cheap.", passage="b", relevance=0.7)) == [1]


def test_a_sentence_that_bears_nearly_as_much_is_quoted_too() -> None:
    assert numbers(numbered(2, "Pilot Ladder was cheap.", passage="b", relevance=0.85)) == [1, 2]


def test_no_more_is_chosen_than_may_be() -> None:
    many = [numbered(n, f"Pilot Ladder was number{n} colour{n}.", relevance=0.95) for n in range(2, 9)]
    assert len(numbers(*many, most=3)) == 3


def test_a_sentence_of_the_same_passage_needs_less() -> None:
    assert numbers(numbered(2, "Pilot Ladder was cheap.", position=9, relevance=0.75)) == [1, 2]


def test_a_sentence_beside_the_best_needs_less_still() -> None:
    before = numbered(2, "Pilot Ladder was cheap.", position=3, relevance=0.67)
    after = numbered(2, "Pilot Ladder was cheap.", position=5, relevance=0.67)
    away = numbered(2, "Pilot Ladder was cheap.", position=9, relevance=0.67)
    assert [numbers(s) for s in (before, after, away)] == [[1, 2], [1, 2], [1]]


def test_a_sentence_that_goes_on_in_the_same_words_needs_less() -> None:
    on, off = "Pilot Ladder made the piano famous.", "Pilot Ladder made the cellar famous."
    assert numbers(numbered(2, on, passage="b", relevance=0.75)) == [1, 2]
    assert numbers(numbered(2, off, passage="b", relevance=0.75)) == [1]


def test_words_of_the_question_do_not_count_as_going_on() -> None:
    assert numbers(numbered(2, "Ladder, Pilot Ladder, was cheap.", passage="b", relevance=0.75)) == [1]


def test_a_sentence_goes_on_from_a_further_one_too() -> None:
    second = numbered(2, "Pilot Ladder was pressed in Leeds.", passage="b", relevance=0.9)
    third = numbered(3, "Leeds loved Pilot Ladder.", passage="c", relevance=0.75)
    assert numbers(second, third) == [1, 2, 3]
    assert numbers(third) == [1]


def test_sentences_without_any_relevance_are_weighed_alike() -> None:
    best, other = numbered(1, "Pilot Ladder was late.", relevance=0.0), numbered(2, "Pilot Ladder was cheap.")
    assert numbers(replace(other, relevance=0.0), best=best) == [1, 2]


def test_a_sentence_that_repeats_is_left_out() -> None:
    assert numbers(numbered(2, "Pilot Ladder was on a rented piano.", passage="b", relevance=0.99)) == [1]


def test_a_sentence_without_a_word_of_the_question_needs_more() -> None:
    assert numbers(numbered(2, "The cellar was cheap.", passage="b", relevance=0.85)) == [1]


def test_a_sentence_that_goes_on_needs_no_word_of_the_question() -> None:
    assert numbers(numbered(2, "The cellar was cheap.", position=5, relevance=0.7)) == [1, 2]


def test_a_sentence_that_leans_on_one_left_out_needs_more() -> None:
    assert numbers(numbered(2, "She heard Pilot Ladder.", passage="b", relevance=0.85)) == [1]


def test_a_sentence_that_leans_on_the_one_before_it_does_not() -> None:
    assert numbers(numbered(2, "She heard it at night.", position=5, relevance=0.7)) == [1, 2]


def test_a_question_is_no_answer() -> None:
    assert numbers(numbered(2, "Was Pilot Ladder cheap?", passage="b", relevance=0.95)) == [1]


def test_a_line_of_a_track_list_is_no_answer() -> None:
    assert numbers(numbered(2, "[0:10:00] Somebody - Pilot Ladder", passage="b", relevance=0.95)) == [1]


def test_less_is_quoted_once_what_was_asked_for_is_told() -> None:
    told = numbered(1, "Pilot Ladder is from January 2013.", position=4, relevance=1.0)
    untold = numbered(1, "Pilot Ladder is from the flat.", position=4, relevance=1.0)
    other = numbered(2, "Pilot Ladder was cheap.", passage="b", relevance=0.85)
    assert numbers(other, best=told, question="When did you write Pilot Ladder?") == [1]
    assert numbers(other, best=untold, question="When did you write Pilot Ladder?") == [1, 2]


def test_a_sentence_that_tells_what_the_best_does_not_needs_less() -> None:
    untold = numbered(1, "Pilot Ladder is from the flat.", position=4, relevance=1.0)
    tells, tells_not = "Pilot Ladder was cheap in 2014.", "Pilot Ladder was cheap by then."
    when = "When did you write Pilot Ladder?"
    assert numbers(numbered(2, tells, passage="b", relevance=0.77), best=untold, question=when) == [1, 2]
    assert numbers(numbered(2, tells_not, passage="b", relevance=0.77), best=untold, question=when) == [1]


def test_a_sentence_that_tells_what_the_best_has_told_does_not() -> None:
    told = numbered(1, "Pilot Ladder is from January 2013.", position=4, relevance=1.0)
    again = numbered(2, "Pilot Ladder was cheap in 2014.", passage="b", relevance=0.87)
    assert numbers(again, best=told, question="When did you write Pilot Ladder?") == [1]
