"""When no rule fits: the plain question that is nearest in meaning, with the same kinds of names and dates in it.

Only the way of asking is borrowed; the names and dates stay those of the question, and everything that is
checked of a question that a rule understood is checked of this one, too. Where two plain questions are about
as near, nothing is guessed. A writer that can be held to a choice may be asked after that.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cached_property

import numpy as np

from knowledge.contracts import QuestionParser, Vectors

NEARNESS_MIN = 0.62
MARGIN = 0.04

PLAIN = (
    "how many times was {WORK} played",
    "when was {WORK} played for the first time",
    "when was {WORK} played for the last time",
    "when was {WORK} played",
    "what is the longest gap between {WORK}",
    "what came after {WORK} most often",
    "what came before {WORK} most often",
    "was {WORK} ever played",
    "how many times was {WORK} played {DATE}",
    "when was {WORK} played {DATE}",
    "what came after {WORK} {DATE}",
    "what came before {WORK} {DATE}",
    "was {WORK} ever played {DATE}",
    "how many times was {WORK} played at {PLACE}",
    "was {WORK} ever played at {PLACE}",
    "when was {WORK} played at {PLACE}",
    "how often did {WORK} go into {WORK}",
    "what was played {DATE}",
    "what was the opener {DATE}",
    "what was the closer {DATE}",
    "where was the show {DATE}",
    "how many shows were there {DATE}",
    "what was the most played song {DATE}",
    "how many different songs were played {DATE}",
    "which songs were played for the first time {DATE}",
    "how many shows were there at {PLACE}",
    "when was the first show at {PLACE}",
    "when was the last show at {PLACE}",
    "when were the shows at {PLACE}",
    "what was played at {PLACE} {DATE}",
    "what was the opener at {PLACE} {DATE}",
    "what was the closer at {PLACE} {DATE}",
    "how many shows were there at {PLACE} {DATE}",
    "what was the most played song at {PLACE}",
    "which songs were played only once",
    "what was the most played song",
    "which venue was played most",
    "what is the usual opener",
    "what is the usual closer",
    "how many shows were there",
)
# Places and things that a plain question may stand for.
_ALIKE = {"CITY": "PLACE", "REGION": "PLACE", "COUNTRY": "PLACE", "EVENT": "PLACE", "ARTIST": "WORK", "LABEL": "WORK"}
_SPOKEN = {"WORK": "that song", "PLACE": "that place", "DATE": "that day"}
_MARK = re.compile(r"\{([A-Z]+)\}")

Embed = Callable[[Sequence[str]], Vectors]


class NearestQuestion:
    """One per node; the plain questions are embedded once."""

    def __init__(self, embed: Embed, parser: QuestionParser | None = None) -> None:
        self._embed = embed
        self._parser = parser

    def plain(self, masked: str) -> str | None:
        """Give the plain question that is meant, marks included, or None."""
        marks = _marks(masked)
        fitting = [number for number, text in enumerate(PLAIN) if _marks(text) == marks]
        if not marks or not fitting:
            return None
        near = self._vectors[fitting] @ self._embed([_said(masked)])[0]
        order = np.argsort(-near)
        clear = len(order) == 1 or near[order[0]] - near[order[1]] >= MARGIN
        if clear and near[order[0]] >= NEARNESS_MIN:
            return PLAIN[fitting[int(order[0])]]
        return self._chosen(masked, [PLAIN[number] for number in fitting])

    @cached_property
    def _vectors(self) -> Vectors:
        return self._embed([_said(text) for text in PLAIN])

    def _chosen(self, masked: str, among: Sequence[str]) -> str | None:
        number = self._parser.choose(_said(masked), [_said(text) for text in among]) if self._parser else None
        return None if number is None else among[number]


def _marks(text: str) -> Counter[str]:
    return Counter(_ALIKE.get(mark, mark) for mark in _MARK.findall(text))


def _said(text: str) -> str:
    return _MARK.sub(lambda found: _SPOKEN.get(_ALIKE.get(found[1], found[1]), "that"), text)
