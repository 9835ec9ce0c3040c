"""Links, credits and other names in the head of a note."""

import re
from collections.abc import Iterator
from typing import Any

from knowledge.importers.codes import web_address
from knowledge.importers.head_fields import Fields, line_with
from knowledge.importers.people import people
from knowledge.importers.statements import Alias, At, Credit, Link

_RELATIONS = (
    ("tickets", re.compile(r"ticket|\bra\.co\b|residentadvisor|\bdice\b|eventbrite", re.IGNORECASE)),
    ("watch", re.compile(r"youtu|vimeo|peertube|video|watch|twitch", re.IGNORECASE)),
    ("buy", re.compile(r"\bbuy|shop|store|bandcamp|beatport|juno|itunes|merch|purchase|traxsource", re.IGNORECASE)),
    ("listen", re.compile(r"listen|soundcloud|mixcloud|spotify|stream|apple.?music|deezer|tidal|archive|download",
                          re.IGNORECASE)),
)  # fmt: skip
_LISTS = ("links", "link", "stores", "buy", "tickets", "shop", "store", "listen", "stream", "streaming", "download",
          "bandcamp", "soundcloud", "mixcloud", "spotify", "youtube", "beatport", "discogs", "website", "url",
          "ticketurl", "ticketlink", "ticketsurl", "buyurl", "buylink", "video", "applemusic")  # fmt: skip
_ROLES = {"composer": "composer", "composers": "composer", "writtenby": "composer", "lyricist": "lyricist",
          "lyricsby": "lyricist", "producer": "producer", "producers": "producer", "producedby": "producer",
          "remixer": "remixer", "remixers": "remixer", "arranger": "arranger", "engineer": "engineer",
          "mixedby": "mixing", "masteredby": "mastering", "artwork": "artwork", "coverart": "artwork",
          "featuring": "guest", "feat": "guest"}  # fmt: skip
_WITH_ROLE = re.compile(r"(?P<person>[^()]{1,120}?)\s*\((?P<role>[^()]{1,120})\)\Z")
_BY_ROLE = re.compile(r"(?P<role>[^:]{1,60}):\s*(?P<person>.{1,200})\Z")
_CREDIT_CHARS_MAX = 200


def links(fields: Fields, head: str, at: At, of_kind: str, of: str) -> Iterator[Link]:
    """Give the addresses on the web, each once."""
    seen = set[str]()
    for key in _LISTS:
        for label, written in _addresses(fields.values.get(key)):
            url = web_address(written)
            if url and url not in seen:
                seen.add(url)
                named = f"{label} {key}" if key not in ("links", "link", "stores", "url") else label
                yield Link(line_with(head, url, at), of_kind, of, relation(named, url), url, label)


def relation(named: str, url: str) -> str:
    """Say what a link is for: by its name, then by its address."""
    return next((kind for words in (named, url) for kind, pattern in _RELATIONS if pattern.search(words)), "elsewhere")


def _addresses(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield "", value
    elif isinstance(value, list):
        for one in value:
            yield from _addresses(one)
    elif isinstance(value, dict) and isinstance(value.get("url") or value.get("href"), str):
        yield (
            str(value.get("name") or value.get("title") or value.get("label") or ""),
            value.get("url") or value["href"],
        )
    elif isinstance(value, dict):
        yield from ((str(label), url) for label, url in value.items() if isinstance(url, str))


def credited(fields: Fields, at: At, of_kind: str, of: str, *, artist: str = "") -> Iterator[Credit]:
    """Give who did what: a mapping of roles, a list, or a field of its own (`producer:`)."""
    told = list(_roles(fields.values.get("credits")))
    told += [(role, name) for key, role in _ROLES.items() for one in fields.every(key) for name in people(one)]
    for role, person in dict.fromkeys(told):
        yield Credit(at, of_kind, of, person, role, artist)


def _roles(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict) and isinstance(value.get("name"), str):
        yield from ((role, value["name"]) for role in _several(value.get("role") or value.get("roles")))
    elif isinstance(value, dict):
        yield from ((str(role), name) for role, names in value.items() for name in _several(names))
    elif isinstance(value, list):
        for one in value:
            yield from _roles(one) if isinstance(one, dict) else _in_words(one)


def _in_words(written: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(written, str) or len(written) > _CREDIT_CHARS_MAX:
        return
    found = _WITH_ROLE.match(written.strip()) or _BY_ROLE.match(written.strip())
    if found:
        yield from ((found["role"].strip(), name) for name in people(found["person"]))


def _several(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield from people(value)
    elif isinstance(value, list):
        yield from (name for one in value if isinstance(one, str) for name in people(one))


def aliases(fields: Fields, at: At, kind: str, name: str) -> Iterator[Alias]:
    """Give the other names."""
    written = [*fields.every("aliases"), *fields.every("alias"), *fields.every("aka")]
    for alias in dict.fromkeys(one for several in written for one in people(several)):
        if alias != name:
            yield Alias(at, kind, name, alias)
