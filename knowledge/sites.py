"""The pages of a site, one after another: those its sitemap names, or those its first page links to."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from bs4 import BeautifulSoup

from knowledge.addresses import OUTSIDE, Door, Fetched, fetched, host_root, joined, same_site
from knowledge.errors import ImportRefused
from knowledge.importers import xml

PAGES_MAX = 500
PAUSE_S = 0.5
_SITEMAPS_MAX = 20
_PAGE_ENDINGS = ("", ".html", ".htm", ".xhtml", ".php", ".asp", ".aspx", ".md", ".txt", ".pdf")


@dataclass(frozen=True, slots=True)
class Unfetched:
    """A page that could not be had, and why."""

    address: str
    reason: str


def site_pages(
    start: str,
    *,
    bytes_max: int,
    seconds_max: float,
    pages_max: int = PAGES_MAX,
    door: Door = OUTSIDE,
    pause: Callable[[float], None] = time.sleep,
) -> Iterator[Fetched | Unfetched]:
    """Give the first page and then every other; `seconds_max` is for one page. Refused where the first is."""

    def get(address: str) -> Fetched:
        return fetched(address, bytes_max=bytes_max, seconds_max=seconds_max, door=door)

    first = get(start)
    yield first
    seen = {_key(start), _key(first.address)}
    asked = 1
    for address in _named(first, get):
        if _key(address) in seen or not _is_page(address) or not same_site(address, first.address):
            continue
        if asked >= pages_max:
            yield Unfetched(address, f"Only the first {pages_max} pages of a site are imported at once.")
            return
        seen.add(_key(address))
        asked += 1
        pause(PAUSE_S)
        yield _had(address, get, first.address)


def _had(address: str, get: Callable[[str], Fetched], site: str) -> Fetched | Unfetched:
    try:
        page = get(address)
    except ImportRefused as refusal:
        return Unfetched(address, refusal.reason)
    if same_site(page.address, site):
        return page
    return Unfetched(address, "It sends on to another site.")


def _named(first: Fetched, get: Callable[[str], Fetched]) -> Iterator[str]:
    """Give what the sitemap names, or else the links of the first page."""
    waiting, read, any_named = [f"{host_root(first.address)}sitemap.xml"], 0, False
    while waiting and read < _SITEMAPS_MAX:
        read += 1
        try:
            root = xml.parsed(get(waiting.pop(0)).data, recover=True)
        except ImportRefused:
            continue
        found = [address for place in _places(root) for address in joined(first.address, place)]
        if xml.local(root) == "sitemapindex":
            waiting += [address for address in found if same_site(address, first.address)]
        elif xml.local(root) == "urlset":
            any_named = any_named or bool(found)
            yield from found
    if not any_named:
        yield from _links(first)


def _places(root: xml.Element) -> Iterator[str]:
    return (xml.child_text(entry, "loc") for entry in root if xml.child_text(entry, "loc"))


def _links(page: Fetched) -> Iterator[str]:
    soup = BeautifulSoup(page.data, "html.parser")
    for link in soup.find_all("a", href=True):
        yield from joined(page.address, str(link["href"]))


def _is_page(address: str) -> bool:
    return PurePosixPath(urlsplit(address).path).suffix.lower() in _PAGE_ENDINGS


def _key(address: str) -> str:
    """What makes two addresses one page: the scheme and a slash at the end do not."""
    parts = urlsplit(address)
    return f"{parts.netloc.removeprefix('www.')}{parts.path.rstrip('/')}?{parts.query}"
