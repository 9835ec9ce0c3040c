"""Which sentences the quoting writer quotes: the best one, then what adds to those already chosen.

Sentences are taken one at a time. What speaks for one: its relevance beside the best, and that it
goes on from what was chosen. What speaks against it: it repeats, or it does not touch the question. The
weights are round numbers, measured with `benchmarks/quoting.py`. What was tried and gave nothing there:
covering each word of the question, pulling in the sentence before "She" or "But", less for words by others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from models.contracts import NumberedSentence
from models.quoting_asks import kind_asked, leans_back, stands_aside, tells
from models.quoting_words import words

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
SENTENCES_KEPT = 4_096


@dataclass(frozen=True, slots=True)
class _Read:
    """A sentence with what matters of it."""

    sentence: NumberedSentence
    own: frozenset[str]
    """Its words but for those of the question, which every sentence owes to it."""
    relevance: float
    """Beside the best."""
    tells: bool
    cost: float
    """Of how it stands by itself; it falls only where it goes on from the sentence right before it."""
    aside: float


def chosen(question: str, sentences: Sequence[NumberedSentence], most: int) -> list[NumberedSentence]:
    """Choose what to quote, the most telling first: never empty where there is a sentence and room for one."""
    if not sentences or most < 1:
        return []
    best = max(sentences, key=lambda sentence: sentence.relevance)
    asked, kind = words(question), kind_asked(question)
    left = [_read(one, asked, best.relevance, tells=tells(kind, question, one.text)) for one in sentences]
    kept = [left.pop(sentences.index(best))]
    while left and len(kept) < most:
        worth = [_worth(read, kept) for read in left]
        found = max(range(len(left)), key=worth.__getitem__)
        if worth[found] < _needed(kept):
            break
        kept.append(left.pop(found))
    return [read.sentence for read in kept]


def _read(sentence: NumberedSentence, asked: frozenset[str], best_relevance: float, *, tells: bool) -> _Read:
    said, leaning_cost, aside_cost = _looked_through(sentence.text)
    relevance = sentence.relevance / best_relevance if best_relevance > 0 else 1.0
    cost = UNTOUCHED_COST * said.isdisjoint(asked) + leaning_cost
    return _Read(sentence, said - asked, relevance, tells, cost, aside_cost)


@lru_cache(SENTENCES_KEPT)
def _looked_through(text: str) -> tuple[frozenset[str], float, float]:
    """Give the words of a sentence, and what it costs that it leans on another or stands aside."""
    return words(text), LEANING_COST * leans_back(text), ASIDE_COST * stands_aside(text)


def _needed(kept: Sequence[_Read]) -> float:
    return WORTH_MIN + TOLD_COST * any(read.tells for read in kept)


def _worth(read: _Read, kept: Sequence[_Read]) -> float:
    """Weigh a sentence beside those chosen; below nothing for one that says the same as another."""
    shared, steps, is_told = 0, list[int](), False
    for one in kept:
        both = len(read.own & one.own)
        either = len(read.own) + len(one.own) - both
        if either and both / either >= REPEATS_FROM:
            return float("-inf")
        shared, is_told = max(shared, both), is_told or one.tells
        if one.sentence.passage == read.sentence.passage:
            steps.append(read.sentence.position - one.sentence.position)
    goes_on = (
        SHARED_WORD_WORTH * min(shared, SHARED_WORDS_MAX)
        + SAME_PASSAGE_WORTH * bool(steps)
        + BESIDE_WORTH * (1 in steps)
        + BESIDE_WORTH * (-1 in steps)
    )
    cost = read.aside + (0.0 if 1 in steps else read.cost)
    return read.relevance + TELLS_WORTH * (read.tells and not is_told) + goes_on - cost
