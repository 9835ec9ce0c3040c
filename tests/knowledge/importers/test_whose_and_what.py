"""Words go to who said them, and stand under what they are about."""

from knowledge.importers import read_file
from knowledge.importers.plaintext import EDITOR
from knowledge.passages import cut

BOOK = """TRANSLATOR'S PREFACE.

I found these letters in a drawer.

1.

TO PETRA.

The tide was late.

ADA MARSH.

2.

TO WINNIE.

The tide was early.

ADA MARSH.
"""


def test_a_preface_is_the_editors() -> None:
    passages = cut(read_file(BOOK.encode(), "letters.txt")[0])
    assert [piece.speaker for piece in passages] == [EDITOR, "", ""]


def test_a_signature_names_no_letter() -> None:
    passages = cut(read_file(BOOK.encode(), "letters.txt")[0])
    assert [piece.heading for piece in passages] == ["TRANSLATOR'S PREFACE.", "1. TO PETRA.", "2. TO WINNIE."]


def test_a_neighbours_lyrics_in_a_head_are_not_this_tracks() -> None:
    text = (
        "---\ntitle: Swipe\nlyrics: The tide came in at nine and took it all away.\n"
        "nextTrack:\n  title: Other\n  lyrics: The tram was late and nobody on it said a word.\n---\n"
    )
    [block] = read_file(text.encode(), "swipe.md")[0].blocks
    assert block.text == "The tide came in at nine and took it all away."


def test_a_page_with_a_head_is_read_as_a_page() -> None:
    text = "---\ntitle: Links\n---\n<div>\n    <p>Petra &amp; Winnie <a href='/x'>built</a> the site.</p>\n</div>\n"
    [block] = read_file(text.encode(), "links.html")[0].blocks
    assert (block.text, block.line) == ("Petra & Winnie built the site.", 5)


def test_a_statement_in_large_letters_can_be_quoted() -> None:
    text = "### To make it interesting, I am paying every DJ twenty dollars for the hour. Really.\n\nSo come.\n"
    assert "twenty dollars" in cut(read_file(text.encode(), "party.md")[0])[0].text
