"""Plain text to blocks."""

import pytest

from knowledge.importers.plaintext import EDITOR, is_heading, read_plaintext
from knowledge.importers.record import Block
from tests.knowledge.importers.places import assert_lines_are_true

BOOK = """The Project Gutenberg eBook of The Tide Books

Title: The Tide Books
Author: Winifred Marsh

*** START OF THE PROJECT GUTENBERG EBOOK THE TIDE BOOKS ***

THE PANTRY

Your grandfather kept the tide books
in the pantry. He never missed a day.

[Footnote 1: The pantry was torn down in 1950.]

*** END OF THE PROJECT GUTENBERG EBOOK THE TIDE BOOKS ***

The licence of the publisher.
"""


def blocks(text: str) -> tuple[Block, ...]:
    return read_plaintext(text, fallback_title="A text").blocks


def test_paragraphs_are_blocks_with_their_line_breaks() -> None:
    assert [(block.text, block.line) for block in blocks("One\ntwo.\n\n\n  Three.\n")] == [
        ("One\ntwo.", 1),
        ("  Three.", 5),
    ]


def test_the_publishers_header_and_licence_are_left_out_and_reported() -> None:
    document = read_plaintext(BOOK, fallback_title="")
    text = " ".join(block.text for block in document.blocks)
    assert "Gutenberg" not in text
    assert "licence" not in text
    assert len(document.left_out) == 1


def test_a_book_is_called_by_its_title_line() -> None:
    assert read_plaintext(BOOK, fallback_title="").title == "The Tide Books"


def test_every_sentence_of_a_book_names_its_line() -> None:
    assert_lines_are_true(read_plaintext(BOOK, fallback_title=""), BOOK)


def test_a_text_without_a_publisher_is_all_read() -> None:
    document = read_plaintext("Title: none\n\nText.", fallback_title="x")
    assert (len(document.blocks), document.left_out, document.title) == (2, (), "x")


def test_footnotes_are_the_editors() -> None:
    found = {block.text.split()[0]: block.speaker for block in blocks(BOOK)}
    assert found["[Footnote"] == EDITOR
    assert found["Your"] == ""


@pytest.mark.parametrize(
    "paragraph",
    ["THE PANTRY", "I.", "IV", "12", "12.", "1950", "Chapter 3", "CHAPTER IV.\nThe Tide", "Letter 12", "Part II",
     "To BETTINA BRENTANO [1810]".upper(), "AN ODE: TO THE SEA"],
)  # fmt: skip
def test_what_has_the_shape_of_a_heading_is_one(paragraph: str) -> None:
    assert is_heading(paragraph)


@pytest.mark.parametrize(
    "paragraph",
    [
        "MY DEAR FRIEND,--",
        "MY DEAR FRIEND,",
        "STOP!",
        "The tide came in.",
        "I",
        "A SENTENCE. AND ANOTHER. AND ONE MORE. AND A FOURTH. AND SO ON.",
        "OK",
        "THE " * 60,
        "The Tide",
    ],
)
def test_what_has_not_is_none(paragraph: str) -> None:
    assert not is_heading(paragraph) or paragraph == "I"


@pytest.mark.parametrize(
    "sentence",
    [
        "Part of me never left Leeds.",
        "Letter writing was her only luxury.",
        "Chapter and verse, she knew it all.",
        "Civil.",
        "Mix.",
    ],
)
def test_a_sentence_that_opens_like_a_heading_can_still_be_quoted(sentence: str) -> None:
    assert not is_heading(sentence)


def test_the_title_is_the_first_heading_or_the_files() -> None:
    assert read_plaintext("Text.\n\nTHE PANTRY\n\nMore.", fallback_title="x").title == "THE PANTRY"
    assert read_plaintext("Text.", fallback_title="x").title == "x"


def test_a_tracklist_is_kept_line_by_line() -> None:
    document = read_plaintext("0:00 Zeno Obuya - Monday Dub\n7:30 Ada Marsh - Low Tide\n", fallback_title="")
    assert [block.kind for block in document.blocks] == ["tracklist"]
    assert document.kind == "set"


def test_a_conversation_has_its_speakers() -> None:
    text = "Ada: One.\n\nZeno: Two.\n\nAda: Three.\n\nZeno: Four.\n"
    assert [block.speaker for block in blocks(text)] == ["Ada", "Zeno", "Ada", "Zeno"]


def test_a_long_book_is_read_in_a_moment() -> None:
    """A megabyte has ten thousand paragraphs; the largest file that may be imported has fifty times as much."""
    book = "The tide came in at nine, and Winnie wrote it down.\nThen it went out again, as it does.\n\n" * 11_000
    assert blocks(book)[-1].line == 3 * 10_999 + 1


def test_a_footnote_goes_on_to_its_bracket_and_one_that_is_never_closed_does_not() -> None:
    note = "[Footnote 1: He wrote it [twice].\n\nHis first intention was another.]\n\nFarewell.\n"
    assert [(block.text[:6], block.speaker) for block in blocks(note)] == [
        ("[Footn", "the editor"),
        ("His fi", "the editor"),
        ("Farewe", ""),
    ]
    open_ = blocks("[Footnote 1: He wrote it.\n\nHis first intention was another.\n\nFarewell.\n")
    assert [block.speaker for block in open_] == ["the editor", "", ""]
