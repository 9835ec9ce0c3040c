"""The room as an app on somebody's phone: what it is called there, and the one page that it has without a line.

What is kept on the device is the shell, the same for everybody: never an answer, never a page of somebody's.
"""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse

from presence.languages import language_spoken, say, wording
from presence.web.deps import ServicesDep
from presence.web.disclosure import label
from presence.web.pages import render
from presence.web.spoken_in import VARY, spoken

router = APIRouter()

SHORT_NAME_CHARS = 14
PAPER = "#f6f1e7"
_ICONS = (
    ("/static/mark.svg", "any", "image/svg+xml", "any"),
    ("/static/mark-192.png", "192x192", "image/png", "any"),
    ("/static/mark-512.png", "512x512", "image/png", "any"),
    ("/static/mark-maskable-512.png", "512x512", "image/png", "maskable"),
)


@router.get("/manifest.webmanifest")
def manifest(request: Request, services: ServicesDep) -> JSONResponse:
    """Say what a phone needs to know to keep the room among its apps."""
    artist = services.settings.artist_name
    short = artist if len(artist) <= SHORT_NAME_CHARS else artist.split()[0][:SHORT_NAME_CHARS]
    with spoken(request):
        told = _told(artist, short)
    headers = {"Cache-Control": "max-age=3600", "Vary": VARY}
    return JSONResponse(told, media_type="application/manifest+json", headers=headers)


def _told(artist: str, short: str) -> dict[str, Any]:
    return {
        "id": "/",
        "name": say("{artist}’s notes", artist=artist),
        "short_name": short,
        "description": wording(label(artist)),
        "lang": language_spoken(),
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": PAPER,
        "categories": ["music"],
        "shortcuts": [{"name": say("Sets"), "url": "/sets"}, {"name": say("Search"), "url": "/search"}],
        "icons": [
            {"src": src, "sizes": sizes, "type": kind, "purpose": purpose} for src, sizes, kind, purpose in _ICONS
        ],
    }


@router.get("/offline", response_class=HTMLResponse)
def offline(request: Request) -> HTMLResponse:
    """Give the page that is shown without a line. It is kept on the device, so it is made for nobody."""
    return HTMLResponse(render(request, "offline.html"))
