"""The operator's uploads, in pieces that go on where they stopped: the core of tus 1.0.0, and its creation."""

import asyncio
import base64
import binascii
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, HTTPException, Request, Response
from starlette.requests import ClientDisconnect

from knowledge import Piece, Wish
from presence.bootstrap import Services
from presence.errors import NotSignedIn
from presence.web.deps import ListenerDep, ServicesDep
from presence.web.limits import Limited
from trustgraph import Tier, tier_named

TUS_VERSION = "1.0.0"
PIECE_TYPE = "application/offset+octet-stream"
WRITE_BYTES = 1024**2
TITLE_CHARS_MAX = 300
_RESUMABLE = {"Tus-Resumable": TUS_VERSION, "Cache-Control": "no-store"}
_PINS = {"set": "event", "work": "work"}


def operator_only(listener: ListenerDep) -> None:
    """Refuse everybody but the operator."""
    if listener.operator_session is None:
        raise NotSignedIn


def speaks_tus(tus_resumable: Annotated[str | None, Header()] = None) -> None:
    """Refuse another version of the protocol, as it asks for."""
    if tus_resumable != TUS_VERSION:
        raise HTTPException(412, f"Uploads speak tus {TUS_VERSION}.", headers={"Tus-Version": TUS_VERSION})


router = APIRouter(prefix="/api/recordings", dependencies=[Depends(operator_only)])
speaking = [Depends(speaks_tus)]


@router.get("")
def list_recordings(services: ServicesDep) -> list[dict[str, Any]]:
    """Every recording, for the operator."""
    return [one.as_json() for one in services.recordings.every(int(Tier.INNER))]


@router.options("")
def capabilities(services: ServicesDep) -> Response:
    """What of tus is spoken here."""
    told = {"Tus-Version": TUS_VERSION, "Tus-Extension": "creation,termination"}
    told["Tus-Max-Size"] = str(services.recordings.uploads.bytes_max)
    return Response(status_code=204, headers={**_RESUMABLE, **told})


@router.post("", dependencies=[*speaking, Depends(Limited("uploads"))])
def create_upload(
    services: ServicesDep,
    upload_length: Annotated[int, Header(gt=0)],
    upload_metadata: Annotated[str, Header(max_length=8_192)] = "",
) -> Response:
    """Begin an upload; its metadata name a title, a tier, and the set or the work that it is of."""
    name = services.recordings.begin(_wish(services, upload_length, _metadata(upload_metadata)))
    return Response(status_code=201, headers={**_RESUMABLE, "Location": f"/api/recordings/{name}"})


@router.head("/{name}", dependencies=speaking)
def where_it_stands(name: str, services: ServicesDep) -> Response:
    """Say where an upload goes on."""
    offset, length = services.recordings.offset(name)
    return Response(headers={**_RESUMABLE, "Upload-Offset": str(offset), "Upload-Length": str(length)})


@router.patch("/{name}", dependencies=speaking)
async def add_piece(
    name: str, request: Request, services: ServicesDep, upload_offset: Annotated[int, Header(ge=0)]
) -> Response:
    """Take the next piece of an upload; the last one makes it a recording."""
    if request.headers.get("content-type") != PIECE_TYPE:
        raise HTTPException(415, f"A piece is {PIECE_TYPE}.")
    await asyncio.to_thread(services.recordings.uploads.wish, name)
    try:
        with services.recordings.uploads.piece(name, upload_offset) as piece:
            await _write(request, piece)
    except ClientDisconnect:  # what came before the line broke is kept
        return Response(status_code=400, headers=_RESUMABLE)
    headers = {**_RESUMABLE, "Upload-Offset": str(services.recordings.uploads.offset(name))}
    made = await asyncio.to_thread(services.recordings.finish, name)
    if made is not None:
        services.recordings.draw_later(made.ident)
        headers["Content-Location"] = f"/audio/{made.ident}"
    return Response(status_code=204, headers=headers)


async def _write(request: Request, piece: Piece) -> None:
    waiting = bytearray()
    try:
        async for data in request.stream():
            waiting += data
            if len(waiting) >= WRITE_BYTES:
                full, waiting = bytes(waiting), bytearray()
                await asyncio.to_thread(piece.write, full)
    finally:
        await asyncio.to_thread(piece.write, bytes(waiting))


@router.delete("/{name}", dependencies=speaking)
def end_upload(name: str, services: ServicesDep) -> Response:
    """Throw an upload away that has not come to its end."""
    services.recordings.uploads.wish(name)
    with services.recordings.uploads.alone(name):
        services.recordings.uploads.discard(name)
    return Response(status_code=204, headers=_RESUMABLE)


def _metadata(header: str) -> dict[str, str]:
    """Read `key base64, key base64`."""
    found = {}
    try:
        for pair in filter(None, (part.strip() for part in header.split(","))):
            key, _, value = pair.partition(" ")
            found[key] = base64.b64decode(value, validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise HTTPException(422, "Upload-Metadata: each value is UTF-8 in base64.") from error
    return found


def _wish(services: Services, length: int, told: dict[str, str]) -> Wish:
    title = (told.get("title") or told.get("filename") or "A recording")[:TITLE_CHARS_MAX]
    tier = tier_named(told["tier"]) if "tier" in told else Tier.INNER
    for name, kind in _PINS.items():
        if told.get(name):
            one = services.curation.find(told[name], kind)
            return Wish(length, int(tier), title, one.kind, one.key)
    return Wish(length, int(tier), title)
