"""A writer that says what it was told to, and remembers what it was asked: for tests and rehearsals."""

import threading
from collections.abc import Callable, Iterator, Sequence

from models.contracts import Limits, Prompt, Usage


class ScriptedWriter:
    """Gives the same pieces for every prompt, and keeps every prompt it saw."""

    name = "scripted"

    def __init__(self, pieces: Sequence[str], before_each: Callable[[], object] = lambda: None) -> None:
        self._pieces = tuple(pieces)
        self._before_each = before_each
        self.prompts: list[Prompt] = []

    def write(self, prompt: Prompt, limits: Limits, stop: threading.Event, usage: Usage | None = None) -> Iterator[str]:
        self.prompts.append(prompt)
        for piece in self._pieces[: limits.tokens_max]:
            self._before_each()
            if stop.is_set():
                return
            yield piece

    def close(self) -> None:
        """Nothing is held."""
