"""The words by which the quoting writer compares sentences: content words, cut to their stems."""

import re
from functools import lru_cache

# Of longer texts only so many words are looked at: a question or a sentence is shorter.
WORDS_MAX = 400
STEM_MIN = 3
STEMS_KEPT = 16_384

_EMPTY = frozenset(
    """a about after all also always am an and any are as at be because been but by can could did do does doing done
    down each else ever for from get go had has have having he her here hers him his how i if in into is it its just
    like me more most much must my no nor not now of off on once one only or other our ours out over own say shall she
    should so some still such tell than that the their them then there these they thing this those to too under up us
    very was way we were what when where which while who whom whose why will with would you your yours""".split()  # noqa: SIM905  # words read better as words
)
_WORD = re.compile(r"[^\W_]+")
_ENDINGS = ("ing", "ies", "ied", "ed", "es", "s", "e")


def words(text: str) -> frozenset[str]:
    """Give the stems of the words that say something; the "s" of a possessive is too short to be one."""
    found = _WORD.findall(text.lower())[:WORDS_MAX]
    return frozenset(stem(word) for word in found if len(word) > 1 and word not in _EMPTY)


@lru_cache(STEMS_KEPT)
def stem(word: str) -> str:
    """Cut an English ending, so that "recorded" meets "record"; other languages lose little."""
    ending = next((e for e in _ENDINGS if word.endswith(e) and len(word) - len(e) >= STEM_MIN), "")
    return word.removesuffix(ending)
