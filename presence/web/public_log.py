"""The public log of receipts, as static files: for everybody, and it names nobody. Collaborators may cosign it."""

import re
from pathlib import Path

from fastapi import APIRouter, Depends
from fastapi.responses import PlainTextResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from presence.errors import NotPublished
from presence.web.deps import ServicesDep
from presence.web.limits import Limited

router = APIRouter(prefix="/log")
_TILE = re.compile(r"(?:entries|[0-9]{1,2})(?:/x[0-9]{3}){0,5}/[0-9]{3}(\.p/[0-9]{1,3})?", re.ASCII)
LINE_CHARS_MAX = 1_000
_NEVER_CHANGES = "public, max-age=31536000, immutable"
_CHANGES_SOON = "public, max-age=10"
_SOON_FULL = "public, max-age=3600"


@router.get("/checkpoint")
def checkpoint(services: ServicesDep) -> PlainTextResponse:
    """Give the signed size and root of the log, as it was published last."""
    note = _read(services.home.log / "checkpoint").decode()
    return PlainTextResponse(note, headers={"Cache-Control": _CHANGES_SOON})


@router.get("/key")
def key(services: ServicesDep) -> PlainTextResponse:
    """Give the line by which verifiers know this log."""
    line = services.paying.public.key_line if services.paying.public is not None else None
    if line is None:
        raise NotPublished
    return PlainTextResponse(f"{line}\n", headers={"Cache-Control": _CHANGES_SOON})


class Cosignature(BaseModel):
    """The line by which a collaborator cosigns the checkpoint that is served."""

    model_config = ConfigDict(extra="forbid")

    line: str = Field(max_length=LINE_CHARS_MAX, description="A signature line of C2SP tlog-cosignature.")


@router.post("/cosignatures", dependencies=[Depends(Limited("documents"))])
def cosign(services: ServicesDep, cosignature: Cosignature) -> PlainTextResponse:
    """Add a collaborator's cosignature to the checkpoint; give that with all of its signatures."""
    if services.paying.witnesses is None:
        raise NotPublished
    return PlainTextResponse(services.paying.witnesses.cosign(cosignature.line).note)


@router.get("/tile/{place:path}")
def tile(place: str, services: ServicesDep) -> Response:
    """Give hashes or entries of the log; a full file never changes."""
    found = _TILE.fullmatch(place)  # nothing else leads to a file
    if found is None:
        raise NotPublished
    data = _read(services.home.log / "tile" / place)
    kept = _SOON_FULL if found[1] else _NEVER_CHANGES
    return Response(data, media_type="application/octet-stream", headers={"Cache-Control": kept})


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise NotPublished from error
