"""One answer under way: what was read of its prompt, what was written, and who waits for it."""

import queue
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from models.engine.contracts import Counts, Request
from models.engine.lookup import Lookup
from models.engine.sampling import Sampler
from models.engine.text import Transcriber

LOOK_AGAIN_S = 1.0


class Stream:
    """The reader's end: an iterator of pieces of text. `counts` is complete when it has ended."""

    def __init__(self, alive: threading.Event) -> None:
        self._pieces: queue.SimpleQueue[str | Exception | None] = queue.SimpleQueue()
        self._alive = alive
        self.counts = Counts()
        self.abandoned = threading.Event()

    def __iter__(self) -> Iterator[str]:
        try:
            while (piece := self._next()) is not None:
                if isinstance(piece, Exception):
                    raise piece
                yield piece
        finally:
            self.abandoned.set()  # also when nobody reads to the end

    def _next(self) -> str | Exception | None:
        while True:
            try:
                return self._pieces.get(timeout=LOOK_AGAIN_S)
            except queue.Empty:
                if not self._alive.is_set():  # the engine ended, and the answer with it
                    return None

    def put(self, piece: str | Exception | None) -> None:
        """Hand over a piece, an error, or None for the end."""
        self._pieces.put(piece)


@dataclass(slots=True)
class Answer:
    """What the engine's thread knows of one answer. `position` counts tokens in the context."""

    request: Request
    stream: Stream
    arrival: int
    sampler: Sampler | None = None
    sequence: int = -1
    position: int = 0
    deadline: int = 0  # in tokens the engine has read: who is due first reads first
    cells: int = 0
    stands_on: Any = None  # the frozen prefix it shares
    pending: list[int] = field(default_factory=list)  # chosen or guessed, not computed yet
    written: list[int] = field(default_factory=list)
    raw: bytearray = field(default_factory=bytearray)
    transcriber: Transcriber = field(default_factory=Transcriber)
    lookup: Lookup | None = None

    @property
    def party(self) -> str:
        """Whoever asks, as far as the engine can tell."""
        return self.request.conversation or f"#{self.arrival}"

    @property
    def unread(self) -> int:
        """How many tokens of the prompt are still to be read."""
        return max(0, len(self.request.tokens) - self.position)

    @property
    def given_up(self) -> bool:
        """Whether nobody wants more of it."""
        return self.request.stop.is_set() or self.stream.abandoned.is_set()

    @property
    def text(self) -> str:
        """All that was written so far, markers and thinking included."""
        return self.raw.decode(errors="replace")
