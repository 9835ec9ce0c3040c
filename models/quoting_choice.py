"""Which sentences the quoting writer quotes: the best one, then what adds to those already chosen.

Sentences are taken one at a time. What speaks for one: its relevance beside the best, and that it
goes on from what was chosen. What speaks against it: it repeats, or it does not touch the question. The
weights are round numbers, measured with `benchmarks/quoting.py`. What was tried and gave nothing there:
covering each word of the question, pulling in the sentence before "She" or "But", less for words by others.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from models.contracts import NumberedSentence
from models.quoting_asks import kind_asked, leans_back, stands_aside, tells
from models.quoting_words import likeness, words

# A further sentence has to be worth so much of the best one; more, once one of those chosen
# tells the time, name, number or reason that was asked for: then one sentence can be enough.
WORTH_MIN = 0.8
TOLD_COST = 0.1
# While none of them does, a sentence that tells it is worth a little more.
TELLS_WORTH = 0.05

# A thought goes on in the same words, in the same passage, and most of all beside itself.
SHARED_WORD_WORTH = 0.075
SHARED_WORDS_MAX = 2
SAME_PASSAGE_WORTH = 0.1
BESIDE_WORTH = 0.05

# A sentence that has no word of the question, and goes on from none that was chosen, is only near by.
UNTOUCHED_COST = 0.1
# "She came up the stairs": who?
LEANING_COST = 0.1
ASIDE_COST = 0.3
# From here on two sentences say the same.
REPEATS_FROM = 0.5


@dataclass(frozen=True, slots=True)
class _Read:
    """A sentence with what matters of it."""

    sentence: NumberedSentence
    words: frozenset[str]
    tells: bool


@dataclass(frozen=True, slots=True)
class _Asked:
    """What of the question the sentences are weighed against."""

    words: frozenset[str]
    best_relevance: float


def chosen(question: str, sentences: Sequence[NumberedSentence], most: int) -> list[NumberedSentence]:
    """Choose what to quote, the most telling first: never empty where there is a sentence and room for one."""
    if not sentences or most < 1:
        return []
    best = max(sentences, key=lambda sentence: sentence.relevance)
    asked, kind = _Asked(words(question), best.relevance), kind_asked(question)
    left = [_Read(s, words(s.text), tells(kind, question, s.text)) for s in sentences]
    kept = [left.pop(sentences.index(best))]
    while left and len(kept) < most:
        found = max(left, key=lambda read: _worth(read, kept, asked))
        if _worth(found, kept, asked) < _needed(kept):
            break
        kept.append(found)
        left.remove(found)
    return [read.sentence for read in kept]


def _needed(kept: Sequence[_Read]) -> float:
    return WORTH_MIN + TOLD_COST * any(read.tells for read in kept)


def _worth(read: _Read, kept: Sequence[_Read], asked: _Asked) -> float:
    """Weigh a sentence beside those chosen; below nothing for one that says the same as another."""
    if any(likeness(read.words, k.words, aside=asked.words) >= REPEATS_FROM for k in kept):
        return float("-inf")
    relevance = read.sentence.relevance / asked.best_relevance if asked.best_relevance > 0 else 1.0
    tells_first = read.tells and not any(k.tells for k in kept)
    return relevance + TELLS_WORTH * tells_first + _continues(read, kept, asked) - _cost(read, kept, asked)


def _continues(read: _Read, kept: Sequence[_Read], asked: _Asked) -> float:
    shared = max(len((read.words & k.words) - asked.words) for k in kept)
    beside = [_distance(k.sentence, read.sentence) for k in kept]
    return (
        SHARED_WORD_WORTH * min(shared, SHARED_WORDS_MAX)
        + SAME_PASSAGE_WORTH * any(distance is not None for distance in beside)
        + BESIDE_WORTH * (1 in beside)
        + BESIDE_WORTH * (-1 in beside)
    )


def _cost(read: _Read, kept: Sequence[_Read], asked: _Asked) -> float:
    cost = ASIDE_COST * stands_aside(read.sentence.text)
    if not any(_distance(k.sentence, read.sentence) == 1 for k in kept):
        cost += UNTOUCHED_COST * (not read.words & asked.words) + LEANING_COST * leans_back(read.sentence.text)
    return cost


def _distance(one: NumberedSentence, other: NumberedSentence) -> int | None:
    """Count the steps from one sentence to the other, or give None where they stand in two places."""
    return other.position - one.position if one.passage == other.passage else None
