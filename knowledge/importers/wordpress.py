"""WordPress' export (WXR), which Squarespace writes too: every post and page is a document.

Real exports are broken XML as often as not: HTML entities nobody declared, a CDATA inside a CDATA. So a
strict reading is tried first, then one around the faults, and it is said. Comments are other people's
words and stay out.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from email.utils import parsedate_to_datetime

from knowledge.errors import ImportRefused
from knowledge.importers import xml
from knowledge.importers.dates import iso_date
from knowledge.importers.posts import distinct, post, with_left_out
from knowledge.importers.record import ImportedDoc
from knowledge.importers.sniffed import Sniffed

_SIGNS = (b"wordpress.org/export", b"<wp:wxr_version")
_SIGN_BYTES = 65_536
_READ_TYPES = ("post", "page", "")
_THROWN_AWAY = ("trash", "auto-draft", "inherit")
_NOTHING = "There is no post or page in this WordPress export."


def is_it(file: Sniffed) -> bool:
    return file.opening.startswith("<") and any(sign in file.data[:_SIGN_BYTES] for sign in _SIGNS)


def read(file: Sniffed) -> Sequence[ImportedDoc]:
    """Read every post and page; a draft, a private or a locked one is a draft."""
    left_out: list[str] = []
    try:
        root = xml.parsed(file.data)
    except ImportRefused as refusal:
        root = xml.parsed(file.data, recover=True)
        left_out.append(f"The file is damaged ({_where(refusal.reason)}); it was read around the fault.")
    items = [element for element in root.iter() if xml.local(element) == "item"]
    read_items = [item for item in items if _is_read(item)]
    authors = dict(_authors(root))
    documents = [_document(item, authors) for item in read_items]
    parts = distinct([document.part for document in documents])
    documents = [replace(document, part=part) for document, part in zip(documents, parts, strict=True)]
    left_out += _left_out(items, read_items)
    return with_left_out(documents, left_out, nothing=_NOTHING)


def _is_read(item: xml.Element) -> bool:
    return xml.child_text(item, "post_type") in _READ_TYPES and xml.child_text(item, "status") not in _THROWN_AWAY


def _document(item: xml.Element, authors: dict[str, str]) -> ImportedDoc:
    content, excerpt = (_encoded(item, namespace) for namespace in ("content", "excerpt"))
    body, line = content if content[0].strip() else excerpt
    name = xml.child_text(item, "post_name")
    number = xml.child_text(item, "post_id")
    return post(
        "wordpress",
        body,
        title=xml.child_text(item, "title"),
        fallback_title=name.rpartition("/")[2].replace("-", " ") or f"Post {number}",
        line=line,
        date=_date(item),
        speaker=_author(xml.child_text(item, "creator"), authors),
        draft=xml.child_text(item, "status") not in ("publish", "") or bool(xml.child_text(item, "post_password")),
        part=xml.child_text(item, "link") or number,
    )


def _encoded(item: xml.Element, namespace: str) -> tuple[str, int]:
    """Give `content:encoded` or `excerpt:encoded`, which differ in their namespace only, and its line."""
    for element in xml.children(item, "encoded"):
        if f"/{namespace}" in str(element.tag) or str(element.tag).startswith(f"{namespace}:"):
            return "".join(element.itertext()), element.sourceline or 1
    return "", 1


def _date(item: xml.Element) -> str:
    written = iso_date(xml.child_text(item, "post_date"))
    if written:
        return written
    try:
        return parsedate_to_datetime(xml.child_text(item, "pubDate")).date().isoformat()
    except (ValueError, OverflowError):
        return ""


def _authors(root: xml.Element) -> Iterator[tuple[str, str]]:
    for element in root.iter():
        if xml.local(element) == "author" and xml.child_text(element, "author_login"):
            yield xml.child_text(element, "author_login"), xml.child_text(element, "author_display_name")


def _author(login: str, authors: dict[str, str]) -> str:
    return authors.get(login) or ("" if "@" in login else login)


def _left_out(items: list[xml.Element], read_items: list[xml.Element]) -> Iterator[str]:
    comments = sum(1 for item in items for _ in xml.children(item, "comment"))
    if comments:
        yield f"Comments by readers were left out: {comments:,}."
    kinds = Counter(_kind(item) for item in items if not _is_read(item))
    if kinds:
        listed = ", ".join(f"{kind} {number}" for kind, number in kinds.most_common())
        yield f"Left out, as neither posts nor pages: {listed}."


def _kind(item: xml.Element) -> str:
    kind = xml.child_text(item, "post_type")
    return f"{kind} in the bin" if kind in _READ_TYPES else kind


def _where(reason: str) -> str:
    return reason.partition("(")[2].partition(")")[0] or "it is no whole XML"
