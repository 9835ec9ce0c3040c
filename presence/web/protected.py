"""What a program has to know before it comes with a key (RFC 9728), and what it is told where its key is wrong.

There is no authorization server here, so none is named: a key is made by its owner, in a session of her own.
"""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from presence.web.deps import ServicesDep

WELL_KNOWN = "/.well-known/oauth-protected-resource"
MCP = "/mcp"

router = APIRouter(prefix=WELL_KNOWN)


@router.get("")
def about_node(request: Request, services: ServicesDep) -> JSONResponse:
    """Say how a program comes in with a key (RFC 9728)."""
    return JSONResponse(_metadata(_origin(request), "", services.settings.artist_name))


@router.get("/mcp")
def about_mcp(request: Request, services: ServicesDep) -> JSONResponse:
    """Say the same of the Model Context Protocol's address."""
    return JSONResponse(_metadata(_origin(request), MCP, services.settings.artist_name))


def challenge(request: Request, why: str) -> str:
    """Give the `WWW-Authenticate` of a refused key: what was wrong with it, and where the ways in are described."""
    place = f"{_origin(request)}{WELL_KNOWN}{MCP if request.url.path == MCP else ''}"
    return f'Bearer error="invalid_token", error_description="{why}", resource_metadata="{place}"'


def _origin(request: Request) -> str:
    origin: str = request.app.state.services.origins.of(request.headers.get("host", ""))
    return origin


def _metadata(origin: str, path: str, artist: str) -> dict[str, Any]:
    return {
        "resource": f"{origin}{path}",
        "resource_name": f"The presence of {artist}",
        "bearer_methods_supported": ["header"],
    }
