"""BM25 over postings, with statistics pooled over the tiers that a reader may see."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

K1 = 1.2
B = 0.75
# Scores that differ by less are equal.
DIGITS = 6

Integers = npt.NDArray[np.int64]
Column = tuple[Integers, Integers]
"""Passage numbers, ascending, and a count for each of them."""


class LexicalMatch(NamedTuple):
    """A passage that holds at least one term of the question."""

    number: int
    score: float
    terms: frozenset[str]


@dataclass(frozen=True, slots=True)
class Pool:
    """The corpus of 0..t: how many passages, how many words they have together, and each tier's version."""

    passages: int
    words: int
    versions: tuple[tuple[int, str], ...] = ()

    @property
    def words_mean(self) -> float:
        return self.words / self.passages if self.passages else 1.0

    def idf(self, passages_with_term: int) -> float:
        """Weigh a term by its rarity; a term that nobody wrote is the rarest."""
        without = max(0, self.passages - passages_with_term)
        return math.log(1 + (without + 0.5) / (passages_with_term + 0.5))


@dataclass(frozen=True, slots=True, eq=False)
class Postings:
    """Where one term stands in one tier: rows of that tier's passages, ascending, and how often in each."""

    rows: npt.NDArray[np.int32]
    times: npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """What one tier holds of a question: its passages' numbers and words, and where each term stands."""

    numbers: Integers
    words: Integers
    postings: Mapping[str, Postings]


class Matches:
    """Every passage of 0..t that holds a term, with its score; made for one question."""

    def __init__(self, held: Sequence[Held], pool: Pool) -> None:
        terms = sorted({term for tier in held for term in tier.postings})
        self.counts = {term: sum(len(tier.postings[term].rows) for tier in held) for term in terms}
        weights = {term: pool.idf(count) for term, count in self.counts.items()}
        self._held = held
        self._scores = [_scores(tier, weights, pool.words_mean) for tier in held]

    def best(self, limit: int) -> list[int]:
        """Give the numbers of the best passages, best first; among equals the earlier import."""
        numbers = np.concatenate([np.zeros(0, dtype=np.int64), *(tier.numbers for tier in self._held)])
        scores = np.concatenate([np.zeros(0), *self._scores])
        found = np.flatnonzero(scores)
        if len(found) > limit:
            found = found[scores[found] >= np.partition(scores[found], -limit)[-limit]]
        order = np.lexsort((numbers[found], -scores[found]))[:limit]
        best: list[int] = numbers[found[order]].tolist()
        return best

    def of(self, numbers: Sequence[int]) -> dict[int, LexicalMatch]:
        """Give the match of each of these passages; those that hold no term are left out."""
        wanted = np.array(sorted(set(numbers)), dtype=np.int64)
        return {
            match.number: match
            for tier, scores in zip(self._held, self._scores, strict=True)
            for match in _matches(tier, scores, wanted)
        }

    def weighed(
        self, numbers: Sequence[int], weights: Sequence[tuple[str, float]]
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Give the score of each of these passages, and the weights together of the terms that it holds.

        Both are 0 for one that holds none. Terms are added up in the order given, so that sums are equal to the last
        bit.
        """
        wanted, scores, covered = np.array(numbers, dtype=np.int64), np.zeros(len(numbers)), np.zeros(len(numbers))
        for tier, of_tier in zip(self._held, self._scores, strict=True):
            if not len(tier.numbers):
                continue
            rows = np.minimum(np.searchsorted(tier.numbers, wanted), len(tier.numbers) - 1)
            here = np.flatnonzero((tier.numbers[rows] == wanted) & (of_tier[rows] > 0))
            rows = rows[here]
            scores[here] = of_tier[rows]
            for term, weight in weights:
                covered[here] += weight * _stands(tier.postings[term].rows, rows)
        return scores, covered


def _scores(tier: Held, weights: Mapping[str, float], words_mean: float) -> npt.NDArray[np.float64]:
    """Score the rows of one tier; terms in a fixed order, so that sums are equal to the last bit."""
    scores = np.zeros(len(tier.numbers))
    longer = K1 * (1 - B + B * tier.words / words_mean)
    for term, weight in weights.items():
        rows, times = tier.postings[term].rows, tier.postings[term].times
        scores[rows] += weight * times * (K1 + 1) / (times + longer[rows])
    return np.round(scores, DIGITS)


def _matches(tier: Held, scores: npt.NDArray[np.float64], wanted: Integers) -> list[LexicalMatch]:
    places = np.searchsorted(tier.numbers, wanted)
    here = places < len(tier.numbers)
    rows = places[here][tier.numbers[places[here]] == wanted[here]]
    rows = rows[scores[rows] > 0]
    holding = [(term, _stands(postings.rows, rows).tolist()) for term, postings in tier.postings.items()]
    return [
        LexicalMatch(number, score, frozenset([term for term, held in holding if held[place]]))
        for place, (number, score) in enumerate(zip(tier.numbers[rows].tolist(), scores[rows].tolist(), strict=True))
    ]


def _stands(have: npt.NDArray[np.int32], rows: Integers) -> npt.NDArray[np.bool_]:
    """Say of each row whether it is among these, which ascend."""
    if not len(have):
        return np.zeros(len(rows), dtype=np.bool_)
    found: npt.NDArray[np.bool_] = have[np.minimum(np.searchsorted(have, rows), len(have) - 1)] == rows
    return found
