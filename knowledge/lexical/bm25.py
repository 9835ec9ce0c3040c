"""BM25 over postings, with statistics pooled over the tiers that a reader may see."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

K1 = 1.2
B = 0.75


@dataclass(slots=True)
class LexicalMatch:
    """A passage that holds at least one term of the question."""

    number: int
    score: float = 0.0
    terms: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Pool:
    """The corpus of 0..t: how many passages, and how many words they have together."""

    passages: int
    words: int

    @property
    def words_mean(self) -> float:
        return self.words / self.passages if self.passages else 1.0

    def idf(self, passages_with_term: int) -> float:
        """Weigh a term by its rarity; a term that nobody wrote is the rarest."""
        without = max(0, self.passages - passages_with_term)
        return math.log(1 + (without + 0.5) / (passages_with_term + 0.5))


Posting = tuple[int, int, int]
"""A passage's number, how often the term stands in it, and how many words the passage has."""


def ranked(postings: Mapping[str, list[Posting]], pool: Pool) -> dict[int, LexicalMatch]:
    """Score every passage that holds a term; keys are passage numbers."""
    matches: dict[int, LexicalMatch] = defaultdict(lambda: LexicalMatch(0))
    for term in sorted(postings):  # a fixed order, so that sums are equal to the last bit
        idf = pool.idf(len(postings[term]))
        for number, times, words in postings[term]:
            match = matches[number]
            match.number = number
            match.score += idf * times * (K1 + 1) / (times + K1 * (1 - B + B * words / pool.words_mean))
            match.terms.add(term)
    return dict(matches)


def merged(postings: Iterable[Posting]) -> list[Posting]:
    """Add up the forms of one term, passage by passage."""
    times: dict[int, int] = defaultdict(int)
    words: dict[int, int] = {}
    for number, count, length in postings:
        times[number] += count
        words[number] = length
    return [(number, count, words[number]) for number, count in sorted(times.items())]
