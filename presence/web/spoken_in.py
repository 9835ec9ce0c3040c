"""In which language a request is answered: pages in their reader's, programs in English unless they ask for another."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote, urlsplit

from fastapi import Request

from presence.languages import accepted, known_language, speaking

LANGUAGE_COOKIE = "language"
LANGUAGE_SECONDS = 365 * 24 * 3600
HEADER = "Presence-Language"
"""What the scripts of our pages ask with, so that a refusal that they show is in the language of the page."""
VARY = "Accept-Language, Cookie"
PLACE_CHARS_MAX = 2_000


def language_of(request: Request) -> str:
    """Give the language of a page: the one that was chosen here, else the browser's, else the house's own."""
    kept = getattr(request.state, "language", None)
    if kept is not None:
        return str(kept)
    name = f"__Host-{LANGUAGE_COOKIE}" if request.url.scheme == "https" else LANGUAGE_COOKIE
    language: str = (
        known_language(request.cookies.get(name))
        or accepted(request.headers.get("accept-language", ""))
        or request.app.state.services.settings.language
    )
    request.state.language = language
    return language


@contextmanager
def spoken(request: Request) -> Iterator[None]:
    """Say everything in the language of who sent a request meanwhile: pages, and letters that it calls for."""
    with speaking(language_of(request), request.app.state.services.settings.artist_name):
        yield


def language_asked(request: Request) -> str | None:
    """Give the language that a program plainly asks for."""
    return known_language(request.headers.get(HEADER))


def this_place(request: Request) -> str:
    """Give the address of the page that is shown, to come back to; one that is no page of its own leads to the room."""
    if request.method not in ("GET", "HEAD"):
        return "/"
    place = quote(request.url.path, safe="/:@!$&'()*+,;=-._~") + (f"?{request.url.query}" if request.url.query else "")
    return place_of_ours(place)


def place_of_ours(place: str) -> str:
    """Give an address back if it is one of this house; any other leads to the room."""
    try:
        parts = urlsplit(place)
    except ValueError:
        return "/"
    is_ours = place.startswith("/") and not parts.scheme and not parts.netloc and "\\" not in place
    return place if is_ours and place.isprintable() and len(place) <= PLACE_CHARS_MAX else "/"
