"""The prompt as text."""

from tests.models.prompts import prompt_of


def test_each_sentence_stands_on_one_line_behind_its_number() -> None:
    prompt = prompt_of("It was a\nrented piano.", "It had two dead keys.")
    lines = prompt.user.splitlines()
    assert lines[1] == "[1] (The rented piano, Ada Marsh) It was a rented piano."
    assert lines[2].startswith("[2] ")


def test_the_question_comes_last() -> None:
    assert prompt_of("A sentence.", question="Why?").user.endswith("Question: Why?\nAnswer:")


def test_the_stable_part_does_not_know_the_question() -> None:
    assert prompt_of("A sentence.", question="Why?").system == prompt_of("Another.", question="How?").system
