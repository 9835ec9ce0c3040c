"""Prompt lookup: guesses what comes next from where the last tokens stood in the prompt before.

A right guess costs no step of its own: several tokens are verified in one computation. Guesses never
change an answer, since each is kept only where it is what the model would have written.
"""

from collections import defaultdict
from collections.abc import Iterable

NEEDLE = 3
GUESSED_MAX = 8
# After this many guesses of which fewer than the share were right, an answer is left alone.
TRIED = 24
RIGHT_SHARE = 0.3


class Lookup:
    """Remembers where each run of three tokens was followed by what."""

    def __init__(self, tokens: Iterable[int]) -> None:
        self._tokens: list[int] = []
        self._after: dict[tuple[int, ...], int] = defaultdict(int)
        self._tried = 0
        self._right = 0
        self.add(tokens)

    def add(self, tokens: Iterable[int]) -> None:
        """Take in what was read or written."""
        for token in tokens:
            needle = tuple(self._tokens[-NEEDLE:])
            if len(needle) == NEEDLE:
                self._after[needle] = len(self._tokens)
            self._tokens.append(token)

    def guess(self) -> list[int]:
        """Give the tokens that followed the same three before, none when guessing has not paid."""
        if self._tried >= TRIED and self._right < RIGHT_SHARE * self._tried:
            return []
        place = self._after.get(tuple(self._tokens[-NEEDLE:]))
        return [] if place is None else self._tokens[place : place + GUESSED_MAX]

    def judge(self, tried: int, right: int) -> None:
        """Learn how a guess did."""
        self._tried += tried
        self._right += right
