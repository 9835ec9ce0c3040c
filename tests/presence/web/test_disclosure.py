"""That an AI answers is said everywhere, and nothing switches it off."""

import pytest

from presence.web.disclosure import (
    DISCLOSURE_HEADERS,
    MODEL_SOURCE,
    QUOTING_SOURCE,
    disclosed,
    disclosure_headers,
    how_written,
    label,
)


def test_the_label_says_what_answers_and_who_it_is_not() -> None:
    assert label("Ada Marsh") == "AI, answering from Ada Marsh’s notes — not Ada Marsh"


def test_a_language_model_is_named_in_the_header() -> None:
    assert disclosure_headers("llama:small") == {"AI-Disclosure": 'mode=machine-generated, model="llama:small"'}


def test_quoting_is_told_as_what_it_is() -> None:
    assert disclosure_headers("quoting") == {"AI-Disclosure": 'mode=ai-modified, model="quoting"'}
    assert "No language model wrote it" in how_written("quoting", "Ada Marsh")


def test_an_unknown_writer_carries_the_stronger_mark() -> None:
    assert DISCLOSURE_HEADERS["AI-Disclosure"] == "mode=machine-generated"
    assert disclosed("", "Ada Marsh")["digital_source_type"] == MODEL_SOURCE
    assert disclosed("quoting", "Ada Marsh")["digital_source_type"] == QUOTING_SOURCE


@pytest.mark.parametrize("name", ['a"b', "a\\b", "a\r\nSet-Cookie: x=1", "sängerin"])
def test_no_name_of_a_model_breaks_the_header(name: str) -> None:
    value = disclosure_headers(name)["AI-Disclosure"]
    assert value.isascii() and value.isprintable()
    quoted = value.partition('model="')[2]
    assert quoted.replace("\\\\", "").replace('\\"', "").count('"') == 1 and quoted.endswith('"')
