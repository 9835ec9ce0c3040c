"""Which reader a file gets, and which files get none."""

import contextlib
import json
import zipfile
from io import BytesIO

import pytest

from knowledge.errors import ImportRefused
from knowledge.importers import ImportedDoc, read_file
from knowledge.importers.statements import Track
from knowledge.passages import cut


def read(text: str, name: str = "note.md") -> ImportedDoc:
    [document] = read_file(text.encode(), name)
    return document


@pytest.mark.parametrize(
    ("name", "text", "format_name"),
    [
        ("a.md", "Text.", "markdown"),
        ("a.MARKDOWN", "Text.", "markdown"),
        ("a.txt", "Text.", "text"),
        ("README", "Text.", "text"),
        ("a.html", "<p>Text.</p>", "html"),
        ("a.htm", "Text.", "html"),
        ("a.md", "<!DOCTYPE html><html><body><p>Text.</p></body></html>", "html"),
        ("a.txt", '<?xml version="1.0"?>\n<!-- saved -->\n<html><body>Text.</body></html>', "html"),
        ("a.txt", "---\ntitle: x\n---\nText.", "markdown"),
        ("a.html", "---\nlayout: post\n---\n<p>Text.</p>", "markdown"),
    ],
)
def test_a_file_is_read_as_what_it_is(name: str, text: str, format_name: str) -> None:
    assert read(text, name).format == format_name


@pytest.mark.parametrize("name", ["a.docx", "a.pdf", "song.mp3", "script.py", "a.json"])
def test_other_kinds_of_files_are_refused_by_their_ending(name: str) -> None:
    with pytest.raises(ImportRefused, match=r"\." + name.split(".")[1]):
        read("Text.", name)


@pytest.mark.parametrize("name", ["LICENSE", "licence.md", "COPYING.txt", "deep/NOTICE"])
def test_a_licence_text_is_no_note(name: str) -> None:
    with pytest.raises(ImportRefused, match="licence"):
        read("All rights reserved.", name)


@pytest.mark.parametrize("text", ["---\ntitle: x\n---\n", "<!-- nothing -->", "{% include x %}", "***\n"])
def test_a_file_without_prose_is_refused(text: str) -> None:
    with pytest.raises(ImportRefused, match="no prose"):
        read(text)


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(ImportRefused, match="empty"):
        read("\n\n")


def test_a_binary_file_is_refused_whatever_its_name() -> None:
    with pytest.raises(ImportRefused, match="PDF"):
        read_file(b"%PDF-1.4 ...", "note.md")


@pytest.mark.parametrize(
    ("name", "date", "title"),
    [
        ("2019-03-04-the-rented-piano.md", "2019-03-04", "the rented piano"),
        ("notes/2019-03-04 Leeds.md", "2019-03-04", "Leeds"),
        ("2019-03-04.md", "2019-03-04", "2019 03 04"),
        ("night_ferry.txt", "", "night ferry"),
        ("2019.md", "", "2019"),
    ],
)
def test_a_name_gives_date_and_title_when_the_file_does_not(name: str, date: str, title: str) -> None:
    document = read("Text.", name)
    assert (document.date, document.title) == (date, title)


def test_the_files_own_date_and_title_come_first() -> None:
    document = read("---\ntitle: Own\ndate: 2001\n---\nText.", "2019-03-04-other.md")
    assert (document.date, document.title) == ("2001", "Own")


def test_what_lies_among_the_drafts_is_a_draft() -> None:
    assert read("Text.", "blog/_drafts/a.md").draft
    assert not read("Text.", "blog/drafts.md").draft


def test_a_document_survives_the_way_out_of_the_parsers_process() -> None:
    document = read("---\ntitle: “Own” 🎹\ntier: circle\n---\n# One\n\n> Two.\n> — Winnie\n")
    assert ImportedDoc.from_dict(json.loads(json.dumps(document.as_dict()))) == document


HOLDING_UP = (
    "<!-- a comment -->\n" * 24 + "Text.",
    "x\n" + " " * 5_000 + "\ny",
    "{% " * 4_000 + "Text.",
    "{{" * 4_000 + "Text.",
    "[[" * 2_000 + "Text.",
    "[" * 2_000 + "Text.",
    "> " * 500 + "Text.",
    "*" * 10_000 + "Text.",
    "<div>" * 200 + "Text.",
    "A.b. " * 4_000,
    "'\"" * 5_000 + "Text.",
    "word, " * 4_000,
    "x" * 20_000,
    "..." * 4_000,
)


@pytest.mark.parametrize("text", HOLDING_UP, ids=lambda text: text[:6].strip())
@pytest.mark.parametrize("name", ["a.md", "a.txt", "a.html"])
def test_no_text_holds_up_the_reader(text: str, name: str) -> None:
    """It ends: tried in every possible way, each of these would take longer than anybody waits."""
    with contextlib.suppress(ImportRefused):
        assert cut(read(text, name)) is not None


def test_a_part_without_a_sentence_costs_the_others_nothing() -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("a.md", "# Only\n\n## Heads\n")
        packed.writestr("b.md", "The tide came in.")
    [document] = read_file(out.getvalue(), "notes.zip")
    assert document.part == "b.md"
    assert document.left_out == ("a.md: There are headings in it, but no sentence to quote.",)


def test_a_post_without_a_sentence_is_named_and_the_others_are_read() -> None:
    posts = [
        {"title": "Heads", "slug": "h", "html": "<h2>Only</h2>"},
        {"title": "Tide", "slug": "t", "html": "<p>In.</p>"},
    ]
    [document] = read_file(json.dumps({"posts": posts}).encode(), "ghost.json")
    assert document.title == "Tide"
    assert document.left_out == ("Left out, as there is no sentence in it to quote: Heads.",)


@pytest.mark.parametrize(("written", "kept"), [("9" * 30, None), ("PT9999H", None), ("PT1H", 3_600_000)])
def test_a_number_that_no_database_can_keep_is_none(written: str, kept: int | None) -> None:
    [document] = read_file(f"title,artist,duration,isrc\nTide,Ada,{written},GBAYE0100001\n".encode(), "a.csv")
    assert [one.duration_ms for one in document.statements if isinstance(one, Track)] == [kept]
