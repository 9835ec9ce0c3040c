"""A stream ends where its reader hangs up, and whatever it holds is given back at once."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from presence.web.streaming import Streamed
from tests.awaiting import awaited

SOON_S = 5.0


class Line:
    """A connection: what was sent over it, and whether its reader is still there."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.hung_up = asyncio.Event()
        self._is_asked = False

    async def receive(self) -> dict[str, Any]:
        if not self._is_asked:
            self._is_asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self.hung_up.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        self.sent.append(message.get("body", b""))


class Events:
    """Tells one event, then waits; notes when it was let go."""

    def __init__(self) -> None:
        self.waits, self.let_go, self.goes_on = asyncio.Event(), False, asyncio.Event()

    async def told(self) -> AsyncGenerator[str, None]:
        try:
            yield "one\n\n"
            self.waits.set()
            await self.goes_on.wait()
            yield "two\n\n"
        finally:
            self.let_go = True


async def responding(line: Line, events: Events) -> "asyncio.Task[None]":
    """Write a stream as far as its first event."""
    writing = asyncio.create_task(Streamed(events.told())({"type": "http"}, line.receive, line.send))
    async with asyncio.timeout(SOON_S):
        await events.waits.wait()
    return writing


def test_a_hang_up_ends_the_stream_and_lets_go_of_what_it_held() -> None:
    async def walk() -> None:
        line, events = Line(), Events()
        writing = await responding(line, events)
        line.hung_up.set()
        async with asyncio.timeout(SOON_S):
            await writing
        assert events.let_go
        assert line.sent == [b"", b"one\n\n"]

    awaited(walk())


def test_a_stream_that_is_read_to_its_end_leaves_nobody_waiting() -> None:
    async def walk() -> None:
        line, events = Line(), Events()
        writing = await responding(line, events)
        events.goes_on.set()
        async with asyncio.timeout(SOON_S):
            await writing
        assert line.sent == [b"", b"one\n\n", b"two\n\n", b""]
        await asyncio.sleep(0)
        assert asyncio.all_tasks() == {asyncio.current_task()}

    awaited(walk())


def test_who_ends_it_from_outside_is_not_taken_for_a_hang_up() -> None:
    async def walk() -> None:
        line, events = Line(), Events()
        writing = await responding(line, events)
        writing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await writing
        assert events.let_go

    awaited(walk())


def test_a_hang_up_hides_no_other_end() -> None:
    async def walk() -> None:
        line, events = Line(), Events()
        writing = await responding(line, events)
        line.hung_up.set()
        writing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await writing

    awaited(walk())


def test_what_goes_wrong_in_a_stream_is_told() -> None:
    async def wrong() -> AsyncGenerator[str, None]:
        yield "one\n\n"
        raise RuntimeError("the notes are away")

    async def walk() -> None:
        line = Line()
        with pytest.raises(RuntimeError, match="away"):
            await Streamed(wrong())({"type": "http"}, line.receive, line.send)

    awaited(walk())
