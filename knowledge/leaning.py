"""Questions that lean on what was said before: "and after that?", "who else was there?", "why?".

A question that stands by itself is never touched. One that leans is searched for together with the words of
the question before it, so that the same notes are in reach; it is never answered from an earlier answer.
"""

import re
from collections.abc import Sequence

from knowledge.evidence import Before
from knowledge.lexical import Analyser

# What points back: nothing in the question itself says what is meant.
_POINTS_BACK = re.compile(
    r"\b(?:it|its|that|this|those|these|they|them|their|there|then|he|him|his|she|her|hers|one|ones|same|else|other|"
    r"others|another|next|before|after|afterwards|instead|more)\b",
    re.IGNORECASE,
)
_GOES_ON = re.compile(r"\W*(?:and|but|so|or|also|then|what about|how about|what of)\b", re.IGNORECASE)
CARRIED_MAX = 2
"""So many earlier questions are looked at; a chain of leaning questions ends there."""


class Leaning:
    """Thread-safe."""

    def __init__(self, analyser: Analyser) -> None:
        self._analyser = analyser

    def carried(self, question: str, earlier: Sequence[Before]) -> str:
        """Give what is to be looked for: the question, with those before it where it leans on them."""
        words = [question]
        for before in reversed(earlier[-CARRIED_MAX:]):
            if not self._leans(words[-1]):
                break
            words.append(before.question)
        return " ".join(words)

    def _leans(self, question: str) -> bool:
        [terms] = self._analyser.content_terms([question])
        if not terms or _GOES_ON.match(question):
            return True
        return not self._analyser.names(question) and _POINTS_BACK.search(question) is not None
