"""What both arms of a search found, fused by score."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from operator import attrgetter
from typing import Any

import numpy as np
import numpy.typing as npt

from knowledge.contracts import Vectors
from knowledge.evidence import SourcePassage
from knowledge.kept_passages import Stored
from knowledge.kept_vectors import similarities
from knowledge.lexical import Matches

# Words are the surer guide in an artist's notes: names, dates and titles are what people ask for.
LEXICAL_WEIGHT = 0.7
"""Of 1, when a passage holds every word of the question; meaning has the rest."""


Places = tuple[tuple[int, int, int, str | None], ...]
"""Start, end, line and time of each sentence of a passage."""
PLACES_KEPT = 2_000


@dataclass(slots=True)  # made by the hundred for each question, and a frozen one takes four times as long to make
class Candidate:
    """A passage that either arm found, with both arms' scores."""

    passage: SourcePassage
    stored_sentences: Any  # as the column gives them: most candidates are never read
    similarity: float
    lexical: float
    coverage: float  # weighted share of the question's terms that stand in it
    score: float = 0.0
    concerned: float = 0.0  # share of what the question has been traced to that it speaks of (`knowledge.about`)

    @property
    def sentences(self) -> Places:
        """Start, end, line and time of each sentence."""
        return sentence_places(self.stored_sentences)

    def scored(self, score: float, concerned: float = 0.0) -> "Candidate":
        """Give the same with another score; `dataclasses.replace` takes several times as long."""
        return Candidate(
            self.passage, self.stored_sentences, self.similarity, self.lexical, self.coverage, score, concerned
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, understood as far as a search needs: its terms, their weights, its vector."""

    question: str
    terms: tuple[str, ...]
    names: frozenset[str]  # those of the terms that are written like names
    weights: dict[str, float]
    vector: Vectors
    weighed: tuple[tuple[str, float], ...] = field(init=False)
    whole: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "weighed", tuple((term, self.weights[term]) for term in self.terms))
        object.__setattr__(self, "whole", sum(weight for _, weight in self.weighed))


def fused(candidates: list[Candidate]) -> list[Candidate]:
    """Score by both, each stretched to 0..1 over the candidates, and put the best first; ties by content.

    The lexical arm weighs as much as it knows: where no passage holds most of the question's words,
    the question is a paraphrase, and meaning decides.
    """
    words_weight = LEXICAL_WEIGHT * max((candidate.coverage for candidate in candidates), default=0.0)
    dense = _stretched([candidate.similarity for candidate in candidates])
    lexical = _stretched([candidate.lexical for candidate in candidates])
    scores = np.round((1 - words_weight) * dense + words_weight * lexical, 6).tolist()
    for candidate, score in zip(candidates, scores, strict=True):
        candidate.score = score
    return by_score(candidates)


_BY_CONTENT = attrgetter("passage.document_sha256", "passage.ordinal")
_BY_WORTH = attrgetter("concerned", "score")


def by_score(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Put the best first, what the question was traced to before all else; ties are settled by content."""
    return sorted(sorted(candidates, key=_BY_CONTENT), key=_BY_WORTH, reverse=True)


def source_passage(row: Any) -> SourcePassage:
    """Read a row of the views `passages` and `documents`, joined."""
    return SourcePassage(
        ident=row.id,
        document_id=row.document_id,
        title=row.title,
        kind=row.kind,
        date=row.date,
        speaker=row.speaker,
        licence=row.licence,
        file_name=row.file_name,
        heading=row.heading,
        tier=row.tier,
        text=row.text,
        document_sha256=row.sha256,
        ordinal=row.ordinal,
    )


def sentence_places(value: Any) -> Places:
    """Read the column `sentences`: start, end, line, time of each; raw SQL gives it as text or as a list."""
    return _parsed(value) if isinstance(value, str) else _placed(value)


@lru_cache(PLACES_KEPT)
def _parsed(value: str) -> Places:
    return _placed(json.loads(value))


def _placed(value: Iterable[tuple[int, int, int, str | None]]) -> Places:
    return tuple((start, end, line, time) for start, end, line, time in value)


def candidates_of(found: Sequence[Stored], asked: Asked, matches: Matches) -> list[Candidate]:
    """Weigh passages for a question; one without a vector of the asking embedder, by its words alone."""
    scores, covered = matches.weighed([one.number for one in found], asked.weighed)
    coverage = (covered / asked.whole).tolist() if asked.whole else [0.0] * len(found)
    near = np.round(_similarities(found, asked.vector), 6).tolist()
    return [
        Candidate(one.passage, one.sentences, similarity, lexical, share)
        for one, similarity, lexical, share in zip(found, near, scores.tolist(), coverage, strict=True)
    ]


def _similarities(found: Sequence[Stored], vector: Vectors) -> npt.NDArray[np.float64]:
    """Give the cosine of each to the question; 0 where there is no vector."""
    given = [one.vector for one in found if one.vector is not None]
    near = similarities(given, vector)
    if len(given) == len(found):
        return near
    rest = iter(near.tolist())
    return np.array([0.0 if one.vector is None else next(rest) for one in found])


def _stretched(scores: Sequence[float]) -> npt.NDArray[np.float64]:
    if not scores:
        return np.zeros(0)
    low, high = min(scores), max(scores)
    return (np.array(scores) - low) / (high - low) if high > low else np.zeros(len(scores))
