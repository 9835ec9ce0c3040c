"""How the tools are told of and called in the Model Context Protocol: one server for each request of one listener.

A refusal is a tool's error with the same sentence as everywhere, and the facts beside it: an offer, where to pay in.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from mcp.server.lowlevel import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.types import (
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    Tool,
    ToolAnnotations,
)
from pydantic import BaseModel, ValidationError
from starlette.types import Receive, Scope, Send

from presence.problems import problem_of
from presence.web.disclosure import label
from presence.web.mcp_shapes import ANSWER, PLACE, RESULTS, Ask, Find, Open, taken
from presence.web.mcp_tools import Context, Structured, Tools
from presence.web.spoken import absolute, payment_in_words


@dataclass(frozen=True, slots=True)
class _Deed:
    """A tool: how it is described, what it takes, and what it does."""

    tool: Tool
    takes: type[BaseModel]
    do: Callable[[Context, Any], Awaitable[CallToolResult]]


def serving(tools: Tools) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
    """Give the protocol's server for one request of one listener."""
    deeds = _deeds(tools)

    async def listed(_context: Context, _params: PaginatedRequestParams | None) -> ListToolsResult:
        return ListToolsResult(tools=[deed.tool for deed in deeds.values()])

    async def call(context: Context, params: CallToolRequestParams) -> CallToolResult:
        return await _done(tools, deeds, context, params)

    server = Server(
        "presence",
        version="1",
        title=label(tools.artist),
        instructions=f"{label(tools.artist)}. Every sentence of an answer has its source: name it when you use it.",
        on_list_tools=listed,
        on_call_tool=call,
    )
    server.middleware.clear()  # it would tell of every call to whoever collects traces

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        protocol = StreamableHTTPSessionManager(server, stateless=True)
        async with protocol.run():
            await protocol.handle_request(scope, receive, send)

    return serve


async def _done(
    tools: Tools, deeds: dict[str, _Deed], context: Context, params: CallToolRequestParams
) -> CallToolResult:
    deed = deeds.get(params.name)
    if deed is None:
        there = ", ".join(deeds)
        return _refused(tools, {"status": 404, "detail": f"There is no tool “{params.name[:40]}”. There are: {there}."})
    try:
        return await deed.do(context, deed.takes.model_validate(params.arguments or {}))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the arguments"
        return _refused(tools, {"status": 422, "detail": f"{where}: {first['msg']}."})
    except Exception as error:  # noqa: BLE001  # told as a refusal, or logged as a bug
        return _refused(tools, await asyncio.to_thread(problem_of, tools.services, error))


def _deeds(tools: Tools) -> dict[str, _Deed]:
    artist = tools.artist
    reads = ToolAnnotations(read_only_hint=True, open_world_hint=False)
    told: list[tuple[str, str, str, type[BaseModel], Structured, ToolAnnotations, Any]] = [
        (
            "ask",
            f"Ask the presence of {artist}",
            f"Answers from {artist}'s own notes, with a source for every sentence. An AI answers, not {artist}. "
            "It may have a price: without an agreement the refusal carries the offer, and nothing is charged.",
            Ask,
            ANSWER,
            ToolAnnotations(read_only_hint=False, destructive_hint=False, idempotent_hint=False, open_world_hint=False),
            tools.ask,
        ),
        (
            "search",
            f"Search {artist}'s notes",
            "Finds places in the notes, best first.",
            Find,
            RESULTS,
            reads,
            tools.search,
        ),
        (
            "fetch",
            "Open a place",
            "Gives the text of one place in the notes, by its id.",
            Open,
            PLACE,
            reads,
            tools.fetch,
        ),
    ]
    return {
        name: _Deed(
            Tool(
                name=name,
                title=title,
                description=description,
                input_schema=taken(takes),
                output_schema=gives,
                annotations=hints,
            ),
            takes,
            do,
        )
        for name, title, description, takes, gives, hints, do in told
    }


def _refused(tools: Tools, problem: Structured) -> CallToolResult:
    shown = tools.services.paying.currency.shown
    words = f"{problem['detail']} {payment_in_words(problem, tools.origin, shown)}".rstrip()
    if "top_up" in problem:
        problem = {**problem, "top_up": absolute(problem["top_up"], tools.origin)}
    return CallToolResult(
        content=[TextContent(type="text", text=words)], structured_content={"error": problem}, is_error=True
    )
