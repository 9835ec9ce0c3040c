"""Chooses the sentences of the best passages that bear on a question."""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.candidates import Asked, Candidate
from knowledge.contracts import Embedder, Vectors
from knowledge.cues import cue, holds
from knowledge.evidence import SourcePassage, SourceSentence
from knowledge.importers.plaintext import EDITOR
from knowledge.importers.speakers import UNNAMED
from knowledge.lexical import Analyser

WORDS_WEIGHT = 0.25
NEARNESS_WEIGHT = 0.25
PASSAGE_WEIGHT = 0.5
# A sentence with a number in it answers "how many" better than its neighbour without one.
CUE_WEIGHT = 0.08
# A footnote, or a quotation that nobody is named for, gives way to the author's own words.
ASIDE_WEIGHT = 0.85

# A sentence of fewer words says little by itself ("And boom!").
SENTENCE_WORDS_MIN = 3
PLACEHOLDER = "{{"
"""Opens what a site's template would fill in: the sentence is not whole without it."""
FULL_SENTENCE_WORDS = 16
VECTORS_KEPT_PASSAGES = 2_000


@dataclass(frozen=True, slots=True)
class Telling:
    """A sentence with the nearness that it was chosen for."""

    sentence: SourceSentence
    nearness: float


class SentenceVectors:
    """Vectors of the sentences of passages, made when first needed and kept for the hot ones."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._kept: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, passage: SourcePassage, sentences: Sequence[str]) -> Vectors:
        """Give one row per sentence; a function of the passage alone."""
        with self._lock:
            if passage.ident in self._kept:
                self._kept.move_to_end(passage.ident)
                return self._kept[passage.ident]
        vectors = self._embedder.embed(sentences)
        with self._lock:
            self._kept[passage.ident] = vectors
            while len(self._kept) > VECTORS_KEPT_PASSAGES:
                self._kept.popitem(last=False)
        return vectors


def telling(
    asked: Asked, candidates: Sequence[Candidate], analyser: Analyser, vectors: SentenceVectors
) -> list[Telling]:
    """Give the sentences of these passages, the most telling first."""
    found = [sentence for candidate in candidates for sentence in _weighed(asked, candidate, analyser, vectors)]
    found.sort(
        key=lambda t: (
            -t.sentence.relevance,
            t.sentence.passage.document_sha256,
            t.sentence.passage.ordinal,
            t.sentence.index,
        )
    )
    return found


def _weighed(asked: Asked, candidate: Candidate, analyser: Analyser, vectors: SentenceVectors) -> list[Telling]:
    passage = candidate.passage
    texts = [passage.text[start:end] for start, end, _, _ in candidate.sentences]
    terms = analyser.content_terms(texts)
    # What the title and the heading say is said of every sentence beneath them, but less surely.
    [above] = analyser.content_terms([f"{passage.title} {passage.heading} {passage.date}"])
    nearness = vectors.of(passage, texts) @ asked.vector
    weighed, asks_for = [], cue(asked.question)
    aside = ASIDE_WEIGHT if passage.speaker in (EDITOR, UNNAMED) else 1.0
    for index, (start, end, line, time) in enumerate(candidate.sentences):
        if len(texts[index].split()) < SENTENCE_WORDS_MIN or PLACEHOLDER in texts[index]:
            continue
        own, inherited = asked.share(terms[index]), asked.share({*terms[index], *above})
        relevance = (
            WORDS_WEIGHT * (own + 0.5 * (inherited - own))
            + NEARNESS_WEIGHT * max(float(nearness[index]), 0.0)
            + PASSAGE_WEIGHT * candidate.score
            + CUE_WEIGHT * holds(asks_for, asked.question, texts[index])
        )
        weight = aside * (1.0 if time else fullness(texts[index]))
        sentence = SourceSentence(passage, index, start, end, line, time, round(weight * relevance, 5))
        weighed.append(Telling(sentence, float(nearness[index])))
    return weighed


def fullness(sentence: str) -> float:
    """Weigh down what only names a thing ("To Bettina Brentano.") against what says something of it."""
    return min(1.0, 0.5 + len(sentence.split()) / FULL_SENTENCE_WORDS)
