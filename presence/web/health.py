"""Is the process alive, and can it answer."""

from typing import Any

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
    """The database answers. While the node moves to another embedder, `embedding` says how far it is.

    It counts in hundredths: how many notes there are above a stranger's tier is nobody's business.
    `search_reason` says why notes are found by their words alone, which is so when the old embedder is gone.
    `writer_reason` says why the chosen language model does not write; the node quotes meanwhile.
    `trust_reason` says why everybody is public: the log of trust is in doubt.
    """
    with services.database.reader(0) as reader:
        reader.execute(text("SELECT count(*) FROM documents")).scalar_one()
    told: dict[str, Any] = {"status": "ready", "writer": services.writer.name}
    if (embedding := services.library.embedding) is not None:
        told["embedding"] = {"done": 100 * embedding.done // max(embedding.whole, 1), "whole": 100}
    if (reason := services.library.words_alone_reason) is not None:
        told["search_reason"] = reason
    if isinstance(services.writer, Fallback) and services.writer.reason is not None:
        told["writer_reason"] = services.writer.reason
    if (doubt := services.trust.doubt) is not None:
        told["trust_reason"] = doubt
    return JSONResponse(told)
