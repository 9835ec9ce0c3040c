"""Records and songs: a list of the records, a page for each, and for each song where it was played."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from presence.errors import UnknownSource
from presence.web.deps import ListenerDep, ServicesDep
from presence.web.pages import render
from presence.web.pricing import acts_on
from presence.web.sets import Pin, heading_of
from presence.web.waves import wave_of

router = APIRouter()

PLAYS_SHOWN_MAX = 200
NOTES_SHOWN_MAX = 8


@router.get("/releases", response_class=HTMLResponse)
def releases_page(request: Request, services: ServicesDep, listener: ListenerDep) -> HTMLResponse:
    """List the records, the newest first."""
    return HTMLResponse(render(request, "releases.html", releases=services.leaves.releases(request.state.tier)))


@router.get("/releases/{ident}", response_class=HTMLResponse)
def release_page(request: Request, ident: str, services: ServicesDep, listener: ListenerDep) -> Response:
    """Show a record: its tracks, who made it, under which licence, and where it is sold."""
    tier = request.state.tier
    opened = services.library.row(ident, tier)
    thing = services.acts.things.find(ident, tier)
    if opened is None or thing is None:
        raise UnknownSource
    if thing.kind != "release":
        return RedirectResponse(thing.url, status_code=303)
    release = next(one for one in services.leaves.releases(tier) if one.key == thing.key)
    found = services.acts.things.notes(thing, tier)
    notes = {one.passage.document_id: one for one in (found.sentences if found is not None else ())}
    page = render(
        request,
        "release.html",
        opened=opened,
        thing=thing,
        release=release,
        tracks=services.leaves.tracks(thing, tier),
        credits=services.leaves.credits(thing, tier),
        links=[link for link in services.leaves.links(thing, tier) if link.url.startswith("http")],
        notes=[
            Pin(one.passage.title, one.passage.speaker, f"/sources/{one.passage.ident}", one.passage.tier)
            for one in list(notes.values())[:NOTES_SHOWN_MAX]
        ],
        acts=acts_on(request, services, listener, opened),
    )
    return HTMLResponse(page)


@router.get("/songs/{ident}", response_class=HTMLResponse)
def song_page(request: Request, ident: str, services: ServicesDep, listener: ListenerDep) -> HTMLResponse:
    """Show a song: on which records it is, and on which nights it was played."""
    tier = request.state.tier
    song = services.leaves.song(ident, tier)
    if song is None:
        raise UnknownSource
    plays = [(night, item, heading_of(night)) for night, item in song.plays[:PLAYS_SHOWN_MAX]]
    nights = len({night.key for night, _ in song.plays})
    recordings = services.recordings.of("work", song.key, tier)
    page = render(
        request,
        "song.html",
        song=song,
        plays=plays,
        nights=nights,
        left_out=len(song.plays) - len(plays),
        recordings=[(one, wave_of(one)) for one in recordings],
    )
    return HTMLResponse(page)
