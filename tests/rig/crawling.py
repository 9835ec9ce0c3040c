"""Opens every page that a listener can reach: those that need no more than their address, and whatever these name."""

import re
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

# Streams of one's own standing, and of the studio, which have no end.
ENDLESS = frozenset({"/api/me/events", "/studio/asking/events"})
HTML = {"Accept": "text/html"}
ADDRESSES_MAX = 600
_NAMED = re.compile(r"""(?:href|src)="([^"]+)"|"(?:url|events|top_up)": ?"([^"]+)\"""")


def routes_of(routes: Iterable[Any]) -> Iterator[APIRoute]:
    """Give every route, those of routers that are kept as they are included too."""
    for route in routes:
        if isinstance(route, APIRoute):
            yield route
        else:
            holder = getattr(route, "original_router", route)
            yield from routes_of(getattr(holder, "routes", None) or ())


def plain_addresses(app: FastAPI) -> list[str]:
    """Give the addresses that can be read and have no parameters."""
    found = {route.path for route in routes_of(app.routes) if "GET" in (route.methods or ())}
    return sorted(path for path in found if "{" not in path and path not in ENDLESS)


def crawl(client: TestClient, begin: Iterable[str]) -> dict[str, Any]:
    """Open pages, and the pages that they name at the same place; give the answers by address."""
    waiting, seen = deque(begin), dict[str, Any]()
    while waiting and len(seen) < ADDRESSES_MAX:
        address = waiting.popleft()
        if address in seen or urlsplit(address).path in ENDLESS:
            continue
        response = client.get(address, headers=HTML, follow_redirects=False)
        seen[address] = response
        if response.headers.get("location"):
            waiting.append(_here(address, response.headers["location"]))
        if response.headers.get("content-type", "").startswith(("text/html", "application/json")):
            named = (one or other for one, other in _NAMED.findall(response.text))
            waiting.extend(_here(address, name) for name in named if _is_here(name))
    return seen


def _here(address: str, name: str) -> str:
    parts = urlsplit(urldefrag(urljoin(f"http://localhost{address}", name.replace("&amp;", "&"))).url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _is_here(name: str) -> bool:
    return name.startswith("/") and not name.startswith(("//", "/static"))
