"""What both arms of a search found, fused by score."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from operator import attrgetter
from typing import Any

from knowledge.contracts import Vectors
from knowledge.evidence import SourcePassage
from knowledge.kept_passages import Stored
from knowledge.kept_vectors import similarities
from knowledge.lexical import LexicalMatch

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

    def share(self, held: frozenset[str]) -> float:
        """The weighted share of the question's terms that are held, 0 to 1."""
        if held.isdisjoint(self.terms) or not self.whole:
            return 0.0
        return sum([weight for term, weight in self.weighed if term in held]) / self.whole


def fused(candidates: list[Candidate]) -> list[Candidate]:
    """Score by both, each stretched to 0..1 over the candidates, and put the best first; ties by content.

    The lexical arm weighs as much as it knows: where no passage holds most of the question's words,
    the question is a paraphrase, and meaning decides.
    """
    words_weight = LEXICAL_WEIGHT * max((candidate.coverage for candidate in candidates), default=0.0)
    dense = _stretched([candidate.similarity for candidate in candidates])
    lexical = _stretched([candidate.lexical for candidate in candidates])
    for candidate, near, words in zip(candidates, dense, lexical, strict=True):
        candidate.score = round((1 - words_weight) * near + words_weight * words, 6)
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


def candidates_of(found: Sequence[Stored], asked: Asked, matched: Mapping[int, LexicalMatch]) -> list[Candidate]:
    """Weigh passages for a question; one without a vector of the asking embedder, by its words alone."""
    weighed = []
    for one, similarity in zip(found, _similarities(found, asked.vector), strict=True):
        match = matched.get(one.number)
        lexical, coverage = (round(match.score, 6), asked.share(match.terms)) if match else (0.0, 0.0)
        weighed.append(Candidate(one.passage, one.sentences, round(similarity, 6), lexical, coverage))
    return weighed


def _similarities(found: Sequence[Stored], vector: Vectors) -> list[float]:
    """Give the cosine of each to the question; 0 where there is no vector."""
    near = iter(similarities([one.vector for one in found if one.vector is not None], vector))
    return [0.0 if one.vector is None else next(near) for one in found]


def _stretched(scores: list[float]) -> list[float]:
    if not scores:
        return []
    low, high = min(scores), max(scores)
    return [(score - low) / (high - low) if high > low else 0.0 for score in scores]
