"""Is the process alive, and can it answer."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from sqlalchemy import text

from models import Fallback
from presence.web.deps import ServicesDep

router = APIRouter()


@router.get("/healthz")
def alive() -> JSONResponse:
    """The process answers."""
    return JSONResponse({"status": "ok"})


@router.get("/readyz")
def ready(services: ServicesDep) -> JSONResponse:
    """The database and the index answer, and the embedder is the one that made the vectors.

    `writer_reason` says why the chosen language model does not write; the node quotes meanwhile.
    """
    services.library.require_same_embedder()
    with services.database.reader(0) as reader:
        reader.execute(text("SELECT count(*) FROM documents")).scalar_one()
    told = {"status": "ready", "writer": services.writer.name}
    if isinstance(services.writer, Fallback) and services.writer.reason is not None:
        told["writer_reason"] = services.writer.reason
    return JSONResponse(told)
