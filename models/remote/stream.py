"""Reads a stream of server-sent events: blocks of bytes to lines, lines to what a model wrote."""

import json
from dataclasses import dataclass
from typing import Any

from models.contracts import Usage
from models.errors import WriterUnreachable

LINE_BYTES_MAX = 262_144
# A token takes about 260 bytes on its way; this is room for thousands of them.
STREAM_BYTES_MAX = 4 * 1_048_576

_DONE = "[DONE]"


@dataclass(frozen=True, slots=True)
class Chunk:
    """One event: text, or thoughts that nobody is shown, or the end, or the count."""

    text: str = ""
    thought: bool = False
    finished: bool = False  # the text is; a count may follow
    last: bool = False
    usage: Usage | None = None


class Lines:
    """Cuts blocks into lines; a character may be split over blocks, and the last line may lack its end."""

    def __init__(self) -> None:
        self._pending = b""
        self._bytes = 0

    def feed(self, block: bytes) -> list[str]:
        """Give the lines that are complete, or raise `WriterUnreachable` when there is too much of it."""
        self._bytes += len(block)
        *complete, self._pending = (self._pending + block).split(b"\n")
        if self._bytes > STREAM_BYTES_MAX or any(len(line) > LINE_BYTES_MAX for line in (*complete, self._pending)):
            raise WriterUnreachable("The remote writer sent more than any answer takes. The answer was broken off.")
        return [_text(line) for line in complete]

    def rest(self) -> list[str]:
        """Give what stood after the last line end."""
        return [_text(self._pending)] if self._pending else []


def _text(line: bytes) -> str:
    return line.removesuffix(b"\r").decode(errors="replace").removeprefix("\ufeff")


def chunk_of(line: str) -> Chunk | None:
    """Read one line: None for comments and all that is not data."""
    name, _, value = line.partition(":")
    if name == "error":  # older servers of llama.cpp name the field so
        raise _broken(value)
    if name != "data" or not value.strip():
        return None
    if value.strip() == _DONE:
        return Chunk(finished=True, last=True)
    try:
        data = json.loads(value)
    except (ValueError, RecursionError):
        raise WriterUnreachable("The remote writer sent something that is not JSON. Is it a chat server?") from None
    if not isinstance(data, dict):
        raise WriterUnreachable("The remote writer sent JSON of an unknown kind. Is it a chat server?")
    if data.get("error"):
        raise _broken(data["error"])
    return _chunk(data)


def _chunk(data: dict[str, Any]) -> Chunk:
    choices, usage = data.get("choices"), data.get("usage")
    choice = choices[0] if isinstance(choices, list) and choices and isinstance(choices[0], dict) else {}
    delta = choice["delta"] if isinstance(choice.get("delta"), dict) else {}
    text = delta.get("content")
    return Chunk(
        text=text if isinstance(text, str) else "",
        thought=bool(delta.get("reasoning_content") or delta.get("reasoning")),
        finished=bool(choice.get("finish_reason")),
        usage=_usage(usage) if isinstance(usage, dict) else None,
    )


def _usage(counts: dict[str, Any]) -> Usage:
    details = counts.get("prompt_tokens_details")
    reused = details.get("cached_tokens") if isinstance(details, dict) else 0
    return Usage(_count(counts.get("prompt_tokens")), _count(reused), _count(counts.get("completion_tokens")))


def _count(value: object) -> int:
    return max(value, 0) if isinstance(value, int) else 0


def _broken(error: object) -> WriterUnreachable:
    # What the server says of itself stays out: it may quote the prompt, or the key.
    kind = error.get("type") if isinstance(error, dict) else None
    named = f" ({kind[:60]})" if isinstance(kind, str) and kind.replace("_", "").isalnum() else ""
    return WriterUnreachable(f"The remote writer failed while it wrote{named}. Its own log says why.")
