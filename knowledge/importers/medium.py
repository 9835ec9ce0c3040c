"""A post of Medium's export: its own HTML says title, summary, author and date; a draft says so by its name."""

from collections.abc import Sequence

from bs4 import BeautifulSoup, Tag

from knowledge.errors import ImportRefused
from knowledge.importers.dates import iso_date
from knowledge.importers.page import soup_of
from knowledge.importers.posts import post
from knowledge.importers.record import ImportedDoc
from knowledge.importers.sniffed import Sniffed

_SIGNS = (b"h-entry", b'data-field="body"')
_SIGN_BYTES = 65_536


def is_it(file: Sniffed) -> bool:
    return file.opening.startswith("<") and all(sign in file.data[:_SIGN_BYTES] for sign in _SIGNS)


def read(file: Sniffed) -> Sequence[ImportedDoc]:
    """Read one post; tags and the note of the export beneath it are none of its text."""
    soup = soup_of(file.text)
    body = soup.find(None, {"data-field": "body"})
    if not isinstance(body, Tag):
        raise ImportRefused("There is no text in this post of Medium's.")
    when = soup.find(class_="dt-published")
    date = iso_date(str(when.get("datetime") or "")) if isinstance(when, Tag) else ""
    title = _text(soup, "p-name")
    for repeated in body.find_all(["h3", "h1"], class_="graf--title")[:1]:
        repeated.decompose()
    document = post(
        "medium",
        str(body),
        title=title,
        fallback_title=file.name.stem,
        line=body.sourceline or 1,
        date=date,
        speaker=_text(soup, "p-author"),
        draft=file.name.name.lower().startswith("draft"),
    )
    if not document.blocks:
        raise ImportRefused("There is no text in this post of Medium's.")
    return [document]


def _text(soup: BeautifulSoup, name: str) -> str:
    found = soup.find(class_=name)
    return " ".join(found.get_text().split()) if isinstance(found, Tag) else ""
