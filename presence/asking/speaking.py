"""The presence stands by what it said: its delegated key signs each answer."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from trustgraph import GrantLog, Key, issuing


@dataclass(frozen=True, slots=True)
class Voice:
    """The key that may speak, as long as the artist's delegation holds."""

    log: GrantLog
    key: Key | None
    writer_name: Callable[[], str]
    now: Callable[[], float] = time.time

    def __call__(self, answer: str, question: str, text: str, outcome: str, /) -> dict[str, Any] | None:
        """Sign the hashes of a question and its answer; None without the right to speak."""
        right = self.log.delegated("presence", self.key.did) if self.key is not None else None
        if self.key is None or right is None:
            return None
        said = {"answer": answer, "question": question, "text": text, "outcome": outcome}
        return issuing.statement(self.key, root=right.root, writer=self.writer_name(), t=int(self.now()), **said)
