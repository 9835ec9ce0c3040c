"""Bytes to text."""

import codecs

import pytest

from knowledge.errors import ImportRefused
from knowledge.importers.decoding import decode

GERMAN = "Das Klavier stand in Köln, und zwei Tasten waren stumm. Für Zoë war das zu schön – „wirklich“."


@pytest.mark.parametrize("data", [b"", b"   \n\t\r\n", b"\n"])
def test_a_file_of_white_space_is_empty(data: bytes) -> None:
    with pytest.raises(ImportRefused, match="empty"):
        decode(data)


def test_utf_8_is_read_as_it_is() -> None:
    decoded = decode(GERMAN.encode())
    assert (decoded.text, decoded.encoding) == (GERMAN, "utf-8")


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_a_byte_order_mark_is_believed_and_taken_away(mark: bytes, encoding: str) -> None:
    assert decode(mark + GERMAN.encode(encoding)).text == GERMAN


def test_western_single_bytes_are_read_with_their_typographic_letters() -> None:
    assert decode((GERMAN * 5).encode("cp1252")).text == GERMAN * 5


def test_a_short_note_in_single_bytes_is_read() -> None:
    assert decode("Café at nine. We ate crêpes.".encode("cp1252")).text == "Café at nine. We ate crêpes."


def test_one_broken_byte_does_not_spoil_the_other_letters() -> None:
    data = (GERMAN * 20).encode() + b"\xff" + (GERMAN * 20).encode()
    assert "Köln" in decode(data).text


def test_a_text_cut_off_in_the_middle_of_a_letter_keeps_the_others() -> None:
    assert decode((GERMAN + " ö").encode()[:-1]).text.startswith(GERMAN)


@pytest.mark.parametrize("ending", ["\r\n", "\r", "\n"])
def test_lines_end_with_a_line_feed(ending: str) -> None:
    assert decode(f"one{ending}two{ending}".encode()).text == "one\ntwo\n"


@pytest.mark.parametrize(
    ("opening", "name"),
    [
        (b"%PDF-1.7\n", "PDF"),
        (b"PK\x03\x04", "zip"),
        (b"\x89PNG\r\n", "PNG"),
        (b"\xff\xd8\xff\xe0", "JPEG"),
        (b"ID3\x04", "MP3"),
        (b"{\\rtf1", "RTF"),
        (b"SQLite format 3\x00", "database"),
        (b"\x1f\x8b\x08", "gzip"),
    ],
)
def test_a_renamed_file_is_recognised_by_its_opening(opening: bytes, name: str) -> None:
    with pytest.raises(ImportRefused, match=name):
        decode(opening + b"some more of it")


@pytest.mark.parametrize("data", [b"text\x00text", bytes(range(256)) * 10, b"\x01\x02\x03 text"])
def test_a_binary_file_is_refused(data: bytes) -> None:
    with pytest.raises(ImportRefused, match="binary"):
        decode(data)


def test_a_binary_file_that_opens_like_utf_16_is_refused() -> None:
    with pytest.raises(ImportRefused):
        decode(b"\xff\xfe" + bytes(range(256)) * 40)


def test_text_without_a_mark_in_two_bytes_each_is_not_taken_for_words() -> None:
    with pytest.raises(ImportRefused, match="binary"):
        decode(GERMAN.encode("utf-16-le"))


def test_a_stray_control_character_in_a_long_text_is_let_pass() -> None:
    assert "\x07" in decode(b"A sentence of a note. " * 100 + b"\x07").text


def test_no_zero_ever_comes_through() -> None:
    late = b"The tide came in at nine. " * 4_000 + b"\x00 And out."
    try:
        decoded = decode(late).text
    except ImportRefused:
        return
    assert "\x00" not in decoded
