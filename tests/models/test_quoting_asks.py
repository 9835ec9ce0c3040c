"""What a question asks for, and what a sentence holds."""

import pytest

from models.quoting_asks import asks_history, kind_asked, leans_back, stands_aside, tells


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How many came?", "number"),
        ("When did you move?", "time"),
        ("In which year was that?", "time"),
        ("Why so slow?", "reason"),
        ("Who sings?", "name"),
        ("Where was it made?", "name"),
        ("What do you think of clubs?", ""),
    ],
)
def test_a_question_asks_for_one_kind_of_thing(question: str, kind: str) -> None:
    assert kind_asked(question) == kind


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("number", "Nineteen people paid."),
        ("number", "It cost 3 pounds."),
        ("time", "That was in March."),
        ("time", "It began in 2009."),
        ("reason", "I stopped because it was late."),
        ("name", "It was sung by Hester."),
    ],
)
def test_a_sentence_tells_what_was_asked_for(kind: str, sentence: str) -> None:
    assert tells(kind, "?", sentence)  # type: ignore[arg-type]
    assert not tells(kind, "?", "We drank some tea.")  # type: ignore[arg-type]


def test_a_name_that_the_question_said_is_no_answer() -> None:
    assert not tells("name", "Who is Hester?", "It was sung by Hester.")


def test_a_question_for_no_kind_is_told_by_no_sentence() -> None:
    assert not tells("", "What of 2009?", "It began in 2009 because of Hester.")


@pytest.mark.parametrize("question", ["How has your sound changed?", "How did it develop?", "What over the years?"])
def test_a_history_is_asked_for(question: str) -> None:
    assert asks_history(question)


def test_when_a_thing_happened_is_no_history() -> None:
    assert not asks_history("When did you change your name?")


@pytest.mark.parametrize("sentence", ["It stopped.", "“She left.”", "But no.", "So be it."])
def test_a_sentence_leans_on_the_one_before(sentence: str) -> None:
    assert leans_back(sentence)


@pytest.mark.parametrize("sentence", ["Italy was cold.", "The sea rose.", "I stopped it."])
def test_a_sentence_stands_by_itself(sentence: str) -> None:
    assert not leans_back(sentence)


@pytest.mark.parametrize("sentence", ["Why nine? ", "[1:07:00] Ludo - Lift Music"])
def test_a_sentence_stands_aside(sentence: str) -> None:
    assert stands_aside(sentence)


@pytest.mark.parametrize("sentence", ["Nine.", "[Laughs] I do.", "At 0:45:30 it dipped."])
def test_a_sentence_does_not_stand_aside(sentence: str) -> None:
    assert not stands_aside(sentence)
