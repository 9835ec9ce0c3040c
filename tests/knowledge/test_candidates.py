"""How both arms of a search are fused."""

from dataclasses import replace

import numpy as np

from knowledge.candidates import Asked, Candidate, candidates_of, fused, sentence_places
from knowledge.evidence import SourcePassage
from knowledge.kept_passages import Stored
from knowledge.lexical import Matches, Pool
from knowledge.lexical.bm25 import Held, Postings


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


def stored(number: int) -> Stored:
    passage = SourcePassage(f"{number}", "d", "T", "note", "", "Ada", "", "a.md", "", 0, "Text.", f"{number}", 0)
    return Stored(passage, (), number, np.zeros(384, dtype=np.float32))


def coverages(weights: dict[str, float], standing: dict[str, list[int]]) -> list[float]:
    """Weigh passages 0 to 2 of one tier, in which these terms stand."""
    postings = {
        term: Postings(np.array(rows, dtype=np.int32), np.ones(len(rows), dtype=np.int32))
        for term, rows in standing.items()
    }
    held = Held(np.arange(3), np.full(3, 9), postings)
    asked = Asked("?", tuple(weights), frozenset(), weights, np.zeros(384, dtype=np.float32))
    found = candidates_of([stored(number) for number in range(3)], asked, Matches([held], Pool(3, 27)))
    return [one.coverage for one in found]


def test_a_share_counts_each_word_by_its_weight() -> None:
    assert coverages({"piano": 3.0, "leed": 1.0}, {"piano": [1, 2], "leed": [2]}) == [0.0, 0.75, 1.0]


def test_words_without_weight_share_nothing() -> None:
    assert coverages({"piano": 0.0}, {"piano": [1]}) == [0.0, 0.0, 0.0]


def test_a_passage_without_a_vector_has_the_nearness_of_none_and_the_others_keep_theirs() -> None:
    near, far = np.eye(2, 384, dtype=np.float32)
    found = [replace(stored(0), vector=near), replace(stored(1), vector=None), replace(stored(2), vector=far)]
    asked = Asked("?", (), frozenset(), {}, near)
    assert [one.similarity for one in candidates_of(found, asked, Matches([], Pool(3, 27)))] == [1.0, 0.0, 0.0]


def test_places_are_read_as_text_and_as_a_list() -> None:
    expected = ((0, 4, 1, None), (5, 9, 2, "0:30"))
    assert sentence_places('[[0, 4, 1, null], [5, 9, 2, "0:30"]]') == expected
    assert sentence_places([[0, 4, 1, None], [5, 9, 2, "0:30"]]) == expected
