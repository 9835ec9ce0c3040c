"""Is the process alive, and can it answer."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from sqlalchemy import text

from presence.web.deps import ServicesDep

router = APIRouter()


@router.get("/healthz")
def alive() -> JSONResponse:
    """The process answers."""
    return JSONResponse({"status": "ok"})


@router.get("/readyz")
def ready(services: ServicesDep) -> JSONResponse:
    """The database and the index answer, and the embedder is the one that made the vectors."""
    services.library.require_same_embedder()
    with services.database.reader(0) as reader:
        reader.execute(text("SELECT count(*) FROM documents")).scalar_one()
    return JSONResponse({"status": "ready", "writer": services.writer.name})
