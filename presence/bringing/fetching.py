"""Brings a page, a feed or a whole site into the home, where it is imported like any other file.

An address keeps its place under `fetched/`, so that importing it again replaces what has changed.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from knowledge.addresses import OUTSIDE, Door, Fetched, fetched
from knowledge.sites import site_pages

PAGE_SECONDS_MAX = 30.0
Tell = Callable[[dict[str, Any]], None]
_NOT_IN_A_NAME = re.compile(r"[^\w.()-]+")
_NAME_CHARS_MAX = 80


def is_address(path: str) -> bool:
    """Whether an argument names a place on the web and no file."""
    return path.lower().startswith(("http://", "https://"))


def brought(folder: Path, address: str, *, site: bool, bytes_max: int, tell: Tell, door: Door = OUTSIDE) -> Path:
    """Get a page, or all pages of its host; give the file or the folder in which they lie now."""
    kept: list[Path] = []
    for page in _pages(address, site=site, bytes_max=bytes_max, door=door):
        if isinstance(page, Fetched):
            kept.append(_put(folder, page))
            tell({"event": "fetched", "name": page.address, "files_done": len(kept)})
        else:
            tell({"event": "unfetched", "name": page.address, "why": page.reason})
    return _place_of(folder, address) if site else kept[0]


def _pages(address: str, *, site: bool, bytes_max: int, door: Door) -> Iterator[Any]:
    if site:
        yield from site_pages(address, bytes_max=bytes_max, seconds_max=PAGE_SECONDS_MAX, door=door)
    else:
        yield fetched(address, bytes_max=bytes_max, seconds_max=PAGE_SECONDS_MAX, door=door)


def _put(folder: Path, page: Fetched) -> Path:
    parts = [_safe(part) for part in urlsplit(page.address).path.split("/")[:-1] if part]
    place = _place_of(folder, page.address).joinpath(*parts)
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = place / _safe(page.name)
    file.write_bytes(page.data)
    return file


def _place_of(folder: Path, address: str) -> Path:
    return folder / "fetched" / _safe(urlsplit(address).netloc)


def _safe(name: str) -> str:
    """Make a name of an address harmless as a file's: no separators, no leading dot, not too long."""
    return _NOT_IN_A_NAME.sub("_", name).lstrip(".")[-_NAME_CHARS_MAX:] or "page"
