"""Finds what a tier may read about a question: by meaning and by words, fused by score.

Everything here is a function of the question and of the material at or below the tier: candidates
come from the compartments 0..t, ranks are settled by content and never by an id or by the order of
import, and scores are rounded before they are compared.
"""

import logging
from collections.abc import Sequence

from sqlalchemy import BigInteger, Connection, String, bindparam, text

from knowledge.about import Concern, concerned, words_of
from knowledge.candidates import (
    Asked,
    Candidate,
    candidates_of,
    fused,
    sentence_places,
)
from knowledge.contracts import TIERS, Neighbour, Readers, Vectors, VectorSpace
from knowledge.errors import IndexUnavailable
from knowledge.evidence import About, AskBack, Evidence, Finding, Nothing, SourcePassage, SourceSentence
from knowledge.facts.keys import normal
from knowledge.freshness import asks_for_news, freshest, without_asking
from knowledge.kept_passages import stored
from knowledge.lexical import Analyser, KeptWords, LexicalIndex
from knowledge.spaces import Searched, Space
from knowledge.telling import SentenceTerms, Telling, chosen, telling, together

log = logging.getLogger(__name__)

CANDIDATES_PER_ARM = 50
PASSAGES_READ = 8
SENTENCES_MAX = 12
STORY_SENTENCES = 4
NEAREST_MAX = 3
CHOICES_MAX = 4
PASSAGES_ABOUT_MAX = 200
HOLDING_MAX = 2_000
ANSWER = "answer"
"""The kind of a note whose title is a question, and which is what the artist says to it."""

# A name that is missing says more than a verb that is.
NAME_WEIGHT = 2.0

# When a note is about the question (docs/decisions/0006 has the measurement): enough of the
# question's weighted words stand in it, or a sentence or passage is near in meaning, or some of both.
COVERED_MIN = 0.6
NEAR_SENTENCE_MIN = 0.47
NEAR_PASSAGE_MIN = 0.5
BOTH_MIN = (0.34, 0.36)
NEAR_ON_THE_NIGHT_MIN = 0.3
# One word alone can stand anywhere; unless it is a name, it needs some nearness beside it.
LONE_WORD_NEAR_MIN = 0.4

# A date to the month, or to the year, names all the notes of it.
_OF_THEN = text(
    "SELECT p.number FROM passages p JOIN documents d ON d.id = p.document_id WHERE d.id IN :documents"
    " OR d.date IN :dates OR substr(d.date, 1, 10) IN :dates OR substr(d.date, 1, 7) IN :dates"
    " OR substr(d.date, 1, 4) IN :dates ORDER BY d.sha256, p.ordinal LIMIT :limit"
).bindparams(bindparam("documents", type_=String, expanding=True), bindparam("dates", type_=String, expanding=True))
_DOCUMENTS_OF = text("SELECT DISTINCT document_id FROM passages WHERE number IN :numbers").bindparams(
    bindparam("numbers", type_=BigInteger, expanding=True)
)
_NEWEST = text("SELECT number, id FROM passages ORDER BY number DESC LIMIT :limit")
_LATEST_TITLES = text("SELECT DISTINCT title, date FROM documents ORDER BY date DESC, title LIMIT :limit")


class Search:
    """One per node; thread-safe."""

    def __init__(
        self,
        readers: Readers,
        searched: Searched,
        lexical: LexicalIndex,
        analyser: Analyser,
        *,
        keeps_vectors: bool = False,
    ) -> None:
        """`keeps_vectors`: compare small tiers from memory, so that the index is asked about large ones alone."""
        self._readers = readers
        self._searched = searched
        self._words = KeptWords(lexical, analyser)
        self._analyser = analyser
        self._sentence_terms = SentenceTerms(analyser)
        self._keeps_vectors = keeps_vectors

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Embed with what is searched with now: one row of unit length per text."""
        with self._searched.used() as space:
            return space.embedder.embed(list(texts))

    def find(self, question: str, tier: int, about: About | None = None) -> Finding:
        """Look for an answer among what `tier` may read; with `about`, only in what speaks of one of its things."""
        with self._searched.used() as space:
            asked, candidates = self._ranked(space, question, tier, about)
            if asked is None:
                return self._ask_back(tier)
            return self._weighed(space, asked, candidates, about)

    def passages(self, question: str, tier: int, about: About | None = None) -> list[Candidate]:
        """Rank the passages that `tier` may read, best first, as `find` does; none for a question without words."""
        with self._searched.used() as space:
            return self._ranked(space, question, tier, about)[1]

    def holding(self, words: str, tier: int, limit: int = HOLDING_MAX) -> list[str]:
        """Give the documents that say all of these words in one passage; such as "the" are not looked for."""
        terms = self._analyser.content_terms([words])[0]
        if not terms:
            return []
        with self._readers(tier) as reader:
            matches, _ = self._words.matches(reader, tier, terms)
            found = matches.of(matches.best(limit)).values()
            numbers = [match.number for match in found if match.terms.issuperset(terms)]
            return list(reader.execute(_DOCUMENTS_OF, {"numbers": numbers}).scalars())

    def not_read(self, limit: int) -> list[tuple[int, str]]:
        """Give number and id of those of the newest passages of all tiers whose sentences were not weighed yet."""
        with self._readers(TIERS[-1]) as reader:
            newest = reader.execute(_NEWEST, {"limit": limit}).all()
        vectors = self._searched.space.sentence_vectors
        return [(number, ident) for number, ident in newest if not vectors.has(ident)]

    def read_ahead(self, number: int, ident: str) -> None:
        """Make what weighing a passage's sentences takes, as the first question about it would, unless one did."""
        if self._searched.space.sentence_vectors.has(ident):
            return
        with self._readers(TIERS[-1]) as reader:
            found = stored(reader, [number], [], self._searched.space.vector_of)
        for one in found:
            places = sentence_places(one.sentences)
            self._sentence_terms.of(one.passage, places)
            with self._searched.used() as space:
                space.sentence_vectors.of(one.passage, places)

    def _ranked(
        self, space: Space, question: str, tier: int, about: About | None
    ) -> tuple[Asked | None, list[Candidate]]:
        terms, names = self._terms(question, about)
        if not terms:
            return None, []
        vector = space.embedder.embed([question])[0]
        with self._readers(tier) as reader:
            matches, pool = self._words.matches(reader, tier, terms)
            numbers = matches.best(CANDIDATES_PER_ARM)
            if about is not None:
                numbers += self._numbers_about(reader, about, tier)
            wanted = numbers, self._by_meaning(space, vector, reader, pool.versions)
            found = space.passages.of(reader, tier, pool.versions, wanted, space.vector_of)
        # Ids that the index still knows but the views no longer show have dropped out here.
        weights = {
            term: pool.idf(matches.counts.get(term, 0)) * (NAME_WEIGHT if term in names else 1.0) for term in terms
        }
        asked = Asked(question, terms, names, weights, vector)
        ranked = fused(candidates_of(found, asked, matches))
        if asks_for_news(question):
            ranked = freshest(ranked)
        return asked, ranked if about is None else concerned(ranked, Concern(about))

    def _by_meaning(
        self, space: Space, vector: Vectors, reader: Connection, versions: tuple[tuple[int, str], ...]
    ) -> list[str]:
        """Ask the vector index about what is not kept in memory; one that is away is not waited for."""
        if space.vectors is None or self._searched.reach.is_lost:
            return []
        try:
            found = [self._near(space, space.vectors, vector, reader, tier, version) for tier, version in versions]
        except IndexUnavailable as error:
            log.warning("vector index away", exc_info=error)
            self._searched.reach.lose()
            return []
        return _nearest(found)

    def _near(
        self, space: Space, vectors: VectorSpace, vector: Vectors, reader: Connection, tier: int, version: str
    ) -> list[Neighbour]:
        kept = space.kept_vectors.of(reader, tier, version, space.vector_of) if self._keeps_vectors else None
        if kept is not None:
            return kept.nearest(vector, CANDIDATES_PER_ARM)
        return vectors.nearest(tier, vector, CANDIDATES_PER_ARM)

    def _terms(self, question: str, about: About | None) -> tuple[tuple[str, ...], frozenset[str]]:
        """What the question is about, but for words that ask for news; where that is nothing, what it was traced to.

        Also those of its terms that are written like names.
        """
        terms, names = self._analyser.terms_and_names(question)
        if (asking := without_asking(question)) != question:
            terms = self._analyser.content_terms([asking])[0] or terms
        return tuple(terms or (self._analyser.content_terms([words_of(about)])[0] if about else ())), names

    def _numbers_about(self, reader: Connection, about: About, tier: int) -> list[int]:
        """Find what neither arm may have found: the notes of the night, and passages that name it."""
        [terms] = self._analyser.content_terms([words_of(about)])
        named = self._words.matches(reader, tier, terms)[0].best(CANDIDATES_PER_ARM)
        notes = {"dates": about.dates, "documents": sorted(about.documents), "limit": PASSAGES_ABOUT_MAX}
        return named + list(reader.execute(_OF_THEN, notes).scalars())

    def _weighed(self, space: Space, asked: Asked, candidates: list[Candidate], about: About | None) -> Finding:
        if (answered := _answered(asked, candidates)) is not None:
            return answered
        held = candidates if about is None else [candidate for candidate in candidates if candidate.concerned]
        read = held[:PASSAGES_READ]
        found = self._telling(space, asked, read, about)
        if not found or not answers(asked, read, max(s.nearness for s in found), about):
            return Nothing(tuple(_one_per_document(candidates[:PASSAGES_READ])))
        return Evidence(tuple(s.sentence for s in found), len(candidates), as_told=_is_story(about))

    def _telling(self, space: Space, asked: Asked, read: list[Candidate], about: About | None) -> list[Telling]:
        if about is None or not _is_story(about):
            return chosen(telling(asked, read, self._sentence_terms, space.sentence_vectors), SENTENCES_MAX)
        asks = self._beside(space, asked, about.asks)
        told = telling(asks, read, self._sentence_terms, space.sentence_vectors)
        # A line of a tracklist tells what was played, not how it was.
        told = [one for one in told if one.reading.places[one.index][3] is None] or told
        return together(told, STORY_SENTENCES)[:SENTENCES_MAX]

    def _beside(self, space: Space, asked: Asked, asks: str) -> Asked:
        """Weigh sentences by what is asked beside the night's own names, which every one of its notes may say."""
        [terms] = self._analyser.content_terms([without_asking(asks)])
        weights = {term: asked.weights.get(term, 1.0) for term in terms}
        return Asked(asks, tuple(terms), asked.names & set(terms), weights, space.embedder.embed([asks])[0])

    def _ask_back(self, tier: int) -> Finding:
        with self._readers(tier) as reader:
            titles = reader.execute(_LATEST_TITLES, {"limit": CHOICES_MAX}).scalars().all()
        choices = tuple(f"Tell me about “{title}”." for title in titles)
        return AskBack(choices) if len(choices) >= 2 else Nothing(())


def _answered(asked: Asked, candidates: Sequence[Candidate]) -> Evidence | None:
    """Give what the artist answered to this very question, whole and in her order; of several, the deeper first."""
    own = [
        candidate
        for candidate in candidates
        if candidate.passage.kind == ANSWER and normal(candidate.passage.title) == normal(asked.question)
    ]
    own.sort(key=lambda one: (-one.passage.tier, one.passage.document_sha256, one.passage.ordinal))
    told = tuple(
        SourceSentence(one.passage, index, *place, 1.0) for one in own for index, place in enumerate(one.sentences)
    )
    return Evidence(told[:SENTENCES_MAX], len(candidates), as_told=True) if told else None


def _is_story(about: About | None) -> bool:
    return about is not None and bool(about.asks)


def answers(asked: Asked, read: Sequence[Candidate], sentence_nearness: float, about: About | None = None) -> bool:
    """Whether what was found is about the question at all; doubt means no."""
    if about is not None and any(Concern(about).is_of_then(c.passage) for c in read):
        # The note is of the very night: its words need not say again which night it was.
        return (
            about.surely or sentence_nearness >= NEAR_ON_THE_NIGHT_MIN or any(c.coverage >= BOTH_MIN[0] for c in read)
        )
    near = sentence_nearness >= NEAR_SENTENCE_MIN or any(c.similarity >= NEAR_PASSAGE_MIN for c in read)
    covered = any(c.coverage >= COVERED_MIN for c in read)
    if len(asked.terms) == 1 and not asked.names:
        covered = covered and sentence_nearness >= LONE_WORD_NEAR_MIN
    both = any(c.coverage >= BOTH_MIN[0] and c.similarity >= BOTH_MIN[1] for c in read)
    return near or covered or both


def _nearest(of_tiers: Sequence[Sequence[Neighbour]]) -> list[str]:
    found = [(-round(near, 5), ident) for of_tier in of_tiers for ident, near in of_tier]
    return [ident for _, ident in sorted(found)[:CANDIDATES_PER_ARM]]


def _one_per_document(candidates: Sequence[Candidate]) -> list[SourcePassage]:
    first: dict[str, SourcePassage] = {}
    for candidate in candidates:
        first.setdefault(candidate.passage.document_id, candidate.passage)
    return list(first.values())[:NEAREST_MAX]
