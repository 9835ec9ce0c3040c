"""Of what people tell, the sentence that asks is kept, with what it points back at."""

import pytest

from knowledge.facts.narrowing import narrowed
from knowledge.facts.reading import Reading
from tests.knowledge.facts.naming import reading_of


def asked(question: str) -> Reading:
    return narrowed(reading_of(question))


def test_a_single_sentence_stays_as_it_is() -> None:
    reading = reading_of("How often did you play Mill Race?")
    assert narrowed(reading) is reading


def test_only_the_sentence_that_asks_is_kept() -> None:
    reading = asked("My sister was born in Galway. What did you play on 4 March 2011?")
    assert reading.masked.startswith("what did you play {DATE}")


def test_words_of_the_other_sentences_are_no_conditions() -> None:
    reading = asked("My orchestra rehearsed. How often did you play Mill Race?")
    assert reading.unknown == ()


@pytest.mark.parametrize(
    ("question", "names", "dates"),
    [
        ("I love Night Heron. When did you first play it?", ["Night Heron"], []),
        ("I saw you in Galway once. How often did you play there?", ["Galway"], []),
        ("We drove all day on 4 March 2011. What did you open with?", [], ["on 4 March 2011"]),
        ("I was at Lamp Room in 2011. How many shows have you ever played?", [], []),
        ("My dog hates Mill Race. Which songs did you play in 2011?", [], ["in 2011"]),
        ("Which songs did you play in 2011? My friend loves Night Heron.", [], ["in 2011"]),
    ],
)
def test_what_the_question_points_back_at_goes_with_it(question: str, names: list[str], dates: list[str]) -> None:
    reading = asked(question)
    assert [mention.name for mention in reading.mentions] == names
    assert [one.when.words for one in reading.dates] == dates


def test_a_song_that_it_stands_for_is_masked_as_one() -> None:
    assert asked("I love Night Heron. When did you first play it?").masked == "when did you first play {WORK}?"


def test_a_question_that_only_leans_on_another_gives_way_to_it() -> None:
    assert asked("What was your longest set? When was it?").masked == "what was your longest set?"


def test_of_questions_that_all_lean_the_last_one_counts() -> None:
    assert asked("Where was it? When was it?").masked == "when was it?"


def test_a_word_put_right_stays_right() -> None:
    reading = asked("We drove all day. How oftn did you play Mill Race?")
    assert reading.masked == "how often did you play {WORK} ?"
