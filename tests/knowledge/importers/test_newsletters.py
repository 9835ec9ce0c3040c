"""What newsletters and blogs on platforms export: Medium, Substack, Beehiiv."""

from pathlib import Path, PurePosixPath

import pytest

from knowledge.errors import ImportRefused
from knowledge.importers import beehiiv, medium, substack
from knowledge.importers.record import ImportedDoc
from knowledge.importers.sniffed import Sniffed

SAMPLES = Path(__file__).parents[4] / "shared" / "data" / "formats"
needs_samples = pytest.mark.skipif(not SAMPLES.exists(), reason="the sample files are elsewhere")
POST = """<!DOCTYPE html><html><head><title>x</title></head><body><article class="h-entry">
<header><h1 class="p-name">Low tide</h1></header>
<section data-field="body" class="e-content"><h3 class="graf graf--title">Low tide</h3>
<p>One.</p>
<p>Two.</p></section>
<footer><p>By <a class="p-author h-card">Ada Marsh</a> on
<time class="dt-published" datetime="2019-03-04T10:00:00Z">March</time>. Exported from Medium.</p></footer>
</article></body></html>"""
INDEX = "post_id,post_date,is_published,email_sent_at,type,audience,title,subtitle,podcast_url\n"


def sniffed(text: str, name: str) -> Sniffed:
    return Sniffed(text.encode(), PurePosixPath(name))


def medium_post(name: str = "a.html", text: str = POST) -> ImportedDoc:
    file = sniffed(text, name)
    assert medium.is_it(file)
    [document] = medium.read(file)
    return document


def test_a_post_of_medium_says_everything_itself() -> None:
    document = medium_post()
    assert (document.title, document.date, document.speaker, document.draft) == (
        "Low tide",
        "2019-03-04",
        "Ada Marsh",
        False,
    )
    assert [(block.text, block.line) for block in document.blocks] == [("One.", 4), ("Two.", 5)]


def test_a_draft_of_medium_is_told_by_its_name() -> None:
    assert medium_post("posts/draft_Low-tide-a1.html").draft


def test_a_post_of_medium_without_text_is_refused() -> None:
    with pytest.raises(ImportRefused, match="no text"):
        medium_post(text='<article class="h-entry"><section data-field="body"></section>')


def test_other_pages_are_no_posts_of_medium() -> None:
    assert not medium.is_it(sniffed("<html><article class='h-entry'>", "a.html"))


def test_the_index_of_substack_alone_says_what_to_do() -> None:
    file = sniffed(INDEX + "1.a,2019-03-04,TRUE,,newsletter,everyone,A,,\n", "posts.csv")
    assert substack.is_it(file)
    with pytest.raises(ImportRefused, match="whole zip"):
        substack.read(file)


@pytest.mark.parametrize(
    ("row", "tier", "draft"),
    [("TRUE,,newsletter,everyone", None, False), ("TRUE,,newsletter,only_paid", "supporter", False),
     ("FALSE,,newsletter,everyone", None, True)],
)  # fmt: skip
def test_a_post_of_substack_is_joined_with_its_row(row: str, tier: str | None, draft: bool) -> None:
    index = substack.index_of(sniffed(f"{INDEX}1.a,2019-03-04T20:48:19Z,{row},Fish &amp; chips,,\n", "posts.csv"))
    document = substack.joined(ImportedDoc("html", "1.a", ()), index["1.a.html"])
    assert (document.title, document.date, document.tier_name, document.draft) == (
        "Fish & chips",
        "2019-03-04",
        tier,
        draft,
    )


def test_a_row_of_beehiiv_is_a_document() -> None:
    header = "id,web_title,status,audience,url,content_html,created_at\n"
    rows = (
        'a,One,confirmed,free,https://a.invalid/1,"<p>A.</p>\n<p>B.</p>",2023-01-18\nb,Two,draft,premium,,<p>C.</p>,\n'
    )
    file = sniffed(header + rows, "posts.csv")
    assert beehiiv.is_it(file)
    assert [(one.title, one.date, one.tier_name, one.draft, one.part) for one in beehiiv.read(file)] == [
        ("One", "2023-01-18", None, False, "https://a.invalid/1"),
        ("Two", "", "supporter", True, "b"),
    ]


def test_a_table_of_beehiiv_without_text_is_refused() -> None:
    with pytest.raises(ImportRefused, match="no newsletter"):
        beehiiv.read(sniffed("id,web_title,status,content_html\n", "posts.csv"))


@needs_samples
def test_real_ones() -> None:
    document = medium_post(text=(SAMPLES / "medium" / "basic-post.html").read_text())
    assert (document.title, document.date, document.speaker) == ("Basic Post Title", "2018-08-11", "Joe Bloggs")
    assert [block.text for block in document.blocks] == [
        "This is a paragraph of text and stuff.",
        "This is a another paragraph of text and stuff.",
    ]
    assert medium_post(text=(SAMPLES / "medium" / "no-date-post.html").read_text()).date == ""
    table = Sniffed((SAMPLES / "newsletter" / "posts.csv").read_bytes(), PurePosixPath("posts.csv"))
    assert [one.title for one in beehiiv.read(table)] == ["Sample Post", "Another Post"]
    index = Sniffed((SAMPLES / "substack" / "posts.csv").read_bytes(), PurePosixPath("posts.csv"))
    assert substack.is_it(index)
    assert substack.index_of(index)["123404.draft-text.html"]["is_published"] == "FALSE"
