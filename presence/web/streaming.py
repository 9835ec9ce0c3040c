"""A response that is written while it is made, and ends where whoever reads it hangs up."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import cast

from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send


class Streamed(StreamingResponse):
    """Server-sent events. One task beside waits for a hang-up, which is lighter than Starlette's group of two."""

    media_type = "text/event-stream"
    charset = "utf-8"

    def __init__(
        self, events: AsyncGenerator[str, None], *, status_code: int = 200, headers: dict[str, str] | None = None
    ) -> None:
        kept = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        super().__init__(events, status_code=status_code, headers=kept | (headers or {}))
        self._events = events

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Write events as they come; after a hang-up, whatever they hold is given back at once."""
        writing, has_left = cast("asyncio.Task[None]", asyncio.current_task()), False

        async def listen() -> None:
            nonlocal has_left
            await self.listen_for_disconnect(receive)
            has_left = True
            writing.cancel()

        listening = asyncio.create_task(listen())
        try:
            async with aclosing(self._events):
                await self.stream_response(send)
        except asyncio.CancelledError:
            if not has_left or writing.uncancel():  # somebody else wants it ended, too
                raise
        finally:
            listening.cancel()
