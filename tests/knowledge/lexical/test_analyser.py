"""How text is cut into terms."""

import contextlib
import sqlite3

import pytest

from knowledge.lexical import Analyser


@pytest.fixture(scope="module")
def analyser() -> Analyser:
    return Analyser()


def content(analyser: Analyser, text: str) -> list[str]:
    return analyser.content_terms([text])[0]


@pytest.mark.parametrize(("one", "other"), [("pianos", "piano"), ("RECORDED", "recording"), ("chapels", "Chapel")])
def test_forms_of_a_word_are_one_term(analyser: Analyser, one: str, other: str) -> None:
    assert content(analyser, one) == content(analyser, other) != []


@pytest.mark.parametrize(("one", "other"), [("Beyoncé", "Beyonce"), ("Köln", "KOLN"), ("cafe\u0301", "café")])
def test_accents_make_no_difference(analyser: Analyser, one: str, other: str) -> None:
    assert content(analyser, one) == content(analyser, other) != []


def test_words_that_only_ask_are_left_out(analyser: Analyser) -> None:
    assert content(analyser, "Where did you write the piano?") == content(analyser, "write piano")


def test_a_question_of_stop_words_has_no_terms(analyser: Analyser) -> None:
    assert content(analyser, "What was that about, and who are you?") == []


def test_stop_words_are_stop_words_in_every_shape(analyser: Analyser) -> None:
    assert content(analyser, "Didn't WE having Things?") == []


def test_a_text_without_words_has_no_terms(analyser: Analyser) -> None:
    assert analyser.terms(["", "?! – 🎹"]) == [[], []]


def test_terms_come_in_the_order_of_the_text(analyser: Analyser) -> None:
    assert analyser.terms(["two dead keys, two"]) == [["two", "dead", "kei", "two"]]


def test_a_content_term_is_named_once(analyser: Analyser) -> None:
    assert content(analyser, "piano piano pianos") == ["piano"]


def test_many_texts_are_cut_one_by_one(analyser: Analyser) -> None:
    assert analyser.terms(["piano", "", "ferry boat"]) == [["piano"], [], ["ferri", "boat"]]


@pytest.mark.parametrize(
    ("past", "base"), [("wrote", "write"), ("written", "write"), ("sang", "sing"), ("kept", "keep")]
)
def test_an_irregular_past_form_is_its_base(analyser: Analyser, past: str, base: str) -> None:
    assert content(analyser, past) == content(analyser, base)


def test_a_base_form_knows_every_form_that_the_index_may_hold(analyser: Analyser) -> None:
    [[write, wrote, written]] = analyser.terms(["write wrote written"])
    assert set(analyser.forms(write)) == {write, wrote, written}


def test_a_regular_term_has_one_form(analyser: Analyser) -> None:
    assert analyser.forms("piano") == ("piano",)


def test_a_capital_in_the_middle_makes_a_name(analyser: Analyser) -> None:
    assert analyser.names("Where did you write Pilot Ladder?") == {"pilot", "ladder"}


def test_a_capital_at_the_beginning_makes_none(analyser: Analyser) -> None:
    assert analyser.names("Pianos are heavy. Ferries are slow: Boats too.") == set()


def test_a_quoted_title_is_a_name(analyser: Analyser) -> None:
    assert analyser.names("What is “Heronshaw” about?") == {"heronshaw"}


def test_a_stop_word_with_a_capital_is_no_name(analyser: Analyser) -> None:
    assert analyser.names("then There was Nobody") == set(analyser.content_terms(["nobody"])[0])


def test_a_text_that_cannot_be_cut_does_not_spoil_the_next() -> None:
    analyser = Analyser()
    with contextlib.suppress(UnicodeEncodeError, sqlite3.Error):
        analyser.terms(["half a letter: \ud800"])
    assert analyser.terms(["piano"]) == [["piano"]]
