"""Recordings for those who may hear them: whole, or the stretch that a player asks for."""

import os

import numpy as np
from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse, JSONResponse

from knowledge import Recording, UnknownRecording
from presence.web.deps import ListenerDep, ServicesDep

router = APIRouter(prefix="/audio")

# A tier may be lost, so a copy is asked about before it is played again.
_CACHE = "private, no-cache"


@router.get("/{ident}")
@router.head("/{ident}")
def hear(request: Request, ident: str, services: ServicesDep, listener: ListenerDep) -> Response:
    """Give a recording, or a stretch of it, from the disk."""
    made = _readable(request, ident, services)
    path = services.recordings.path(ident)
    if path is None:
        raise UnknownRecording
    headers = {"ETag": f'"{made.sha256[:32]}"', "Cache-Control": _CACHE, "Vary": "Cookie"}
    if headers["ETag"] in request.headers.get("if-none-match", "").replace("W/", "").split(", "):
        return Response(status_code=304, headers=headers)
    return FileResponse(path, media_type=made.type, headers=headers, stat_result=os.stat(path))  # noqa: PTH116


@router.get("/{ident}/peaks")
def look(request: Request, ident: str, services: ServicesDep, listener: ListenerDep) -> JSONResponse:
    """Give what a recording looks like: the lowest and the highest of each stretch, -127 to 127; null if unknown."""
    made = _readable(request, ident, services)
    peaks = np.frombuffer(made.peaks, np.int8).reshape(-1, 2).tolist() if made.peaks else None
    told = {"id": made.ident, "title": made.title, "duration_ms": made.duration_ms, "peaks": peaks}
    return JSONResponse(told, headers={"Cache-Control": _CACHE, "Vary": "Cookie"})


def _readable(request: Request, ident: str, services: ServicesDep) -> Recording:
    made = services.recordings.recording(ident, request.state.tier)
    if made is None:
        raise UnknownRecording
    return made
