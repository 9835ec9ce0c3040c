"""The grammar that an answer follows."""

from models.grammar import pointing_grammar


def test_only_numbers_of_the_prompt_can_be_pointed_at() -> None:
    assert 'number ::= "1" | "2" | "7"' in pointing_grammar([1, 2, 7], 4).splitlines()


def test_an_answer_has_no_more_units_than_it_may_point() -> None:
    assert 'root ::= unit (" " unit){0,3}' in pointing_grammar([1], 4).splitlines()


def test_an_answer_of_one_pointer_has_one_unit() -> None:
    assert 'root ::= unit (" " unit){0,0}' in pointing_grammar([1], 1).splitlines()


def test_connecting_words_have_no_digits_and_no_brackets() -> None:
    [connection] = [line for line in pointing_grammar([1], 4).splitlines() if line.startswith("connection")]
    assert connection == "connection ::= [A-Z] [a-z ,']{5,80} [.:]"
