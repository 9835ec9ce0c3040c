"""HTML to blocks."""

import pytest

from knowledge.importers.html import plain_text, read_html
from knowledge.importers.record import Block
from tests.knowledge.importers.places import sentence_lines


def blocks(text: str) -> tuple[Block, ...]:
    return read_html(text, fallback_title="A page").blocks


def words(text: str) -> list[str]:
    return [block.text for block in blocks(text)]


PAGE = """<!DOCTYPE html>
<html>
<head>
<title>The rented piano</title>
<style>p { color: red }</style>
</head>
<body>
<nav><a href="/">Home page</a></nav>
<h1>Leeds at night</h1>
<p>I wrote Pilot Ladder
on a rented piano. The piano
had two dead keys.</p>
<script>track("you")</script>
<ul>
<li>Nobody slept.</li>
<li>Winnie called <em>twice</em>.</li>
</ul>
<p>First verse here.<br>
Second verse here.<br/>
Third verse here.</p>
</body>
</html>
"""


def test_what_a_reader_does_not_see_is_not_read() -> None:
    text = " ".join(words(PAGE))
    assert all(hidden not in text for hidden in ("color", "track", "Home page"))


def test_the_words_of_a_page_are_its_blocks() -> None:
    assert [(block.kind, block.text) for block in blocks(PAGE)[:2]] == [
        ("heading", "Leeds at night"),
        ("prose", "I wrote Pilot Ladder on a rented piano. The piano had two dead keys."),
    ]


@pytest.mark.parametrize("tag", ["script", "style", "noscript", "template", "svg", "nav", "form", "iframe"])
def test_machinery_is_left_out(tag: str) -> None:
    assert words(f"<body><{tag}>hidden words</{tag}><p>Shown.</p></body>") == ["Shown."]


def test_comments_are_not_read() -> None:
    assert words("<p>Shown<!-- hidden -->.</p>") == ["Shown."]


def test_only_the_main_part_of_a_page_is_read() -> None:
    assert words("<body><div>Menu.</div><main><p>Shown.</p></main><div>Imprint.</div></body>") == ["Shown."]


def test_entities_are_letters() -> None:
    assert words("<p>Fish &amp; chips&nbsp;&mdash; caf&eacute; &#8220;x&#8221;</p>") == ["Fish & chips — café “x”"]


def test_a_line_break_is_kept() -> None:
    assert words("<p>One<br>two<br/>three</p>") == ["One\ntwo\nthree"]


def test_a_line_break_inside_emphasis_is_kept() -> None:
    assert words("<p><em>One<br>two</em></p>") == ["One\ntwo"]


def test_words_of_neighbouring_blocks_do_not_run_together() -> None:
    assert words("<div>One<p>two</p>three</div>") == ["One", "two", "three"]


def test_a_block_inside_a_link_is_a_block() -> None:
    assert words("<a href='x'><h2>Head</h2><p>Text.</p></a>") == ["Head", "Text."]


def test_preformatted_lines_are_kept() -> None:
    assert words("<pre>One\n  two</pre>") == ["One\ntwo"]


def test_a_quotation_belongs_to_the_name_beneath_it() -> None:
    [block] = blocks("<blockquote><p>The tide.</p><footer>— Winnie</footer></blockquote>")
    assert (block.kind, block.text, block.speaker) == ("quotation", "The tide.", "Winnie")


def test_a_quotation_in_a_quotation_stays_its_speakers() -> None:
    inner = "<blockquote><p>Inner.</p><p>— Zeno</p></blockquote>"
    page = f"<blockquote><p>Outer.</p>{inner}<p>More.</p><p>— Winnie</p></blockquote>"
    assert {block.text: block.speaker for block in blocks(page)} == {
        "Outer.": "Winnie",
        "Inner.": "Zeno",
        "More.": "Winnie",
    }


def test_a_tracklist_of_lines_is_a_tracklist() -> None:
    page = "<p>[0:00:00] Zeno Obuya - Monday Dub<br>[0:07:30] Ada Marsh - Low Tide</p>"
    document = read_html(page, fallback_title="")
    assert [block.kind for block in document.blocks] == ["tracklist"]
    assert document.kind == "set"


def test_the_title_is_the_pages_or_the_first_heading_or_the_files() -> None:
    assert read_html(PAGE, fallback_title="x").title == "The rented piano"
    assert read_html("<h1>Head</h1><p>Text.</p>", fallback_title="x").title == "Head"
    assert read_html("<p>Text.</p>", fallback_title="x").title == "x"


def test_what_the_page_says_of_itself_is_believed() -> None:
    head = (
        '<meta property="og:title" content=" Shared title ">'
        '<meta property="article:published_time" content="2019-03-04T10:00:00Z">'
        '<meta name="author" content="Zeno Obuya">'
    )
    document = read_html(f"<html><head>{head}</head><body><p>Text.</p></body></html>", fallback_title="x")
    assert (document.title, document.date, document.speaker) == ("Shared title", "2019-03-04", "Zeno Obuya")


@pytest.mark.parametrize("written", ["4 March 2019", "yesterday", "Mon, 04 Mar 2019"])
def test_a_date_that_is_none_is_left_out(written: str) -> None:
    head = f'<meta property="article:published_time" content="{written}">'
    assert read_html(f"<html><head>{head}</head><body><p>Text.</p></body></html>", fallback_title="x").date == ""


def test_every_block_names_the_line_where_it_begins() -> None:
    lines = {block.text.split()[0]: block.line for block in blocks(PAGE)}
    assert lines == {"Leeds": 9, "I": 10, "Nobody": 15, "Winnie": 16, "First": 18}


def test_every_sentence_stands_at_the_line_of_its_block() -> None:
    """The breaks of a page are none of the file, so that counting them would lead astray."""
    document = read_html(PAGE, fallback_title="")
    lines = {block.text.split()[0]: block.line for block in document.blocks}
    found = sentence_lines(document)
    assert found["The piano had two dead keys."] == lines["I"]
    assert all(line in lines.values() for line in found.values())


def test_breaks_on_one_line_do_not_move_the_sentences_after_them() -> None:
    found = sentence_lines(read_html("<p>One here.<br>Two here.<br>Three here.</p>\n", fallback_title=""))
    assert set(found.values()) == {1}


def test_broken_html_is_read_as_far_as_it_goes() -> None:
    assert " ".join(words("<p>One <b>bold<p>Two</i></p></div>")) == "One bold Two"


def test_a_short_value_loses_its_tags() -> None:
    assert plain_text("The <em>rented</em> piano &amp; I") == "The rented piano & I"
    assert plain_text("  plain  ") == "plain"
