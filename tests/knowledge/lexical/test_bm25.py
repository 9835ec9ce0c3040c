"""BM25, against values computed by hand."""

import math

import numpy as np
import pytest

from knowledge.lexical import LexicalMatch, Matches
from knowledge.lexical.bm25 import Held, Pool, Postings

POOL = Pool(passages=10, words=1_000)  # a hundred words each


def held(words: dict[int, int], **terms: dict[int, int]) -> Held:
    """One tier: words by passage number, and for each term how often it stands in a passage."""
    numbers = sorted(words)
    rows = {number: row for row, number in enumerate(numbers)}
    postings = {
        term: Postings(
            np.array([rows[number] for number in sorted(times)], dtype=np.int32),
            np.array([times[number] for number in sorted(times)], dtype=np.int32),
        )
        for term, times in terms.items()
    }
    return Held(np.array(numbers, dtype=np.int64), np.array([words[n] for n in numbers], dtype=np.int64), postings)


def matched(*tiers: Held, pool: Pool = POOL) -> dict[int, LexicalMatch]:
    return Matches(tiers, pool).of(list(range(100)))


def test_a_term_of_one_passage_in_ten_is_weighed_by_its_rarity() -> None:
    assert POOL.idf(1) == pytest.approx(math.log(1 + 9.5 / 1.5))


def test_a_rarer_term_weighs_more() -> None:
    assert POOL.idf(0) > POOL.idf(1) > POOL.idf(9) > POOL.idf(10) > 0


def test_a_term_never_weighs_less_than_nothing() -> None:
    """Should statistics ever disagree, a rank must not turn over."""
    assert POOL.idf(20) >= 0


def test_a_passage_of_mean_length_has_the_score_of_the_textbook() -> None:
    matches = matched(held({7: 100}, piano={7: 2}))
    assert matches[7].score == pytest.approx(math.log(1 + 9.5 / 1.5) * 2 * 2.2 / (2 + 1.2), abs=1e-6)


def test_a_long_passage_scores_less_than_a_short_one() -> None:
    matches = matched(held({1: 50, 2: 200}, piano={1: 1, 2: 1}))
    idf = math.log(1 + 8.5 / 2.5)
    assert matches[1].score == pytest.approx(idf * 2.2 / (1 + 1.2 * (0.25 + 0.75 * 0.5)), abs=1e-6)
    assert matches[2].score == pytest.approx(idf * 2.2 / (1 + 1.2 * (0.25 + 0.75 * 2)), abs=1e-6)


def test_the_terms_of_a_question_add_up() -> None:
    both = matched(held({1: 100}, piano={1: 1}, leed={1: 1}))[1]
    alone = matched(held({1: 100}, piano={1: 1}))[1]
    assert both.score == pytest.approx(2 * alone.score, abs=1e-5)
    assert both.terms == {"piano", "leed"}


def test_a_term_is_weighed_by_all_tiers_together() -> None:
    apart = [held({1: 100}, piano={1: 1}), held({2: 100}, piano={2: 1})]
    together = held({1: 100, 2: 100}, piano={1: 1, 2: 1})
    assert matched(*apart) == matched(together)
    assert Matches(apart, POOL).counts == {"piano": 2}


def test_the_order_of_the_terms_does_not_change_a_bit() -> None:
    terms = {f"t{number}": {1: number, 2: 1} for number in range(1, 12)}
    forward = matched(held({1: 90, 2: 37}, **terms))
    assert forward == matched(held({1: 90, 2: 37}, **dict(reversed(terms.items()))))


def test_the_best_come_first_and_no_more_than_asked_for() -> None:
    matches = Matches([held({1: 100, 2: 100}, piano={1: 1, 2: 3}), held({3: 100}, piano={3: 2})], POOL)
    assert matches.best(9) == [2, 3, 1]
    assert matches.best(2) == [2, 3]


def test_among_equals_the_earlier_comes_first_in_whichever_tier() -> None:
    matches = Matches([held({2: 100, 4: 100}, piano={2: 1, 4: 1}), held({1: 100, 3: 100}, piano={1: 1, 3: 1})], POOL)
    assert matches.best(3) == [1, 2, 3]


def test_nothing_is_found_without_postings() -> None:
    for tiers in ((), (held({}),), (held({1: 100}, piano={}),)):
        assert Matches(tiers, Pool(0, 0)).best(5) == []
        assert matched(*tiers, pool=Pool(0, 0)) == {}


def test_passages_without_a_term_have_no_match() -> None:
    assert set(matched(held({1: 100, 2: 100}, piano={2: 1}))) == {2}


def test_an_empty_corpus_divides_by_nothing() -> None:
    assert Pool(0, 0).words_mean == 1.0
    assert Pool(0, 0).idf(0) > 0
