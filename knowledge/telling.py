"""Chooses the sentences of the best passages that bear on a question."""

import re
import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field, replace
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


@dataclass(slots=True)  # made by the dozen for each question, and a frozen one takes four times as long to make
class Telling:
    """A sentence with the nearness that it was chosen for."""

    sentence: SourceSentence
    nearness: float
    terms: frozenset[str] = frozenset()
    vector: Vectors | None = None
    order: _Order = field(init=False)

    def __post_init__(self) -> None:
        self.order = _order(self.sentence)


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
        with self._lock:
            if name in self._kept:
                self._kept.move_to_end(name)
                return self._kept[name]
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

    def of(self, passage: SourcePassage, sentences: Sequence[str]) -> Vectors:
        """Give one row per sentence; a function of the passage alone."""
        return self._hot.of(passage.ident, lambda: self._embedder.embed(sentences))

    def has(self, ident: str) -> bool:
        """Whether those of a passage are kept now."""
        return ident in self._hot


@dataclass(frozen=True, slots=True)
class Cut:
    """The terms of a passage's sentences, one set each: their own, and these with what stands above them all."""

    own: tuple[frozenset[str], ...]
    with_above: tuple[frozenset[str], ...]
    fullness: tuple[float, ...]
    """How far each says something by itself; 0 for one that does not."""
    held: tuple[Held, ...]


class SentenceTerms:
    """Terms of the sentences of passages, and of what stands above them, kept for the hot ones."""

    def __init__(self, analyser: Analyser) -> None:
        self._analyser = analyser
        self._hot: Hot[Cut] = Hot()

    def of(self, passage: SourcePassage, sentences: Sequence[str]) -> Cut:
        """Give the terms of each sentence, alone and with those of title, heading and date.

        A title can be changed, and the passage keeps its name.
        """
        above = f"{passage.title} {passage.heading} {passage.date}"
        return self._hot.of((passage.ident, above), lambda: self._cut(sentences, above))

    def _cut(self, sentences: Sequence[str], above: str) -> Cut:
        *terms, of_above = self._analyser.content_terms([*sentences, above])
        own = tuple(frozenset(one) for one in terms)
        with_above = tuple(one.union(of_above) for one in own)
        return Cut(own, with_above, tuple(map(fullness, sentences)), tuple(map(held, sentences)))


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
        if any(says_the_same(best, other) for other in taken):
            continue
        taken.append(_giving_way(best) if is_crowded else best)
        of_passage[best.sentence.passage.ident] += 1
    return taken


def _foremost(waiting: Sequence[Telling], of_passage: Counter[str]) -> tuple[int, bool]:
    """Give the place of the most telling of sentences in their order, and whether enough of its passage is taken.

    What stands after the first whose passage is free stands after it however little the others give way.
    """
    giving_way: tuple[_Order, int] | None = None
    for place, one in enumerate(waiting):
        if of_passage[one.sentence.passage.ident] < SENTENCES_OF_ONE:
            return (place, False) if giving_way is None or one.order < giving_way[0] else (giving_way[1], True)
        lowered = _order(one.sentence, CROWDED_WEIGHT), place
        giving_way = lowered if giving_way is None else min(giving_way, lowered)
    return (giving_way[1], True) if giving_way is not None else (0, False)


def together(found: Sequence[Telling], length: int) -> list[Telling]:
    """Begin with the run of neighbouring sentences that tells most, in their own order; the others follow.

    What happened on a night is told over several sentences, and seldom in the one with the most of the
    question's words.
    """
    if not found:
        return []
    beside = sorted(
        (one for one in found if one.sentence.passage.ident == found[0].sentence.passage.ident),
        key=lambda one: one.sentence.index,
    )
    starts = range(max(1, len(beside) - length + 1))
    best = max(starts, key=lambda at: (sum(one.sentence.relevance for one in beside[at : at + length]), -at))
    run = beside[best : best + length]
    return [*run, *(one for one in found if not any(same_place(one, other) for other in run))]


def _giving_way(one: Telling) -> Telling:
    """Lower a sentence that is from a passage of which enough stands there."""
    sentence = one.sentence
    lowered = replace(sentence, relevance=round(sentence.relevance * CROWDED_WEIGHT, 5))
    return Telling(lowered, one.nearness, one.terms, one.vector)


def same_place(one: Telling, other: Telling) -> bool:
    """Whether two are the same sentence of the same passage."""
    return (one.sentence.passage.ident, one.sentence.index) == (other.sentence.passage.ident, other.sentence.index)


def says_the_same(one: Telling, other: Telling) -> bool:
    """Whether two sentences say nearly the same: nearly all words shared, numbers and negation alike."""
    first, second = one.terms, other.terms
    if first.isdisjoint(second):
        return False
    shared = len(first & second)
    if shared < SAME_WORDS_SHARE * (len(first) + len(second) - shared):
        return False
    if _marks(one.sentence.text) != _marks(other.sentence.text):
        return False
    return one.vector is None or other.vector is None or float(one.vector @ other.vector) >= SAME_NEARNESS_MIN


def _marks(text: str) -> tuple[list[str], bool]:
    """Give the numbers of a sentence, and whether it denies."""
    return sorted(re.findall(r"\d+", text)), _DENIES.search(text) is not None


def _order(sentence: SourceSentence, weight: float = 1.0) -> _Order:
    passage = sentence.passage
    return -round(sentence.relevance * weight, 5), passage.document_sha256, passage.ordinal, sentence.index


def texts_of(passage: SourcePassage, places: Places) -> list[str]:
    """Give the sentences of a passage."""
    return [passage.text[start:end] for start, end, _, _ in places]


def _weighed(
    asked: Asked, asks: tuple[Cue, str], candidate: Candidate, terms: SentenceTerms, vectors: SentenceVectors
) -> list[Telling]:
    passage, places = candidate.passage, candidate.sentences
    texts = texts_of(passage, places)
    # What the title and the heading say is said of every sentence beneath them, but less surely.
    cut = terms.of(passage, texts)
    rows = vectors.of(passage, texts)
    nearness = (rows @ asked.vector).tolist()
    weighed, of_above = list[Telling](), None
    aside = ASIDE_WEIGHT if passage.speaker in (EDITOR, UNNAMED) else 1.0
    for index, (start, end, line, time) in enumerate(places):
        if not cut.fullness[index]:
            continue
        own = asked.share(cut.own[index])
        if own:
            inherited = asked.share(cut.with_above[index])
        else:  # what stands above them is the same for all
            inherited = of_above = asked.share(cut.with_above[index]) if of_above is None else of_above
        relevance = (
            WORDS_WEIGHT * (own + 0.5 * (inherited - own))
            + NEARNESS_WEIGHT * max(nearness[index], 0.0)
            + PASSAGE_WEIGHT * candidate.score
            + CUE_WEIGHT * cut.held[index].answers(*asks)
        )
        weight = aside * (1.0 if time else cut.fullness[index])
        sentence = SourceSentence(passage, index, start, end, line, time, round(weight * relevance, 5))
        weighed.append(Telling(sentence, nearness[index], cut.own[index], rows[index]))
    return weighed


def fullness(sentence: str) -> float:
    """Weigh down what only names a thing ("To Bettina Brentano.") against what says something of it."""
    words = len(sentence.split())
    if words < SENTENCE_WORDS_MIN or PLACEHOLDER in sentence:
        return 0.0
    return min(1.0, 0.5 + words / FULL_SENTENCE_WORDS)
