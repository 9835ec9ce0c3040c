"""WordPress' and Squarespace's exports."""

from pathlib import Path, PurePosixPath

import pytest

from knowledge.errors import ImportRefused
from knowledge.importers import wordpress
from knowledge.importers.record import ImportedDoc
from knowledge.importers.sniffed import Sniffed

SAMPLES = Path(__file__).parents[4] / "shared" / "data" / "formats"
HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>Low tide</title><wp:wxr_version>1.2</wp:wxr_version>
<wp:author><wp:author_login>ada</wp:author_login><wp:author_display_name>Ada Marsh</wp:author_display_name></wp:author>
"""
COMMENT = "<wp:comment><wp:comment_content>Nice!</wp:comment_content></wp:comment>"


def item(content: str = "<p>Text.</p>", *, title: str = "A post", link: str = "https://a.invalid/1", more: str = "",
         status: str = "publish", kind: str = "post") -> str:  # fmt: skip
    return f"""<item><title>{title}</title><link>{link}</link><dc:creator>ada</dc:creator>
<pubDate>Mon, 04 Mar 2019 10:00:00 +0000</pubDate>
<content:encoded><![CDATA[{content}]]></content:encoded><excerpt:encoded><![CDATA[]]></excerpt:encoded>
<wp:post_id>7</wp:post_id><wp:post_name>a-post</wp:post_name><wp:status>{status}</wp:status>
<wp:post_type>{kind}</wp:post_type>{more}</item>
"""


def read(*items: str) -> list[ImportedDoc]:
    return read_bytes((HEAD + "".join(items) + "</channel></rss>").encode())


def read_bytes(data: bytes) -> list[ImportedDoc]:
    file = Sniffed(data, PurePosixPath("export.xml"))
    assert wordpress.is_it(file)
    return list(wordpress.read(file))


def test_a_post_is_a_document() -> None:
    [document] = read(item())
    assert (document.title, document.date, document.speaker, document.part, document.draft, document.left_out) == (
        "A post",
        "2019-03-04",
        "Ada Marsh",
        "https://a.invalid/1",
        False,
        (),
    )


def test_blocks_name_the_line_of_the_file() -> None:
    [document] = read(item("<p>One.</p>\n<p>Two.</p>"))
    first = HEAD.count("\n") + 3
    assert [(block.text, block.line) for block in document.blocks] == [("One.", first), ("Two.", first + 1)]


def test_empty_lines_part_paragraphs_where_no_tags_do() -> None:
    [document] = read(item("One.\nStill <em>one</em>.\n\nTwo."))
    first = HEAD.count("\n") + 3
    assert [(block.text, block.line - first) for block in document.blocks] == [("One.\nStill one.", 0), ("Two.", 3)]


@pytest.mark.parametrize("status", ["draft", "private", "pending", "future"])
def test_what_is_not_published_is_a_draft(status: str) -> None:
    assert read(item(status=status))[0].draft


def test_what_is_behind_a_password_is_a_draft() -> None:
    assert read(item(more="<wp:post_password>x</wp:post_password>"))[0].draft


def test_what_is_left_out_is_said() -> None:
    [document] = read(item(more=COMMENT * 2), item(kind="attachment"), item(status="trash"), item(""))
    assert document.left_out == (
        "Comments by readers were left out: 2.",
        "Left out, as neither posts nor pages: attachment 1, post in the bin 1.",
        "1 post without any text.",
    )
    assert all("Nice!" not in block.text for block in document.blocks)


def test_shortcodes_are_none_of_the_text() -> None:
    [document] = read(item('[gallery ids="1,2"]<p>Text [sic].</p>[caption id="a"]Leeds[/caption]'))
    assert [block.text for block in document.blocks] == ["Text [sic].", "Leeds"]


def test_two_posts_of_one_address_are_two_parts() -> None:
    assert len({document.part for document in read(item(), item())}) == 2


def test_a_title_is_unwrapped_and_never_missing() -> None:
    assert read(item(title="Fish &amp;amp; &lt;em&gt;chips&lt;/em&gt;"))[0].title == "Fish & chips"
    assert read(item(title=""))[0].title == "a post"


def test_a_broken_export_is_read_around_its_fault() -> None:
    documents = read(item(title="Fish & chips&mdash;more"), item())
    assert len(documents) == 2
    assert "damaged (line" in documents[0].left_out[0]


def test_an_export_without_posts_is_refused() -> None:
    with pytest.raises(ImportRefused, match=r"no post or page.*attachment"):
        read(item(kind="attachment"))


@pytest.mark.skipif(not SAMPLES.exists(), reason="the sample files are elsewhere")
@pytest.mark.parametrize(
    ("name", "documents", "drafts"),
    [
        ("wxr/valid-wxr-1.1.xml", 2, 0),
        ("wxr/crazy-cdata.xml", 1, 0),
        ("wxr/wxr-comprehensive.xml", 2, 0),
        ("squarespace/sample.xml", 5, 1),
    ],
)
def test_real_ones(name: str, documents: int, drafts: int) -> None:
    found = read_bytes((SAMPLES / name).read_bytes())
    assert (len(found), sum(document.draft for document in found)) == (documents, drafts)


@pytest.mark.skipif(not SAMPLES.exists(), reason="the sample files are elsewhere")
def test_a_hopeless_one_is_refused() -> None:
    with pytest.raises(ImportRefused, match="no post or page"):
        read_bytes((SAMPLES / "wxr/malformed.xml").read_bytes())
