"""How one question walked: how long each stage took, and what it needed. Never what was asked, nor by whom."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from models import Usage
from presence.asking.steps import Step


@dataclass(slots=True)
class Walk:
    """Filled in while an answer is written. Every figure is in seconds since the question was accepted."""

    clock: Callable[[], float] = time.monotonic
    opened: float = field(default=0.0, init=False)
    wait_s: float | None = field(default=None, init=False)  # until somebody began to write
    search_s: float | None = field(default=None, init=False)  # what the search itself took
    first_sentence_s: float | None = field(default=None, init=False)  # her best line counts
    whole_s: float | None = field(default=None, init=False)
    sentences: int = field(default=0, init=False)
    sources: int = field(default=0, init=False)
    charged_micros: int = field(default=0, init=False)
    usage: Usage = field(default_factory=Usage, init=False)

    def __post_init__(self) -> None:
        self.opened = self.clock()

    def began(self) -> None:
        """Note that the wait is over."""
        self.wait_s = self._since()

    @contextmanager
    def searching(self) -> Iterator[None]:
        """Measure the search."""
        began = self.clock()
        try:
            yield
        finally:
            self.search_s = self.clock() - began

    def said(self, steps: Sequence[Step]) -> None:
        """Note what was shown just now: sentences, and how many sources they cite."""
        sentences = [step for step in steps if step.kind == "sentence"]
        if sentences and self.first_sentence_s is None:
            self.first_sentence_s = self._since()
        self.sentences += len(sentences)
        self.sources += sum(len(step.sources) for step in sentences)

    def ended(self) -> None:
        """Note that the answer is settled."""
        self.whole_s = self._since()

    def figures(self) -> dict[str, Any]:
        """Give what may stand in a log: times in milliseconds, and counts."""
        times = {"wait": self.wait_s, "search": self.search_s, "first_sentence": self.first_sentence_s}
        times["whole"] = self.whole_s
        return {f"{name}_ms": None if s is None else round(s * 1000, 1) for name, s in times.items()} | {
            "sentences": self.sentences,
            "sources": self.sources,
            "charged_micros": self.charged_micros,
            "prompt_tokens": self.usage.prompt_tokens,
            "reused_tokens": self.usage.reused_tokens,
            "answer_tokens": self.usage.answer_tokens,
        }

    def _since(self) -> float:
        return self.clock() - self.opened
