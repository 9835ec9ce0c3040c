"""How both arms of a search are fused."""

import numpy as np

from knowledge.candidates import Asked, Candidate, fused, sentence_places
from knowledge.evidence import SourcePassage


def candidate(name: str, *, similarity: float = 0.0, lexical: float = 0.0, coverage: float = 0.0) -> Candidate:
    passage = SourcePassage(name, name, name, "note", "", "Ada", "", f"{name}.md", "", 0, "Text.", name, 0)
    return Candidate(passage, (), similarity, lexical, coverage)


def names(candidates: list[Candidate]) -> list[str]:
    return [found.passage.ident for found in candidates]


def test_words_decide_where_a_passage_holds_the_whole_question() -> None:
    near, worded = candidate("near", similarity=0.9), candidate("worded", similarity=0.5, lexical=8, coverage=1.0)
    assert names(fused([near, worded])) == ["worded", "near"]


def test_meaning_decides_where_no_passage_holds_many_words() -> None:
    near, worded = candidate("near", similarity=0.9), candidate("worded", similarity=0.5, lexical=8, coverage=0.2)
    assert names(fused([near, worded])) == ["near", "worded"]


def test_ties_are_settled_by_content() -> None:
    both = [candidate("b", similarity=0.5), candidate("a", similarity=0.5)]
    assert names(fused(both)) == names(fused(both[::-1])) == ["a", "b"]


def test_scores_lie_between_nothing_and_one() -> None:
    made = [candidate(str(n), similarity=n / 7 - 0.4, lexical=n * 3, coverage=n / 7) for n in range(7)]
    assert all(0 <= found.score <= 1 for found in fused(made))


def test_nothing_found_is_nothing_fused() -> None:
    assert fused([]) == []


def test_a_share_counts_each_word_by_its_weight() -> None:
    asked = Asked("?", ("piano", "leed"), frozenset(), {"piano": 3.0, "leed": 1.0}, np.zeros(384, dtype=np.float32))
    assert asked.share(frozenset()) == 0
    assert asked.share(frozenset({"piano"})) == 0.75
    assert asked.share(frozenset({"piano", "leed", "other"})) == 1.0


def test_words_without_weight_share_nothing() -> None:
    asked = Asked("?", ("piano",), frozenset(), {"piano": 0.0}, np.zeros(384, dtype=np.float32))
    assert asked.share(frozenset({"piano"})) == 0.0


def test_places_are_read_as_text_and_as_a_list() -> None:
    expected = ((0, 4, 1, None), (5, 9, 2, "0:30"))
    assert sentence_places('[[0, 4, 1, null], [5, 9, 2, "0:30"]]') == expected
    assert sentence_places([[0, 4, 1, None], [5, 9, 2, "0:30"]]) == expected
