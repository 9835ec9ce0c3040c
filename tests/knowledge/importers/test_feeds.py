"""Feeds."""

import socket
from pathlib import Path, PurePosixPath

import pytest

from knowledge.errors import ImportRefused
from knowledge.importers import feeds
from knowledge.importers.record import ImportedDoc
from knowledge.importers.sniffed import Sniffed

SAMPLES = Path(__file__).parents[4] / "shared" / "data" / "formats"
RSS = """<?xml version="1.0"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Low tide</title><itunes:author>Ada Marsh</itunes:author>{}</channel></rss>"""
ITEM = """<item><title>A night</title><link>https://a.invalid/1</link>
<pubDate>Mon, 04 Mar 2019 10:00:00 +0000</pubDate><description>Short.</description>
<content:encoded><![CDATA[<p>One &amp; all.</p><p>Two.</p>]]></content:encoded></item>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Low tide</title><author><name>Ada</name></author>
<entry><title type="html">Fish &amp;amp; chips</title><id>tag:a,1</id><updated>2019-03-04T10:00:00Z</updated>
<author><name>Zeno</name></author><summary>5 &lt; 6 &amp; so on.</summary></entry></feed>"""


def read(text: str) -> list[ImportedDoc]:
    return read_bytes(text.encode())


def read_bytes(data: bytes) -> list[ImportedDoc]:
    file = Sniffed(data, PurePosixPath("feed.xml"))
    assert feeds.is_it(file)
    return list(feeds.read(file))


def test_an_entry_is_a_document_and_content_goes_before_its_summary() -> None:
    [document] = read(RSS.format(ITEM))
    assert (document.title, document.date, document.speaker, document.part) == (
        "A night",
        "2019-03-04",
        "Ada Marsh",
        "https://a.invalid/1",
    )
    assert [(block.text, block.place) for block in document.blocks] == [
        ("One & all.", "entry 1"),
        ("Two.", "entry 1"),
    ]


def test_atom_is_read_too() -> None:
    [document] = read(ATOM)
    assert (document.title, document.date, document.speaker, document.part) == (
        "Fish & chips",
        "2019-03-04",
        "Zeno",
        "tag:a,1",
    )
    assert [block.text for block in document.blocks] == ["5 < 6 & so on."]


def test_an_address_is_no_name() -> None:
    item = "<item><title>x</title><author>ada@a.invalid (Ada M.)</author><description>Text.</description></item>"
    assert read(RSS.format(item))[0].speaker == "Ada M."


def test_two_entries_of_one_link_are_two_parts() -> None:
    assert len({document.part for document in read(RSS.format(ITEM + ITEM))}) == 2


def test_entries_without_text_are_counted() -> None:
    assert read(RSS.format(f"{ITEM}<item><title>x</title></item>"))[0].left_out == ("1 post without any text.",)


def test_a_feed_without_text_is_refused() -> None:
    with pytest.raises(ImportRefused, match="no entry"):
        read(RSS.format("<item><title>x</title></item>"))


def test_entities_are_refused() -> None:
    with pytest.raises(ImportRefused, match="entities"):
        read('<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]>' + RSS.format(ITEM).partition("?>")[2])


def test_a_broken_feed_is_read_and_said() -> None:
    [document] = read(RSS.format(ITEM.replace("A night", "Fish & chips")))
    assert document.title == "Fish & chips"
    assert "damaged" in document.left_out[0]


def test_a_feed_of_no_encoding_is_refused_or_read() -> None:
    data = (
        RSS.format(ITEM)
        .replace('version="1.0"?', 'version="1.0" encoding="\x01"?')
        .encode()
        .replace(b"\x01", b"\xea\xff")
    )
    with pytest.raises(ImportRefused, match="damaged beyond reading"):
        read_bytes(data)


def test_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert read(RSS.format(ITEM))


@pytest.mark.skipif(not SAMPLES.exists(), reason="the sample files are elsewhere")
def test_a_real_podcast() -> None:
    documents = read_bytes((SAMPLES / "podcast-rss" / "feed.xml").read_bytes())
    first = documents[0]
    assert (first.title, first.speaker, first.date) == ("Lorem Ipsum", "Example User", "2020-08-10")
    assert len(documents) == 2
