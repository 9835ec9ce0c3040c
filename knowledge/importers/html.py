"""HTML pages to readable blocks: what a reader of the page would see, without navigation and scripts."""

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup, Comment, Tag
from bs4.element import NavigableString

from knowledge.importers.page import article, densest, holds, said_of_itself, soup_of, without_machinery
from knowledge.importers.record import Block, ImportedDoc
from knowledge.importers.speakers import attributed
from knowledge.importers.tracklist import is_tracklist

_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_BLOCKS = _HEADINGS | {
    "address", "article", "aside", "blockquote", "body", "dd", "div", "dl", "dt", "figcaption", "figure",
    "footer", "form", "header", "html", "li", "main", "ol", "p", "pre", "section", "table", "tbody", "td",
    "th", "thead", "tr", "ul",
}  # fmt: skip
_UNREAD = ["script", "style", "noscript", "template", "svg", "nav", "form", "iframe", "head"]
_SPACES = re.compile(r"[ \t\r\f\v\n\xa0]+")


def read_html(text: str, *, fallback_title: str) -> ImportedDoc:
    """Read one saved page."""
    soup = soup_of(text)
    said = said_of_itself(soup)  # read first: collecting the text throws the head away
    blocks = tuple(_blocks_of(soup, whole_page=True))
    heading = next((block.text for block in blocks if block.kind == "heading"), "")
    return ImportedDoc(
        format="html",
        title=said.title or heading or fallback_title,
        blocks=blocks,
        kind="set" if any(block.kind == "tracklist" for block in blocks) else "note",
        date=said.date,
        speaker=said.author,
    )


def body_blocks(fragment: str) -> list[Block]:
    """Give the blocks of a piece of HTML; lines count from 1 at its beginning."""
    return list(_blocks_of(soup_of(fragment)))


def plain_text(value: str) -> str:
    """Take the tags and entities out of a short value such as a title."""
    if "<" not in value and "&" not in value:
        return value.strip()
    return _SPACES.sub(" ", soup_of(value).get_text(" ")).strip()


def _blocks_of(soup: BeautifulSoup, *, whole_page: bool = False) -> Iterator[Block]:
    for unread in soup.find_all(_UNREAD):
        unread.decompose()
    for comment in soup.find_all(string=lambda string: isinstance(string, Comment)):
        comment.extract()
    root = article(soup)
    without_machinery(root)
    if whole_page and root.name not in ("main", "article"):
        root = densest(root)
    yield from _walk(root, line=getattr(root, "sourceline", 1) or 1)


def _walk(tag: Tag, line: int) -> Iterator[Block]:
    """Collect running text until the next block begins, then go into that block."""
    running: list[str] = []
    for child in tag.children:
        if isinstance(child, Tag) and (child.name in _BLOCKS or holds(child, _BLOCKS)):
            yield from _block(tag, running, line)
            running, line = [], child.sourceline or line
            inner = list(_walk(child, line))
            yield from attributed(inner) if child.name == "blockquote" else inner
        elif isinstance(child, Tag):
            running.append("\n" if child.name == "br" else _inline(child))
        elif isinstance(child, NavigableString):
            running.append(str(child) if tag.name == "pre" else _SPACES.sub(" ", str(child)))
    yield from _block(tag, running, line)


def _inline(tag: Tag) -> str:
    if holds(tag, {"br"}):
        for line_break in tag.find_all("br"):
            line_break.replace_with("\n")
    return re.sub(r"[ \t\xa0]+", " ", tag.get_text())


def _block(tag: Tag, running: list[str], line: int) -> Iterator[Block]:
    lines = [part.strip() for part in "".join(running).split("\n")]
    text = "\n".join(part for part in lines if part)
    if not text:
        return
    if tag.name in _HEADINGS:
        yield Block("heading", text.replace("\n", " "), line)
    else:
        yield Block("tracklist" if is_tracklist(text) else "prose", text, line, own_lines=False)
