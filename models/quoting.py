"""The quoting writer: no weights, no prose of its own, only the artist's sentences, best first."""

import threading
from collections.abc import Iterator

from models.contracts import Limits, NumberedSentence, Prompt, Usage

# A further sentence is worth quoting when it bears on the question nearly as much as the best.
KEEP_SHARE = 0.74
# The next sentence of the same passage often finishes the thought of the best one.
NEIGHBOUR_SHARE = 0.5


class QuotingWriter:
    """Points at the sentences that bear most on the question."""

    name = "quoting"

    def write(self, prompt: Prompt, limits: Limits, stop: threading.Event, usage: Usage | None = None) -> Iterator[str]:
        for sentence in chosen(prompt.sentences, limits.pointers_max):
            if stop.is_set():
                return
            yield f"[{sentence.number}] "

    def close(self) -> None:
        """Nothing is held."""


def chosen(sentences: tuple[NumberedSentence, ...], pointers_max: int) -> list[NumberedSentence]:
    """Choose what to quote: the best first, then what stands beside it, then the other places."""
    if not sentences:
        return []
    best = max(sentences, key=lambda sentence: sentence.relevance)
    worth = [s for s in sentences if s is not best and _worth(s, best)]
    worth.sort(key=lambda s: -s.relevance)
    kept = [best, *worth[: pointers_max - 1]]
    order = {passage: rank for rank, passage in reversed(list(enumerate(s.passage for s in kept)))}
    return [best, *sorted(kept[1:], key=lambda s: (order[s.passage], s.position))]


def _worth(sentence: NumberedSentence, best: NumberedSentence) -> bool:
    follows = sentence.passage == best.passage and sentence.position == best.position + 1
    share = NEIGHBOUR_SHARE if follows else KEEP_SHARE
    return sentence.relevance >= share * best.relevance
