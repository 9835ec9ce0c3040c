"""The quoting writer: no weights, no prose of its own, only the artist's sentences, best first.

It points at sentences and puts a few words between them where the place changes, so that two notes
never read as one. Those words say where a sentence stands, and nothing of what it says.
"""

import re
import threading
from collections.abc import Iterator, Sequence
from itertools import pairwise

from models.contracts import Limits, NumberedSentence, Prompt, Usage
from models.quoting_asks import asks_history
from models.quoting_choice import chosen

EARLIER_HERE = "Earlier in the same note: "
ELSEWHERE_HERE = "Also in the same note: "
ANOTHER_NOTE = "In another note: "
LATER_NOTE = "In a later note: "
EARLIER_NOTE = "In an earlier note: "

_DAY = re.compile(r"\d{4}-\d\d-\d\d")


class QuotingWriter:
    """Points at the sentences that bear most on the question."""

    name = "quoting"

    def write(self, prompt: Prompt, limits: Limits, stop: threading.Event, usage: Usage | None = None) -> Iterator[str]:
        history = asks_history(prompt.question)
        kept = in_order(chosen(prompt.question, prompt.sentences, limits.pointers_max), history=history)
        between = ["", *(joined(one, other, history=history) for one, other in pairwise(kept))]
        for words, sentence in zip(between, kept, strict=False):
            if stop.is_set():
                return
            yield f"{words}[{sentence.number}] "

    def close(self) -> None:
        """Nothing is held."""


def in_order(kept: Sequence[NumberedSentence], *, history: bool = False) -> list[NumberedSentence]:
    """Put the best first, then what follows it, then what stands before it, then the other places.

    Each place keeps its own order. Places come as they were chosen, or by date for a history.
    """
    if not kept:
        return []
    best, places = kept[0], list(dict.fromkeys(sentence.passage for sentence in kept))

    def turn(sentence: NumberedSentence) -> tuple[bool, str, int, bool, int]:
        here = sentence.passage == best.passage
        date = sentence.date if history else ""
        before = here and sentence.position < best.position
        return not here, date, places.index(sentence.passage), before, sentence.position

    return [best, *sorted(kept[1:], key=turn)]


def joined(one: NumberedSentence, other: NumberedSentence, *, history: bool = False) -> str:
    """Give the words between two sentences: none while the text simply goes on."""
    if one.passage == other.passage:
        return EARLIER_HERE if other.position < one.position else ""
    if (one.title, one.date) == (other.title, other.date):
        return ELSEWHERE_HERE
    if not (history and _DAY.fullmatch(one.date) and _DAY.fullmatch(other.date)) or one.date == other.date:
        return ANOTHER_NOTE
    return LATER_NOTE if other.date > one.date else EARLIER_NOTE
