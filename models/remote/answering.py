"""One answer of a remote server: followed chunk by chunk, given in checked units, and counted."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import cast

import httpx

from models.contracts import Limits, Prompt, Usage
from models.errors import WriterUnreachable
from models.remote.freely import Freely
from models.remote.manners import Manners
from models.remote.pointing import Pointing
from models.remote.refusals import silence_of
from models.remote.server import Server
from models.remote.stream import Chunk, Lines, chunk_of

# A constrained answer ends by itself right after its last pointer, and then the counts come.
LINGER_S = 1.0


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a server may take."""

    first_token_s: float
    between_tokens_s: float


@dataclass(slots=True)
class Answer:
    """What was asked, who takes the pieces, how far it is and what it took."""

    prompt: Prompt
    limits: Limits
    give: Callable[[str], None]
    usage: Usage = field(default_factory=Usage)
    pieces: int = 0
    heard: bool = False
    complete: bool = False

    def count(self, chunk: Chunk) -> None:
        """Count pieces as tokens until the server's own count comes."""
        self.heard = True
        self.pieces += bool(chunk.text or chunk.thought)
        if chunk.usage:
            self.usage.prompt_tokens = chunk.usage.prompt_tokens
            self.usage.reused_tokens = chunk.usage.reused_tokens
            self.usage.answer_tokens = chunk.usage.answer_tokens
        elif chunk.text or chunk.thought:
            self.usage.answer_tokens = max(self.pieces, self.usage.answer_tokens)


async def write_answer(server: Server, answer: Answer, patience: Patience) -> None:
    """Give the pieces of the answer; raises a `ModelError` when it cannot be written to its end."""
    try:
        async with asyncio.timeout(patience.first_token_s) as clock:
            response, manners = await server.open(answer.prompt, answer.limits)
            try:
                await _follow(response, answer, manners, _Clock(clock, patience.between_tokens_s))
            finally:
                await response.aclose()  # before its end, this is how a server is told to stop
    except TimeoutError:
        if not answer.complete:
            raise WriterUnreachable(_too_slow(server, answer)) from None
    except httpx.HTTPError as error:
        if not answer.complete:
            raise silence_of(server.line.address, error) from error
    except WriterUnreachable:
        if not answer.complete:  # what goes wrong after the last word is the server's own affair
            raise


@dataclass(frozen=True, slots=True)
class _Clock:
    """Ends an answer that stands still."""

    timeout: asyncio.Timeout
    between_tokens_s: float

    def allow(self, seconds: float) -> None:
        self.timeout.reschedule(asyncio.get_running_loop().time() + seconds)


async def _follow(response: httpx.Response, answer: Answer, manners: Manners, clock: _Clock) -> None:
    reader = _reader(answer, manners)
    async with aclosing(_chunks(response)) as chunks:
        async for chunk in chunks:
            answer.count(chunk)
            if chunk.last:
                answer.complete = True
            if answer.complete:
                if chunk.last:
                    return
                continue  # for the counts alone, as long as the clock allows
            _take(chunk, reader, answer, clock)
            if reader.full and manners.form == "none":
                return
    if not answer.complete:
        raise WriterUnreachable(_cut(answer))


def _reader(answer: Answer, manners: Manners) -> Pointing | Freely:
    if answer.prompt.own_words:
        return Freely()
    numbers = [sentence.number for sentence in answer.prompt.sentences]
    return Pointing(numbers, answer.limits.pointers_max, json_form=manners.form == "json")


def _take(chunk: Chunk, reader: Pointing | Freely, answer: Answer, clock: _Clock) -> None:
    if chunk.text or chunk.thought:
        clock.allow(clock.between_tokens_s)
    if units := reader.read(chunk.text):
        answer.give(units)
    if chunk.finished or reader.full or answer.pieces >= answer.limits.tokens_max:
        answer.complete = True
        clock.allow(LINGER_S)


async def _chunks(response: httpx.Response) -> AsyncGenerator[Chunk]:
    lines = Lines()
    async with aclosing(cast("AsyncGenerator[bytes]", response.aiter_raw())) as blocks:
        async for block in blocks:
            for line in lines.feed(block):
                if chunk := chunk_of(line):
                    yield chunk
    for line in lines.rest():
        if chunk := chunk_of(line):
            yield chunk


def _cut(answer: Answer) -> str:
    if answer.heard:
        return "The remote writer broke off in the middle of an answer. Its log says why."
    return "The remote writer gave no stream of text. Is its address that of a chat server, ending in /v1?"


def _too_slow(server: Server, answer: Answer) -> str:
    when = "in the middle of an answer" if answer.pieces else "before its first word"
    return f"The remote writer at {server.line.address.host} was silent for too long {when}. Is its machine busy?"
