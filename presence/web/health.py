"""Is the process alive, can it answer, and how does it go."""

import asyncio
import hmac
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from sqlalchemy import text
from starlette.exceptions import HTTPException
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from models import Fallback
from presence.bootstrap import Services
from presence.errors import DatabaseAway
from presence.sessions.operator import OPERATOR_COOKIE
from presence.sight.metrics import CONTENT_TYPE
from presence.web.deps import ServicesDep, bearer_of, cookie_of

router = APIRouter()
METRICS = "/metrics"
READY_SECONDS_MAX = 3.0
_looking = ThreadPoolExecutor(1, thread_name_prefix="readyz")
"""One thread of its own: those of requests may all be waiting for the database, and looks at it must not pile up."""


@router.get("/healthz")
async def alive() -> JSONResponse:
    """The process answers, also while all its threads wait for the database."""
    return JSONResponse({"status": "ok"})


@router.get("/readyz")
async def ready(services: ServicesDep) -> JSONResponse:
    """The database answers, within seconds. While the node moves to another embedder, `embedding` says how far it is.

    It counts in hundredths: how many notes there are above a stranger's tier is nobody's business.
    `search_reason` says why notes are found by their words alone: the vector index is away, or the old embedder gone.
    `writer_reason` says why the chosen language model does not write; the node quotes meanwhile.
    `trust_reason` says why everybody is public: the log of trust is in doubt.
    """
    looking = asyncio.wrap_future(_looking.submit(_ready, services))
    try:
        return JSONResponse(await asyncio.wait_for(looking, READY_SECONDS_MAX))
    except TimeoutError as error:
        raise DatabaseAway from error


def _ready(services: Services) -> dict[str, Any]:
    with services.database.reader(0) as reader:
        reader.execute(text("SELECT 1 FROM documents LIMIT 1")).all()
    told: dict[str, Any] = {"status": "ready", "writer": services.writer.name}
    if (embedding := services.library.embedding) is not None:
        told["embedding"] = {"done": 100 * embedding.done // max(embedding.whole, 1), "whole": 100}
    if (reason := services.library.words_alone_reason) is not None:
        told["search_reason"] = reason
    if isinstance(services.writer, Fallback) and services.writer.reason is not None:
        told["writer_reason"] = services.writer.reason
    if (doubt := services.trust.doubt) is not None:
        told["trust_reason"] = doubt
    return told


@router.get(METRICS, include_in_schema=False)
def metrics(request: Request, services: ServicesDep) -> Response:
    """Figures for Prometheus, for the operator or with the token of the settings; for others, nothing is here."""
    if not _may_look(request, services):
        raise HTTPException(404)
    return Response(services.metrics.text(), media_type=CONTENT_TYPE, headers={"Cache-Control": "no-store"})


def _may_look(request: Request, services: Services) -> bool:
    token = services.settings.metrics_token
    if (bearer := bearer_of(request)) is not None:
        return token is not None and hmac.compare_digest(bearer.encode(), token.get_secret_value().encode())
    return services.operator.session(cookie_of(request, OPERATOR_COOKIE)) is not None


class _Nothing:
    """Answers as an address does at which there is nothing."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        raise HTTPException(404)


# By other methods, or with a slash, it is as absent to a stranger as by GET.
router.routes += [Route(path, _Nothing()) for path in (METRICS, f"{METRICS}/")]
