"""What a program has to know before it comes with a key (RFC 9728), and what it is told where its key is wrong.

The node is its own authorization server (`presence.web.letting_in`): it alone knows whose key a key is.
"""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from presence.web.deps import ServicesDep

WELL_KNOWN = "/.well-known/oauth-protected-resource"
MCP = "/mcp"
MCP_FOR_SOMEBODY = "/mcp/me"
RESOURCES = ("", MCP, MCP_FOR_SOMEBODY, "/v1")
"""What a program may name as what it wants a key for (RFC 8707); the same key opens all of them."""

router = APIRouter(prefix=WELL_KNOWN)


@router.get("")
def about_node(request: Request, services: ServicesDep) -> JSONResponse:
    """Say how a program comes in with a key (RFC 9728)."""
    return JSONResponse(_metadata(_origin(request), "", services.settings.artist_name))


@router.get("/mcp")
def about_mcp(request: Request, services: ServicesDep) -> JSONResponse:
    """Say the same of the Model Context Protocol's address."""
    return JSONResponse(_metadata(_origin(request), MCP, services.settings.artist_name))


@router.get("/mcp/me")
def about_mcp_for_somebody(request: Request, services: ServicesDep) -> JSONResponse:
    """Say the same of the address for programs that speak for somebody."""
    return JSONResponse(_metadata(_origin(request), MCP_FOR_SOMEBODY, services.settings.artist_name))


def challenge(request: Request, why: str | None = None) -> str:
    """Give the `WWW-Authenticate` of a refused key: what was wrong with it, and where the ways in are described.

    Where there was no key, nothing was wrong with it (RFC 6750, section 3.1).
    """
    path = request.url.path
    place = f'resource_metadata="{_origin(request)}{WELL_KNOWN}{path if path in (MCP, MCP_FOR_SOMEBODY) else ""}"'
    return f"Bearer {place}" if why is None else f'Bearer error="invalid_token", error_description="{why}", {place}'


def _origin(request: Request) -> str:
    origin: str = request.app.state.services.origins.of(request.headers.get("host", ""))
    return origin


def _metadata(origin: str, path: str, artist: str) -> dict[str, Any]:
    return {
        "resource": f"{origin}{path}",
        "resource_name": f"The presence of {artist}",
        "authorization_servers": [origin],
        "bearer_methods_supported": ["header"],
    }
