"""What the node sees of a request, for its own doctor who asks through the front; for others, nothing is here."""

import asyncio
import json
from collections.abc import AsyncGenerator

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from presence.node_secret import node_secret
from presence.sight.public.through import BETWEEN_SECONDS, SEEN
from presence.sight.seen import is_word
from presence.web.deps import ServicesDep, bearer_of
from presence.web.streaming import Streamed

router = APIRouter()


@router.get(SEEN, include_in_schema=False)
def seen(request: Request, services: ServicesDep) -> Response:
    """Tell the node's own doctor what is seen of the request, and then, a moment later, that this is all."""
    said = bearer_of(request)
    if said is None or not is_word(node_secret(services.home), said):
        raise HTTPException(404)
    client = request.client.host if request.client else ""
    told = {"client": client, "scheme": request.url.scheme, "host": request.headers.get("host", "")}
    return Streamed(_in_two(told))


async def _in_two(told: dict[str, str]) -> AsyncGenerator[str, None]:
    yield f"event: seen\ndata: {json.dumps(told)}\n\n"
    await asyncio.sleep(BETWEEN_SECONDS)
    yield "event: done\ndata: {}\n\n"


class _Nothing:
    """Answers as an address does at which there is nothing."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        raise HTTPException(404)


# By other methods, or with a slash, it is as absent to a stranger as by GET.
router.routes += [Route(path, _Nothing()) for path in (SEEN, f"{SEEN}/")]
