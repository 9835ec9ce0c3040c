"""Where sentences begin and end."""

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from knowledge.sentences import is_verse, line_spans, sentence_spans

PROSE = st.text(st.sampled_from("abcIVX AB.!?…,;:\n\n  \t'\"“”’()[]_*—-0123é\u00a0\u2028🎹"), max_size=400) | st.lists(
    st.sampled_from(
        ["Mr.", "No.", "e.g.", "J.", "word", "Leeds", "...", "“Quoted.”", "12", "\n\n", "[1]", "So!", "a" * 90]
    ),
    max_size=80,
).map(" ".join)


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three? Four… Five.", ["One.", "Two!", "Three?", "Four…", "Five."]),
        ("One", ["One"]),
        ("", []),
        (" \n ", []),
        ("  One.  Two.  ", ["One.", "Two."]),
        ("One.\nTwo.", ["One.", "Two."]),
        ("One line\nand the next. Two.", ["One line\nand the next.", "Two."]),
        ("No stop here\n\nBut a new paragraph.", ["No stop here", "But a new paragraph."]),
    ],
)
def test_sentences_end_at_stops_and_paragraphs(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "I met Mr. Obuya and Mrs. Marsh.",
        "It is No. 4 of Vol. 2.",
        "Ring me, e.g. Tuesday.",
        "It came with feat. Ada on the sleeve.",
        "At 3 p.m. Winnie called.",
        "It plays at 120 b.p.m. Always.",
        "She moved to the U.K. Office.",
        "On 4 Mar. 2019 it rained.",
        "J. S. Bach wrote it.",
        "By J. Winterbourne.",
        "Version 1.5 is out.",
        "See example.org for it.",
    ],
)
def test_a_stop_inside_a_sentence_ends_none(sentence: str) -> None:
    assert sentences(f"{sentence} The next one.") == [sentence, "The next one."]


def test_the_word_i_ends_a_sentence() -> None:
    assert sentences("So did I. The ferry left.") == ["So did I.", "The ferry left."]


def test_an_ellipsis_before_a_small_letter_goes_on() -> None:
    assert sentences("It was … quiet. It was ... loud.") == ["It was … quiet.", "It was ... loud."]


def test_an_ellipsis_before_a_capital_ends() -> None:
    assert sentences("It was quiet... Then it rained.") == ["It was quiet...", "Then it rained."]


def test_a_question_inside_a_sentence_goes_on() -> None:
    assert sentences("“Why?” she asked. Nobody knew!") == ["“Why?” she asked.", "Nobody knew!"]


@pytest.mark.parametrize(
    "text", ["“It was late.” Then she left.", "(It was late.) Then she left.", '"It was late." Then she left.']
)
def test_closing_marks_belong_to_the_sentence(text: str) -> None:
    assert sentences(text)[1] == "Then she left."


def test_opening_marks_belong_to_the_next_sentence() -> None:
    assert sentences("She left. “It was late.”") == ["She left.", "“It was late.”"]


def test_a_footnote_mark_belongs_to_the_sentence_before() -> None:
    assert sentences("It was late.[12] She left.") == ["It was late.[12]", "She left."]


def test_a_very_long_sentence_is_cut_at_its_commas() -> None:
    text = ", ".join(f"the tide of day number {day} came in and went out again" for day in range(40)) + "."
    pieces = sentences(text)
    assert all(len(piece) <= 600 for piece in pieces)
    assert all(piece.endswith(",") for piece in pieces[:-1])
    assert " ".join(pieces) == text


def test_a_long_sentence_without_commas_is_cut_between_words() -> None:
    text = "word " * 300
    assert all(set(piece.split()) == {"word"} for piece in sentences(text))


def test_a_long_word_is_cut_somewhere() -> None:
    assert [len(piece) for piece in sentences("x" * 1_500)] == [600, 600, 300]


@given(PROSE)
@example("a" * 599 + " b")
@example("a" * 600 + "  b")
@example(" " * 700 + "x" + " " * 700)
def test_spans_are_in_order_and_leave_out_nothing_but_white_space(text: str) -> None:
    spans = sentence_spans(text)
    assert all(start < end for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    between = [0, *(place for span in spans for place in span), len(text)]
    gaps = "".join(text[between[n] : between[n + 1]] for n in range(0, len(between), 2))
    assert not gaps.strip()


@given(PROSE)
def test_no_span_begins_or_ends_with_white_space_or_is_too_long(text: str) -> None:
    for start, end in sentence_spans(text):
        assert text[start:end] == text[start:end].strip()
        assert end - start <= 600


def test_each_line_of_a_tracklist_is_a_span() -> None:
    text = "0:00 A - B\n\n  5:00 C - D.  E  \n"
    assert [text[start:end] for start, end in line_spans(text)] == ["0:00 A - B", "5:00 C - D.  E"]


LYRICS = "Tide in the morning\nAnd nobody there\nPiano on the pier\nWith salt in its hair"


def test_short_lines_with_capitals_are_verse() -> None:
    assert is_verse(LYRICS)


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(LYRICS.splitlines()[:3]),
        LYRICS.lower(),
        "One stop.\nTwo stops.\nThree stops.\nFour stops.",
        LYRICS + "\n" + "A line that goes on for much longer than anybody would ever sing it in one breath",
        "I wrote Pilot Ladder\non a rented piano\nin Leeds, and both\nkeys were dead",
        "",
    ],
)
def test_few_or_long_or_flowing_lines_are_prose(text: str) -> None:
    assert not is_verse(text)
