"""What is new among the notes that are open to all, as an Atom feed (RFC 4287)."""

import hashlib
import time
from xml.etree import ElementTree

from fastapi import APIRouter, Header
from fastapi.responses import Response

from knowledge.newest import NewNote
from presence.bootstrap import Services
from presence.web.deps import ServicesDep
from presence.web.discovery import FEED, NOTES_TOLD, PUBLIC

router = APIRouter()

ATOM = "http://www.w3.org/2005/Atom"
HER_CHARS_MAX = 1_000
# Words by others are quoted only briefly, here too.
OTHERS_CHARS_MAX = 280
TYPE = "application/atom+xml"


@router.get(FEED)
def new_notes(services: ServicesDep, if_none_match: str | None = Header(None)) -> Response:
    """The newest notes that are open to all, as an Atom feed."""
    data = feed(services)
    # A note that was taken back goes at once: it may be kept, and is asked for again each time.
    headers = {"ETag": f'"{hashlib.sha256(data).hexdigest()[:32]}"', "Cache-Control": "no-cache"}
    known = [tag.strip().removeprefix("W/") for tag in (if_none_match or "").split(",")]
    if headers["ETag"] in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(data, media_type=TYPE, headers=headers)


def feed(services: Services) -> bytes:
    """Write it."""
    origin, artist = services.origins.first, services.settings.artist_name
    notes = services.library.newest(PUBLIC, NOTES_TOLD)
    ElementTree.register_namespace("", ATOM)
    root = ElementTree.Element(f"{{{ATOM}}}feed")
    _put(root, "id", f"{origin}{FEED}")
    _put(root, "title", artist)
    _put(root, "subtitle", f"Notes of {artist} that are open to all")
    _put(root, "updated", _moment(max((note.shown_at for note in notes), default=0.0)))
    _put(root, "link", href=f"{origin}{FEED}", rel="self", type=TYPE)
    _put(root, "link", href=f"{origin}/", rel="alternate", type="text/html")
    author = _put(root, "author")
    _put(author, "name", artist)
    for note in notes:
        _entry(root, note, origin, artist)
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _entry(root: ElementTree.Element, note: NewNote, origin: str, artist: str) -> None:
    entry = _put(root, "entry")
    place = f"{origin}/sources/{note.passage}"
    _put(entry, "id", place)
    _put(entry, "title", note.title)
    _put(entry, "updated", _moment(note.shown_at))
    _put(entry, "link", href=place, rel="alternate", type="text/html")
    _put(_put(entry, "author"), "name", note.speaker)
    _put(entry, "category", term=note.kind)
    _put(entry, "summary", _shortened(note.text, HER_CHARS_MAX if note.speaker == artist else OTHERS_CHARS_MAX))


def _put(parent: ElementTree.Element, name: str, said: str = "", **attributes: str) -> ElementTree.Element:
    child = ElementTree.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    child.text = "".join(sign for sign in said if _may_stand(sign)) or None
    return child


def _may_stand(sign: str) -> bool:
    """Whether XML 1.0 allows a character."""
    number = ord(sign)
    return sign in "\t\n\r" or 0x20 <= number <= 0xD7FF or 0xE000 <= number <= 0xFFFD or number >= 0x10000


def _shortened(text: str, chars_max: int) -> str:
    return text if len(text) <= chars_max else f"{text[:chars_max].rsplit(' ', 1)[0]} …"


def _moment(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))
