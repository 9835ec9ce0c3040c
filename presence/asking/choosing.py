"""Lets the writer say which plain question another one means; it points at one of them, and can do nothing else.

Only a language model is asked: the quoting writer would choose by shared words, which the search of
nearest questions has done already. It never sees a name, a date or a row, and it never computes.
"""

import threading
from collections.abc import Sequence

from models import Limits, NumberedSentence, Prompt, Writer
from models.errors import ModelError
from presence.asking.verify import pointers

_QUOTING = "quoting"
_TASK = (
    "You sort questions about an artist's concerts. Below are numbered plain questions. Point at the one that means "
    "the same as the listener's question, as [3], and write nothing else."
)
ONE_POINTER = Limits(tokens_max=40, pointers_max=1)


class WriterChooses:
    """A `knowledge.QuestionParser` over the node's writer."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    def choose(self, question: str, among: Sequence[str]) -> int | None:
        """Give the place of the plain question that the writer points at; None when it points at none or fails."""
        if self._writer.name.startswith(_QUOTING) or not among:
            return None
        numbered = tuple(
            NumberedSentence(number, text, "", "plain question", "", f"{number}", 0, 1.0)
            for number, text in enumerate(among, start=1)
        )
        stop = threading.Event()
        try:
            pieces = self._writer.write(Prompt(_TASK, question, numbered), ONE_POINTER, stop)
            for pointed in pointers(pieces, range(1, len(among) + 1)):
                stop.set()
                return pointed.number - 1
        except ModelError:
            return None
        return None
