"""Chooses the sentences of the best passages that bear on a question."""

import re
import threading
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Generic, TypeVar

from knowledge.candidates import Asked, Candidate, Places
from knowledge.contracts import Embedder, Vectors
from knowledge.cues import Cue, Held, cue, held
from knowledge.evidence import SourcePassage, SourceSentence
from knowledge.importers.plaintext import EDITOR
from knowledge.importers.speakers import UNNAMED
from knowledge.lexical import Analyser

T = TypeVar("T")
_Order = tuple[float, str, int, int]
"""How telling, negated, then where it stands: by content, never by an id."""

WORDS_WEIGHT = 0.25
NEARNESS_WEIGHT = 0.25
PASSAGE_WEIGHT = 0.5
# A sentence with a number in it answers "how many" better than its neighbour without one.
CUE_WEIGHT = 0.08
# A footnote, or a quotation that nobody is named for, gives way to the author's own words.
ASIDE_WEIGHT = 0.85

# Two from one passage stand side by side; a further one must be better than the others by this.
SENTENCES_OF_ONE = 2
CROWDED_WEIGHT = 0.99
# Nearness alone proves nothing (who did what to whom is near, swapped): most words must be shared, too.
SAME_WORDS_SHARE = 0.8
SAME_NEARNESS_MIN = 0.9
_DENIES = re.compile(r"\b(?:not?|never|none|nobody|nothing|neither|nor|without)\b|n[’']t\b", re.IGNORECASE)

# A sentence of fewer words says little by itself ("And boom!").
SENTENCE_WORDS_MIN = 3
PLACEHOLDER = "{{"
"""Opens what a site's template would fill in: the sentence is not whole without it."""
FULL_SENTENCE_WORDS = 16
KEPT_PASSAGES = 2_000


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A passage whose sentences are weighed for a question."""

    passage: SourcePassage
    places: Places
    cut: "Cut"
    nearness: Sequence[float]
    """The cosine of each sentence to the question."""
    rows: Vectors | None = None


@dataclass(slots=True)
class Telling:
    """A sentence with what it was weighed to be. Most that are weighed are never told, so all else is looked up."""

    order: _Order
    reading: Reading

    @property
    def index(self) -> int:
        """Which sentence of its passage."""
        return self.order[3]

    @property
    def passage(self) -> SourcePassage:
        return self.reading.passage

    @property
    def nearness(self) -> float:
        """How near it is to the question."""
        return self.reading.nearness[self.index]

    @property
    def terms(self) -> frozenset[str]:
        return self.reading.cut.own[self.index]

    @property
    def vector(self) -> Vectors | None:
        rows = self.reading.rows
        return None if rows is None else rows[self.index]

    @property
    def text(self) -> str:
        """The words, verbatim."""
        start, end, _, _ = self.reading.places[self.index]
        return self.passage.text[start:end]

    @property
    def sentence(self) -> SourceSentence:
        """The sentence, to be quoted."""
        return SourceSentence(self.passage, self.index, *self.reading.places[self.index], -self.order[0])


_BY_ORDER = attrgetter("order")


class Hot(Generic[T]):
    """What was made of passages, kept for those that were read last. Thread-safe."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, T] = OrderedDict()
        self._lock = threading.Lock()

    def __contains__(self, name: object) -> bool:
        return name in self._kept

    def of(self, name: Hashable, make: Callable[[], T]) -> T:
        """Give what is kept under a name, or make and keep it."""
        try:
            self._kept.move_to_end(name)
            return self._kept[name]
        except KeyError:  # or somebody else's took its place just now
            made = make()
        with self._lock:
            self._kept[name] = made
            while len(self._kept) > KEPT_PASSAGES:
                self._kept.popitem(last=False)
        return made


class SentenceVectors:
    """Vectors of the sentences of passages, made when first needed and kept for the hot ones."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._hot: Hot[Vectors] = Hot()

    def of(self, passage: SourcePassage, places: Places) -> Vectors:
        """Give one row per sentence; a function of the passage alone."""
        return self._hot.of(passage.ident, lambda: self._embedder.embed(texts_of(passage, places)))

    def has(self, ident: str) -> bool:
        """Whether those of a passage are kept now."""
        return ident in self._hot


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """The terms of a passage's sentences."""

    own: tuple[frozenset[str], ...]
    """Of each sentence."""
    standing: Mapping[str, Sequence[int]]
    """In which sentences each term stands."""
    above: frozenset[str]
    """Of what stands above them all."""
    fullness: tuple[float, ...]
    """How far each says something by itself; 0 for one that does not."""
    held: tuple[Held, ...]


class SentenceTerms:
    """Terms of the sentences of passages, and of what stands above them, kept for the hot ones."""

    def __init__(self, analyser: Analyser) -> None:
        self._analyser = analyser
        self._hot: Hot[Cut] = Hot()

    def of(self, passage: SourcePassage, places: Places) -> Cut:
        """Give the terms of each sentence, and those of title, heading and date.

        A title can be changed, and the passage keeps its name.
        """
        name = passage.ident, passage.title, passage.heading, passage.date
        return self._hot.of(name, lambda: self._cut(texts_of(passage, places), " ".join(name[1:])))

    def _cut(self, sentences: Sequence[str], above: str) -> Cut:
        *terms, of_above = self._analyser.content_terms([*sentences, above])
        standing = defaultdict[str, list[int]](list)
        for index, of_one in enumerate(terms):
            for term in dict.fromkeys(of_one):
                standing[term].append(index)
        return Cut(
            own=tuple(map(frozenset, terms)),
            standing=dict(standing),
            above=frozenset(of_above),
            fullness=tuple(map(fullness, sentences)),
            held=tuple(map(held, sentences)),
        )


def telling(
    asked: Asked, candidates: Sequence[Candidate], terms: SentenceTerms, vectors: SentenceVectors
) -> list[Telling]:
    """Give the sentences of these passages, the most telling first."""
    asks = cue(asked.question), asked.question.lower()
    found = [sentence for one in candidates for sentence in _weighed(asked, asks, one, terms, vectors)]
    return sorted(found, key=_BY_ORDER)


def chosen(found: Sequence[Telling], limit: int) -> list[Telling]:
    """Choose the most telling that say different things; a third from one passage gives way to one as good."""
    taken, of_passage = list[Telling](), Counter[str]()
    waiting = sorted(found, key=_BY_ORDER)
    while waiting and len(taken) < limit:
        place, is_crowded = _foremost(waiting, of_passage)
        best = waiting.pop(place)
        terms = best.terms  # most share no word at all
        if any(says_the_same(best, other) for other in taken if not terms.isdisjoint(other.terms)):
            continue
        taken.append(Telling(_giving_way(best.order), best.reading) if is_crowded else best)
        of_passage[best.passage.ident] += 1
    return taken


def _foremost(waiting: Sequence[Telling], of_passage: Counter[str]) -> tuple[int, bool]:
    """Give the place of the most telling of sentences in their order, and whether enough of its passage is taken.

    What stands after the first whose passage is free stands after it however little the others give way.
    """
    giving_way: tuple[_Order, int] | None = None
    for place, one in enumerate(waiting):
        if of_passage[one.reading.passage.ident] < SENTENCES_OF_ONE:
            return (place, False) if giving_way is None or one.order < giving_way[0] else (giving_way[1], True)
        lowered = _giving_way(one.order), place
        giving_way = lowered if giving_way is None else min(giving_way, lowered)
    return (giving_way[1], True) if giving_way is not None else (0, False)


def _giving_way(order: _Order) -> _Order:
    """Lower a sentence that is from a passage of which enough stands there."""
    return round(order[0] * CROWDED_WEIGHT, 5), *order[1:]


def together(found: Sequence[Telling], length: int) -> list[Telling]:
    """Begin with the run of neighbouring sentences that tells most, in their own order; the others follow.

    What happened on a night is told over several sentences, and seldom in the one with the most of the
    question's words.
    """
    if not found:
        return []
    beside = sorted(
        (one for one in found if one.passage.ident == found[0].passage.ident),
        key=lambda one: one.index,
    )
    starts = range(max(1, len(beside) - length + 1))
    best = max(starts, key=lambda at: (-sum(one.order[0] for one in beside[at : at + length]), -at))
    run = beside[best : best + length]
    return [*run, *(one for one in found if not any(same_place(one, other) for other in run))]


def same_place(one: Telling, other: Telling) -> bool:
    """Whether two are the same sentence of the same passage."""
    return (one.passage.ident, one.index) == (other.passage.ident, other.index)


def says_the_same(one: Telling, other: Telling) -> bool:
    """Whether two sentences say nearly the same: nearly all words shared, numbers and negation alike."""
    first, second = one.terms, other.terms
    if first.isdisjoint(second):
        return False
    shared = len(first & second)
    if shared < SAME_WORDS_SHARE * (len(first) + len(second) - shared):
        return False
    if _marks(one.text) != _marks(other.text):
        return False
    near, also_near = one.vector, other.vector
    return near is None or also_near is None or float(near @ also_near) >= SAME_NEARNESS_MIN


def _marks(text: str) -> tuple[list[str], bool]:
    """Give the numbers of a sentence, and whether it denies."""
    return sorted(re.findall(r"\d+", text)), _DENIES.search(text) is not None


def texts_of(passage: SourcePassage, places: Places) -> list[str]:
    """Give the sentences of a passage."""
    return [passage.text[start:end] for start, end, _, _ in places]


def _weighed(
    asked: Asked, asks: tuple[Cue, str], candidate: Candidate, terms: SentenceTerms, vectors: SentenceVectors
) -> list[Telling]:
    passage, places = candidate.passage, candidate.sentences
    cut, rows = terms.of(passage, places), vectors.of(passage, places)
    nearness = (rows @ asked.vector).tolist()
    reading = Reading(passage, places, cut, nearness, rows)
    own, inherited = _shares(asked, cut)
    aside = ASIDE_WEIGHT if passage.speaker in (EDITOR, UNNAMED) else 1.0
    weighed = list[Telling]()
    for index, full in enumerate(cut.fullness):
        if not full:
            continue
        relevance = (
            WORDS_WEIGHT * (own[index] + 0.5 * (inherited[index] - own[index]))
            + NEARNESS_WEIGHT * max(nearness[index], 0.0)
            + PASSAGE_WEIGHT * candidate.score
        )
        if asks[0] and cut.held[index].answers(*asks):
            relevance += CUE_WEIGHT
        weight = aside if places[index][3] else aside * full  # a line of a tracklist is whole, however short
        order = -round(weight * relevance, 5), passage.document_sha256, passage.ordinal, index
        weighed.append(Telling(order, reading))
    return weighed


def _shares(asked: Asked, cut: Cut) -> tuple[list[float], list[float]]:
    """Give how much of the question stands in each sentence, and how much there or above it, 0 to 1.

    What the title and the heading say is said of every sentence beneath them, but less surely.
    """
    own, inherited = [0.0] * len(cut.own), [0.0] * len(cut.own)
    for term, weight in asked.weighed:
        standing = cut.standing.get(term, ())
        for index in standing:
            own[index] += weight
        for index in range(len(inherited)) if term in cut.above else standing:
            inherited[index] += weight
    whole = asked.whole or 1.0
    return [one / whole for one in own], [one / whole for one in inherited]


def fullness(sentence: str) -> float:
    """Weigh down what only names a thing ("To Bettina Brentano.") against what says something of it."""
    words = len(sentence.split())
    if words < SENTENCE_WORDS_MIN or PLACEHOLDER in sentence:
        return 0.0
    return min(1.0, 0.5 + words / FULL_SENTENCE_WORDS)
