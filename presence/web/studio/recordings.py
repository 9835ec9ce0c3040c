"""Recordings: sent in pieces that go on where they stopped, pinned to a night, listened to, taken out."""

import asyncio
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import UploadFile

from knowledge import NameUnclear, NameUnknown, Wish
from knowledge.errors import UnknownUpload
from knowledge.recordings.uploads import Wish as Uploading
from presence.bootstrap import Services
from presence.languages import later
from presence.problems import sentence_of, status_of
from presence.web.deps import ServicesDep
from presence.web.studio.frame import render_studio, room_of_the_studio
from presence.web.studio.pins import offered, pinned, why_not
from presence.web.studio.shelves import REFUSED, back_to
from presence.web.studio.telling_of import size_in_words
from trustgraph import Tier, tier_named

router = room_of_the_studio()
PAGE = "/studio/recordings"
TITLE_CHARS_MAX = 300
COPY_BYTES = 1024**2
DONE = {
    "kept": later("The recording is here."),
    "removed": later("The recording is taken out, and its bytes are deleted."),
    "away": later("What had come of it is thrown away."),
}


@router.get("/recordings", response_class=HTMLResponse)
def recordings_page(
    request: Request, services: ServicesDep, done: Annotated[str, Query(max_length=20)] = ""
) -> HTMLResponse:
    """Show every recording, what is on its way, and a way to send another."""
    return HTMLResponse(_page(request, services, {}, done=DONE.get(done, "")))


@router.post("/recordings/file")
async def add_recording(request: Request, services: ServicesDep) -> Response:
    """Take a whole recording as a form sends it, for browsers without scripts."""
    async with request.form(max_files=1, max_fields=10) as form:
        values = {name: value for name, value in form.items() if isinstance(value, str)}
        sent = form.get("file")
        if not isinstance(sent, UploadFile) or not sent.filename:
            refused = await asyncio.to_thread(
                _page, request, services, values, refused=later("Choose a recording first.")
            )
            return HTMLResponse(refused, status_code=422)
        try:
            await asyncio.to_thread(_added, services, sent, values)
        except (NameUnknown, NameUnclear) as refusal:
            page = await asyncio.to_thread(_page, request, services, values, refused=why_not(refusal))
            return HTMLResponse(page, status_code=422)
        except REFUSED as refusal:
            page = await asyncio.to_thread(_page, request, services, values, refused=sentence_of(refusal))
            return HTMLResponse(page, status_code=status_of(refusal))
    return back_to(PAGE, done="kept")


@router.post("/recordings/{ident}/remove")
def remove(ident: str, services: ServicesDep) -> Response:
    """Take a recording out, with its bytes."""
    services.recordings.remove(ident)
    return back_to(PAGE, done="removed")


@router.post("/recordings/uploads/{name}/throw-away")
def throw_away(name: str, services: ServicesDep) -> Response:
    """Throw away what came of a recording that was not sent to its end."""
    uploads = services.recordings.uploads
    uploads.wish(name)
    with uploads.alone(name):
        uploads.discard(name)
    return back_to(PAGE, done="away")


def _added(services: Services, sent: UploadFile, values: dict[str, str]) -> None:
    tier = int(tier_named(values.get("tier") or Tier.INNER.slug))
    pin = pinned(services, values.get("set", ""), tier, kind="event")
    title = (values.get("title", "").strip() or Path(str(sent.filename)).stem)[:TITLE_CHARS_MAX]
    with tempfile.NamedTemporaryFile(dir=services.home.folder, prefix="sent-") as whole:
        while data := sent.file.read(COPY_BYTES):
            whole.write(data)
        whole.flush()
        pin_of = (pin.known.kind, pin.known.key) if pin else (None, None)
        wish = Wish(whole.tell(), tier, title, *pin_of)
        services.recordings.add(Path(whole.name), wish, lambda _done, _whole: None)


def _on_its_way(services: Services) -> list[dict[str, Any]]:
    uploads, found = services.recordings.uploads, []
    for name in uploads.names():
        with suppress(UnknownUpload):  # it came to its end at this moment
            wish: Uploading = uploads.wish(name)
            found.append({"name": name, "title": wish.title, "here": uploads.offset(name), "of": wish.size_bytes})
    return found


def _page(request: Request, services: Services, values: dict[str, str], *, refused: str = "", done: str = "") -> str:
    uploads = _on_its_way(services)  # before the recordings: one that ends in between is among them
    return render_studio(
        request,
        "recordings.html",
        recordings=list(reversed(services.recordings.every(int(Tier.INNER)))),
        uploads=uploads,
        things=offered(services, songs=False),
        values=values,
        refused=refused,
        done=done,
        most=size_in_words(services.recordings.uploads.bytes_max),
    )
