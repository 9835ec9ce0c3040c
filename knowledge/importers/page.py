"""Where the article of a saved page is, and what the page says of itself.

A page saved from a browser brings its cookie banner, share buttons, comments and "related posts" along.
The article is looked for by what the page declares (main, article, microdata, common class names), and
where it declares nothing, by where nearly all of the prose is. What is cut away by the name of its class
is never more than half of the text: a body may be called "cookie-accepted".
"""

import json
import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from bs4 import BeautifulSoup, Tag
from bs4.exceptions import ParserRejectedMarkup

from knowledge.importers.dates import iso_date

_BODY_CLASSES = re.compile(r"^(?:e-content|entry-content|post-content|article-body|post-body|article-content)$")
_MACHINERY = re.compile(
    r"(?:^|[-_])(?:cookies?|consent|gdpr|share|sharing|sharedaddy|social|addtoany|related|relatedposts|breadcrumbs?"
    r"|sidebar|comments|comment-form|respond|newsletter|subscribe|subscription|signup|popup|modal|advert|ads|sponsor"
    r"|pagination|pager|post-navigation|skip|skip-link|navbar|menu|site-footer|colophon|button-wrapper)(?:[-_]|$)",
    re.IGNORECASE,
)
_MACHINERY_ROLES = {"navigation", "contentinfo", "search", "complementary", "dialog", "alertdialog", "banner"}
_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_KEPT_WHOLE = {"html", "body", "main", "article"}
_PROSE_TAGS = ["p", "blockquote", "pre", "li", "dd"]
_ROOMS = {"div", "section", "table", "tbody", "tr", "td", "center"}
# Below this much prose there is nothing to choose between; above it, this share of it is "nearly all".
_PROSE_CHARS_MIN = 600
_PROSE_SHARE = 0.85
_PUBLISHED = re.compile(r"publish|posted|entry-date", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Said:
    """What a page says of itself, "" where it says nothing."""

    title: str
    date: str
    author: str


def soup_of(markup: str) -> BeautifulSoup:
    """Read HTML, however broken; a declaration that no parser takes is read as the letters it has."""
    try:
        return BeautifulSoup(markup, "html.parser")
    except ParserRejectedMarkup:
        return BeautifulSoup(markup.replace("<![", "&lt;!["), "html.parser")


def article(soup: BeautifulSoup) -> Tag:
    """Give the part of the page that is read."""
    main = soup.find("main") or soup.find(None, {"role": "main"})
    around = main if isinstance(main, Tag) else soup.body or soup
    outer = [found for found in around.find_all("article") if found.find_parent("article") is None]
    if len(outer) == 1:
        return outer[0]
    if outer and main is None:
        return around if _are_many(outer) else outer[0]
    body = around.find(None, {"itemprop": "articleBody"}) or around.find(class_=_BODY_CLASSES)
    if isinstance(body, Tag) and not outer and main is None:
        return body
    return around


def without_machinery(root: Tag) -> None:
    """Cut away what is no part of the article: sharing, consent, comments, what else there is to read."""
    whole = len(root.get_text())
    for tag in root.find_all(_is_machinery):
        if not tag.decomposed and tag is not root and 2 * len(tag.get_text()) <= whole:
            tag.decompose()


def densest(root: Tag) -> Tag:
    """Go down to the room in which nearly all prose is, as long as no heading is lost on the way."""
    prose = Counter[int]()
    for told in root.find_all(_PROSE_TAGS):
        if not holds(told, _PROSE_TAGS):
            length = len(told.get_text(strip=True))
            if holds(told, {"a"}):
                length -= sum(len(link.get_text(strip=True)) for link in told.find_all("a"))
            prose.update({id(parent): length for parent in told.parents})
    while prose[id(root)] >= _PROSE_CHARS_MIN:
        rooms = [child for child in root.children if isinstance(child, Tag) and child.name in _ROOMS]
        inner = max(rooms, key=lambda room: prose[id(room)], default=None)
        if inner is None or prose[id(inner)] < _PROSE_SHARE * prose[id(root)] or _headings(inner) < _headings(root):
            break
        root = inner
    return root


def said_of_itself(soup: BeautifulSoup) -> Said:
    """Read the head, JSON-LD and microdata of a page."""
    linked = next(_linked_articles(soup), {})
    headline = linked.get("headline")
    own = (soup.title.get_text() if soup.title else "") or ""
    title = _meta(soup, "og:title") or (headline if isinstance(headline, str) else "") or own
    dates = (_meta(soup, "article:published_time"), str(linked.get("datePublished") or ""), _time(soup))
    author = _meta(soup, "author") or _name(linked.get("author"))
    return Said(" ".join(title.split()), next((date for date in map(iso_date, dates) if date), ""), author)


def holds(tag: Tag, names: Collection[str]) -> bool:
    """Whether a tag of one of these names is inside; many times faster than looking for it."""
    return any(isinstance(inner, Tag) and inner.name in names for inner in tag.descendants)


def _are_many(articles: list[Tag]) -> bool:
    """Whether these are the posts of a list, rather than one and the teasers beneath it."""
    lengths = [len(one.get_text(strip=True)) for one in articles]
    return lengths[0] < _PROSE_SHARE * sum(lengths)


def _is_machinery(tag: Tag) -> bool:
    if tag.name in _KEPT_WHOLE:
        return False
    if tag.name == "footer":
        return tag.find_parent("blockquote") is None
    if tag.get("role") in _MACHINERY_ROLES or tag.has_attr("hidden") or _UNSEEN.search(str(tag.get("style") or "")):
        return True
    names = [*(tag.get_attribute_list("class")), tag.get("id")]
    return any(isinstance(name, str) and _MACHINERY.search(name) for name in names)


def _headings(tag: Tag) -> int:
    return sum(found.find_parent(["header", "nav"]) is None for found in tag.find_all(["h1", "h2"]))


def _time(soup: BeautifulSoup) -> str:
    """A page with many dates, such as a tour, is published on none of them."""
    marked = soup.find(None, {"itemprop": "datePublished"}) or soup.find("time", class_=_PUBLISHED)
    if isinstance(marked, Tag):
        return str(marked.get("datetime") or marked.get("content") or "")
    times = {str(found["datetime"]) for found in article(soup).find_all("time", datetime=True)}
    return times.pop() if len(times) == 1 else ""


def _meta(soup: BeautifulSoup, name: str) -> str:
    tag = soup.find("meta", attrs={"property": name}) or soup.find("meta", attrs={"name": name})
    value = tag.get("content") if isinstance(tag, Tag) else None
    return value.strip() if isinstance(value, str) else ""


def _linked_articles(soup: BeautifulSoup) -> Iterator[dict[str, Any]]:
    for script in soup.find_all("script", type="application/ld+json"):
        try:
            written = json.loads(script.get_text())
        except (ValueError, RecursionError):
            continue
        graph = written.get("@graph", written) if isinstance(written, dict) else written
        for one in graph if isinstance(graph, list) else [graph]:
            if isinstance(one, dict) and re.search(r"Article|BlogPosting|Report", str(one.get("@type"))):
                yield one


def _name(author: Any) -> str:
    one = author[0] if isinstance(author, list) and author else author
    name = one.get("name") if isinstance(one, dict) else one
    return name.strip() if isinstance(name, str) else ""
