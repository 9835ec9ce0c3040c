"""Reads what a writer writes and lets through only what is tied to a source.

`[n]` becomes the sentence itself, verbatim; a number that is not in the prompt, or that was pointed
at before, becomes nothing. Connecting words pass only when they can carry no fact: every word of
them is from a short list, there is no number, no name and no negation among them.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

CONNECTION_CHARS_MAX = 90

# Words that join statements without making one. No "not", no "never", no verb but "wrote" and its kin.
CONNECTING_WORDS = frozenset(
    """a about again also an and another as at before but by earlier elsewhere first from further here how i in is it
    its later like more my note notes now of on once or own put said same say so still that the then there these they
    this those to too up was way well were what when where which while who why with words wrote yes""".split()  # noqa: SIM905  # as in the analyser: words read better as words
)

_POINTER = re.compile(r"\[\s*(\d{1,4})\s*\]")
_WORDS = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")


@dataclass(frozen=True, slots=True)
class Pointed:
    """A pointer that holds, with the connecting words before it, or ""."""

    number: int
    connection: str


def pointers(pieces: Iterable[str], numbers: Iterable[int], *, shown: Iterable[int] = ()) -> Iterator[Pointed]:
    """Give each valid pointer as soon as it is written, each number once."""
    allowed, used, pending = set(numbers), set(shown), ""
    for piece in pieces:
        pending += piece
        while found := _POINTER.search(pending):
            before, pending = pending[: found.start()], pending[found.end() :]
            number = int(found[1])
            if number in allowed and number not in used:
                used.add(number)
                yield Pointed(number, connection(before))


def connection(words: str) -> str:
    """Give connecting words as they may be shown, or "" when they could carry a fact."""
    flat = " ".join(words.split())
    if not flat or len(flat) > CONNECTION_CHARS_MAX or any(char.isdigit() for char in flat):
        return ""
    used = [word.lower() for word in _WORDS.findall(flat)]
    return flat if used and all(word in CONNECTING_WORDS for word in used) else ""
