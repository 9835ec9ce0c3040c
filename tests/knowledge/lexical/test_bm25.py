"""BM25, against values computed by hand."""

import math

import pytest

from knowledge.lexical import ranked
from knowledge.lexical.bm25 import Pool, merged

POOL = Pool(passages=10, words=1_000)  # a hundred words each


def test_a_term_of_one_passage_in_ten_is_weighed_by_its_rarity() -> None:
    assert POOL.idf(1) == pytest.approx(math.log(1 + 9.5 / 1.5))


def test_a_rarer_term_weighs_more() -> None:
    assert POOL.idf(0) > POOL.idf(1) > POOL.idf(9) > POOL.idf(10) > 0


def test_a_term_never_weighs_less_than_nothing() -> None:
    """Forms of one word are counted apart, so that they may stand in more passages than there are."""
    assert POOL.idf(20) >= 0


def test_a_passage_of_mean_length_has_the_score_of_the_textbook() -> None:
    matches = ranked({"piano": [(7, 2, 100)]}, POOL)
    assert matches[7].score == pytest.approx(math.log(1 + 9.5 / 1.5) * 2 * 2.2 / (2 + 1.2))


def test_a_long_passage_scores_less_than_a_short_one() -> None:
    matches = ranked({"piano": [(1, 1, 50), (2, 1, 200)]}, POOL)
    idf = math.log(1 + 8.5 / 2.5)
    assert matches[1].score == pytest.approx(idf * 2.2 / (1 + 1.2 * (0.25 + 0.75 * 0.5)))
    assert matches[2].score == pytest.approx(idf * 2.2 / (1 + 1.2 * (0.25 + 0.75 * 2)))


def test_the_terms_of_a_question_add_up() -> None:
    both = ranked({"piano": [(1, 1, 100)], "leed": [(1, 1, 100)]}, POOL)[1]
    alone = ranked({"piano": [(1, 1, 100)]}, POOL)[1]
    assert both.score == pytest.approx(2 * alone.score)
    assert both.terms == {"piano", "leed"}


def test_the_order_of_the_terms_does_not_change_a_bit() -> None:
    postings = {f"t{number}": [(1, number, 90), (2, 1, 37 + number)] for number in range(1, 12)}
    forward, backward = ranked(postings, POOL), ranked(dict(reversed(postings.items())), POOL)
    assert [forward[n].score for n in (1, 2)] == [backward[n].score for n in (1, 2)]


def test_nothing_is_found_without_postings() -> None:
    assert ranked({}, Pool(0, 0)) == {}
    assert ranked({"piano": []}, POOL) == {}


def test_an_empty_corpus_divides_by_nothing() -> None:
    assert Pool(0, 0).words_mean == 1.0
    assert Pool(0, 0).idf(0) > 0


def test_forms_of_one_term_are_added_up_passage_by_passage() -> None:
    assert merged([(4, 1, 80), (2, 1, 60), (4, 2, 80)]) == [(2, 1, 60), (4, 3, 80)]
