"""Finds what a tier may read about a question: by meaning and by words, fused by score.

Everything here is a function of the question and of the material at or below the tier: candidates
come from the compartments 0..t, ranks are settled by content and never by an id or by the order of
import, and scores are rounded before they are compared.
"""

from collections.abc import Sequence
from itertools import product
from typing import Any

from sqlalchemy import Connection, bindparam, text

from knowledge.candidates import Asked, Candidate, candidate_of, fused
from knowledge.contracts import Readers, Vectors
from knowledge.evidence import AskBack, Evidence, Finding, Nothing, SourcePassage
from knowledge.lexical import Analyser, LexicalIndex, LexicalMatch, ranked
from knowledge.lexical.bm25 import Pool, Posting, merged
from knowledge.spaces import Searched, Space
from knowledge.telling import telling

CANDIDATES_PER_ARM = 50
PASSAGES_READ = 8
SENTENCES_MAX = 12
NEAREST_MAX = 3
CHOICES_MAX = 4

# On large corpora a term that stands in more passages than this says nothing, and costs most.
FREQUENT_SHARE = 0.05
FREQUENT_FROM_PASSAGES = 2_000

# A name that is missing says more than a verb that is.
NAME_WEIGHT = 2.0

# When a note is about the question (docs/decisions/0006 has the measurement): enough of the
# question's weighted words stand in it, or a sentence or passage is near in meaning, or some of both.
COVERED_MIN = 0.6
NEAR_SENTENCE_MIN = 0.47
NEAR_PASSAGE_MIN = 0.5
BOTH_MIN = (0.34, 0.36)
# One word alone can stand anywhere; unless it is a name, it needs some nearness beside it.
LONE_WORD_NEAR_MIN = 0.4

_COLUMNS = """p.number, p.id, p.document_id, p.ordinal, p.tier, p.speaker, p.heading, p.text, p.sentences, p.vector,
 p.embedder, p.next_vector, p.next_embedder, d.title, d.kind, d.date, d.licence, d.file_name, d.sha256"""
_BY_NUMBER = text(
    f"SELECT {_COLUMNS} FROM passages p JOIN documents d ON d.id = p.document_id WHERE p.number IN :keys"
).bindparams(bindparam("keys", expanding=True))
_BY_ID = text(
    f"SELECT {_COLUMNS} FROM passages p JOIN documents d ON d.id = p.document_id WHERE p.id IN :keys"
).bindparams(bindparam("keys", expanding=True))


class Search:
    """One per node; thread-safe."""

    def __init__(
        self,
        readers: Readers,
        searched: Searched,
        lexical: LexicalIndex,
        analyser: Analyser,
    ) -> None:
        self._readers = readers
        self._searched = searched
        self._lexical = lexical
        self._analyser = analyser

    def find(self, question: str, tier: int) -> Finding:
        """Look for an answer among what `tier` may read."""
        [terms] = self._analyser.content_terms([question])
        with self._searched.used() as space:
            with self._readers(tier) as reader:
                if not terms:
                    return self._ask_back(reader)
                vector = space.embedder.embed([question])[0]
                matches, asked = self._by_words(reader, question, tuple(terms), vector, tier)
                near = _by_meaning(space, vector, tier)
                candidates = fused(_candidates(reader, space, asked, matches, near))
            return self._weighed(space, asked, candidates)

    def _by_words(
        self, reader: Connection, question: str, terms: tuple[str, ...], vector: Vectors, tier: int
    ) -> tuple[dict[int, LexicalMatch], Asked]:
        pool = _pool(reader)
        counts = {term: self._frequency(reader, tier, term) for term in terms}
        read = _telling_terms(counts, pool)
        postings = {term: self._postings(reader, tier, term) for term in read}
        names = frozenset(self._analyser.names(question))
        weights = {term: pool.idf(counts[term]) * (NAME_WEIGHT if term in names else 1.0) for term in terms}
        return ranked(postings, pool), Asked(question, terms, names, weights, vector)

    def _frequency(self, reader: Connection, tier: int, term: str) -> int:
        forms = self._analyser.forms(term)
        if len(forms) > 1:  # a passage may hold several of them, and counts once
            return len(self._postings(reader, tier, term))
        return sum(self._lexical.frequency(reader, t, term) for t in range(tier + 1))

    def _postings(self, reader: Connection, tier: int, term: str) -> list[Posting]:
        compartments = product(range(tier + 1), self._analyser.forms(term))
        return merged(row for t, form in compartments for row in self._lexical.postings(reader, t, form))

    def _weighed(self, space: Space, asked: Asked, candidates: list[Candidate]) -> Finding:
        read = candidates[:PASSAGES_READ]
        sentences = telling(asked, read, self._analyser, space.sentence_vectors)[:SENTENCES_MAX]
        if not sentences or not answers(asked, read, max(s.nearness for s in sentences)):
            return Nothing(tuple(_one_per_document(read)))
        return Evidence(tuple(s.sentence for s in sentences), passages_seen=len(candidates))

    def _ask_back(self, reader: Connection) -> Finding:
        titles = reader.execute(
            text("SELECT DISTINCT title, date FROM documents ORDER BY date DESC, title LIMIT :limit"),
            {"limit": CHOICES_MAX},
        )
        choices = tuple(f"Tell me about “{row.title}”." for row in titles)
        return AskBack(choices) if len(choices) >= 2 else Nothing(())


def answers(asked: Asked, read: Sequence[Candidate], sentence_nearness: float) -> bool:
    """Whether what was found is about the question at all; doubt means no."""
    near = sentence_nearness >= NEAR_SENTENCE_MIN or any(c.similarity >= NEAR_PASSAGE_MIN for c in read)
    covered = any(c.coverage >= COVERED_MIN for c in read)
    if len(asked.terms) == 1 and not asked.names:
        covered = covered and sentence_nearness >= LONE_WORD_NEAR_MIN
    both = any(c.coverage >= BOTH_MIN[0] and c.similarity >= BOTH_MIN[1] for c in read)
    return near or covered or both


def _by_meaning(space: Space, vector: Vectors, tier: int) -> list[str]:
    if space.vectors is None:
        return []
    found = [
        neighbour
        for allowed in range(tier + 1)
        for neighbour in space.vectors.nearest(allowed, vector, CANDIDATES_PER_ARM)
    ]
    found.sort(key=lambda neighbour: (-round(neighbour.similarity, 5), neighbour.passage_id))
    return [neighbour.passage_id for neighbour in found[:CANDIDATES_PER_ARM]]


def _candidates(
    reader: Connection, space: Space, asked: Asked, matches: dict[int, LexicalMatch], near: Sequence[str]
) -> list[Candidate]:
    best = sorted(matches.values(), key=lambda match: (-round(match.score, 6), match.number))
    numbers = [match.number for match in best[:CANDIDATES_PER_ARM]]
    # Ids that the index still knows but the views no longer show drop out here.
    rows = {row.number: row for row in _rows(reader, _BY_NUMBER, numbers)}
    rows.update({row.number: row for row in _rows(reader, _BY_ID, near)})
    return [candidate_of(row, asked, space.vector_of(row), matches.get(number)) for number, row in rows.items()]


def _rows(reader: Connection, query: Any, keys: Sequence[object]) -> list[Any]:
    return list(reader.execute(query, {"keys": list(keys)})) if keys else []


def _pool(reader: Connection) -> Pool:
    row = reader.execute(text("SELECT sum(passages) AS p, sum(words) AS w FROM corpus_versions")).one()
    return Pool(int(row.p or 0), int(row.w or 0))


def _telling_terms(counts: dict[str, int], pool: Pool) -> list[str]:
    known = [term for term, count in counts.items() if count]
    rare = [term for term in known if counts[term] <= FREQUENT_SHARE * pool.passages]
    return rare if rare and pool.passages >= FREQUENT_FROM_PASSAGES else known


def _one_per_document(candidates: Sequence[Candidate]) -> list[SourcePassage]:
    first: dict[str, SourcePassage] = {}
    for candidate in candidates:
        first.setdefault(candidate.passage.document_id, candidate.passage)
    return list(first.values())[:NEAREST_MAX]
