"""The official client of the Model Context Protocol, speaking with a node of a test, in both of its ages."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import httpx2
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.types import CallToolResult

from presence.app import create_app
from presence.bootstrap import Services
from tests.awaiting import awaited

T = TypeVar("T")
AGES = ("legacy", "auto")
"""With a handshake first, as until 2025; and each request by itself, as since 2026."""


@asynccontextmanager
async def speaking(node: Services, secret: str | None = None, *, age: str = "auto") -> AsyncIterator[Client]:
    """Open a client, with a program's key or without one."""
    transport = httpx2.ASGITransport(create_app(node))
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    async with (
        httpx2.AsyncClient(transport=transport, headers=headers, timeout=60) as http,
        Client(streamable_http_client("http://localhost/mcp", http_client=http), mode=age) as client,
    ):
        yield client


def spoken(node: Services, deed: Callable[[Client], Awaitable[T]], secret: str | None = None, age: str = "auto") -> T:
    """Do something with a client, and close it."""

    async def done() -> T:
        async with speaking(node, secret, age=age) as client:
            return await deed(client)

    return awaited(done())


def call(
    node: Services, tool: str, secret: str | None = None, *, age: str = "auto", **arguments: Any
) -> CallToolResult:
    """Call one tool."""
    return spoken(node, lambda client: client.call_tool(tool, arguments), secret, age)


def text_of(result: CallToolResult) -> str:
    """Give the one text of a result."""
    [content] = result.content
    assert content.type == "text"
    return content.text


def structured(result: CallToolResult) -> dict[str, Any]:
    """Give what a result says to programs; of JSON, both say the same."""
    assert not result.is_error, text_of(result)
    told: dict[str, Any] = result.structured_content
    if text_of(result).startswith("{"):
        assert json.loads(text_of(result)) == told
    return told


def refusal(result: CallToolResult) -> dict[str, Any]:
    """Give why a tool refused."""
    assert result.is_error
    told: dict[str, Any] = result.structured_content["error"]
    assert told["detail"] in text_of(result)
    return told
