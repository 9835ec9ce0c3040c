"""The room as an app on somebody's phone: what it is called there, and the one page that it has without a line.

What is kept on the device is the shell, the same for everybody: never an answer, never a page of somebody's.
"""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse

from presence.web.deps import ServicesDep
from presence.web.disclosure import label
from presence.web.pages import render

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
def manifest(services: ServicesDep) -> JSONResponse:
    """Say what a phone needs to know to keep the room among its apps."""
    artist = services.settings.artist_name
    short = artist if len(artist) <= SHORT_NAME_CHARS else artist.split()[0][:SHORT_NAME_CHARS]
    told = {
        "id": "/",
        "name": f"{artist}’s notes",
        "short_name": short,
        "description": label(artist),
        "lang": "en",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": PAPER,
        "categories": ["music"],
        "shortcuts": [{"name": "Sets", "url": "/sets"}, {"name": "Search", "url": "/search"}],
        "icons": [
            {"src": src, "sizes": sizes, "type": kind, "purpose": purpose} for src, sizes, kind, purpose in _ICONS
        ],
    }
    return JSONResponse(told, media_type="application/manifest+json", headers={"Cache-Control": "max-age=3600"})


@router.get("/offline", response_class=HTMLResponse)
def offline(request: Request) -> HTMLResponse:
    """Give the page that is shown without a line. It is kept on the device, so it is made for nobody."""
    return HTMLResponse(render(request, "offline.html"))
