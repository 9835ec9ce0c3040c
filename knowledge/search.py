"""Finds what a tier may read about a question: by meaning and by words, fused by score.

Everything here is a function of the question and of the material at or below the tier: candidates
come from the compartments 0..t, ranks are settled by content and never by an id or by the order of
import, and scores are rounded before they are compared.
"""

from collections.abc import Sequence

from sqlalchemy import BigInteger, Connection, String, bindparam, text

from knowledge.candidates import Asked, Candidate, candidate_of, fused
from knowledge.contracts import Readers, Vectors
from knowledge.evidence import AskBack, Evidence, Finding, Nothing, SourcePassage
from knowledge.lexical import Analyser, KeptWords, LexicalIndex, Matches
from knowledge.spaces import Searched, Space
from knowledge.telling import telling

CANDIDATES_PER_ARM = 50
PASSAGES_READ = 8
SENTENCES_MAX = 12
NEAREST_MAX = 3
CHOICES_MAX = 4

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
_FOUND = text(
    f"SELECT {_COLUMNS} FROM passages p JOIN documents d ON d.id = p.document_id"
    " WHERE p.number IN :numbers OR p.id IN :ids"
).bindparams(bindparam("numbers", type_=BigInteger, expanding=True), bindparam("ids", type_=String, expanding=True))
_LATEST_TITLES = text("SELECT DISTINCT title, date FROM documents ORDER BY date DESC, title LIMIT :limit")


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
        self._words = KeptWords(lexical, analyser)
        self._analyser = analyser

    def find(self, question: str, tier: int) -> Finding:
        """Look for an answer among what `tier` may read."""
        with self._searched.used() as space:
            asked, candidates = self._ranked(space, question, tier)
            if asked is None:
                return self._ask_back(tier)
            return self._weighed(space, asked, candidates)

    def passages(self, question: str, tier: int) -> list[Candidate]:
        """Rank the passages that `tier` may read, best first, as `find` does; none for a question without words."""
        with self._searched.used() as space:
            return self._ranked(space, question, tier)[1]

    def _ranked(self, space: Space, question: str, tier: int) -> tuple[Asked | None, list[Candidate]]:
        [terms] = self._analyser.content_terms([question])
        if not terms:
            return None, []
        vector = space.embedder.embed([question])[0]
        with self._readers(tier) as reader:
            asked, matches = self._asked(reader, question, tuple(terms), vector, tier)
            near = _by_meaning(space, vector, tier)
            return asked, fused(_candidates(reader, space, asked, matches, near))

    def _asked(
        self, reader: Connection, question: str, terms: tuple[str, ...], vector: Vectors, tier: int
    ) -> tuple[Asked, Matches]:
        matches, pool = self._words.matches(reader, tier, terms)
        names = frozenset(self._analyser.names(question))
        counts = matches.counts
        weights = {term: pool.idf(counts.get(term, 0)) * (NAME_WEIGHT if term in names else 1.0) for term in terms}
        return Asked(question, terms, names, weights, vector), matches

    def _weighed(self, space: Space, asked: Asked, candidates: list[Candidate]) -> Finding:
        read = candidates[:PASSAGES_READ]
        sentences = telling(asked, read, self._analyser, space.sentence_vectors)[:SENTENCES_MAX]
        if not sentences or not answers(asked, read, max(s.nearness for s in sentences)):
            return Nothing(tuple(_one_per_document(read)))
        return Evidence(tuple(s.sentence for s in sentences), passages_seen=len(candidates))

    def _ask_back(self, tier: int) -> Finding:
        with self._readers(tier) as reader:
            titles = reader.execute(_LATEST_TITLES, {"limit": CHOICES_MAX}).scalars().all()
        choices = tuple(f"Tell me about “{title}”." for title in titles)
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


def _candidates(reader: Connection, space: Space, asked: Asked, matches: Matches, near: list[str]) -> list[Candidate]:
    # Ids that the index still knows but the views no longer show drop out here.
    rows = reader.execute(_FOUND, {"numbers": matches.best(CANDIDATES_PER_ARM), "ids": near}).all()
    matched = matches.of([row.number for row in rows])
    return [candidate_of(row, asked, space.vector_of(row), matched.get(row.number)) for row in rows]


def _one_per_document(candidates: Sequence[Candidate]) -> list[SourcePassage]:
    first: dict[str, SourcePassage] = {}
    for candidate in candidates:
        first.setdefault(candidate.passage.document_id, candidate.passage)
    return list(first.values())[:NEAREST_MAX]
