"""Figures of retrieval, against values computed by hand; and a node measured with a list of its artist's own."""

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest

from knowledge.candidates import Candidate
from knowledge.evaluation import (
    Judged,
    QuestionsUnreadable,
    evaluate,
    figures_of,
    interval,
    mean,
    ndcg,
    ranking,
    read_questions,
    read_trec,
    recall,
    reciprocal_rank,
)
from knowledge.evidence import SourcePassage
from presence.bootstrap import Services
from tests.knowledge.notes import note, tell

PASSAGE = SourcePassage("p", "d", "A note", "note", "", "Ada", "", "a.md", "", 0, "Text.", "sha", 0)
RIGHT = frozenset({"a", "b"})


def found(file: str, *lines: int) -> Candidate:
    places = [[0, 1, line, None] for line in lines]
    return Candidate(replace(PASSAGE, file_name=file), places, 0.0, 0.0, 0.0)


def test_the_gain_of_a_place_is_discounted_by_its_rank() -> None:
    best = 1 + 1 / math.log2(3)
    assert ndcg(["a", "b"], RIGHT) == 1.0
    assert ndcg(["b", "x", "a"], RIGHT) == pytest.approx((1 + 1 / 2) / best)
    assert ndcg(["x", "y"], RIGHT) == ndcg(["a"], frozenset()) == 0.0


def test_only_the_first_ten_count() -> None:
    late = [*"xxxxxxxxxx", "a"]
    assert ndcg(late, RIGHT) == recall(late, RIGHT) == reciprocal_rank(late, RIGHT) == 0.0


def test_the_best_possible_is_ten_right_ones_where_there_are_more() -> None:
    many = [str(n) for n in range(30)]
    assert ndcg(many, frozenset(many)) == 1.0


def test_recall_is_a_share_of_what_is_relevant_and_rank_is_of_the_first() -> None:
    assert recall(["x", "a"], RIGHT) == 0.5
    assert recall(["a"], frozenset()) == 0.0
    assert reciprocal_rank(["x", "y", "b", "a"], RIGHT) == pytest.approx(1 / 3)


def test_figures_are_means_over_questions() -> None:
    figures = figures_of([["a", "b"], ["x", "a"]], [RIGHT, RIGHT])
    assert figures["hit_at_1"] == 0.5
    assert figures["recall_at_10"] == 0.75
    assert figures["mrr_at_10"] == 0.75
    low, high = figures["ndcg_at_10_interval"]
    assert low < figures["ndcg_at_10"] < high


def test_the_interval_is_the_same_every_time_and_narrows_with_more_questions() -> None:
    few, many = interval([0.0, 1.0] * 5), interval([0.0, 1.0] * 500)
    assert interval([0.0, 1.0] * 5) == few
    assert few[0] < many[0] < 0.5 < many[1] < few[1]
    assert interval([0.25] * 9) == (0.25, 0.25)
    assert interval([]) == (0.0, 0.0)
    assert mean([]) == 0.0


def test_a_passage_stands_for_its_file_or_for_the_line_that_was_named() -> None:
    passages = [found("a.md", 3, 4), found("b.md", 7), found("a.md", 9), found("b.md", 8)]
    assert ranking(passages, frozenset({"a.md"})) == ["a.md", "b.md"]
    assert ranking(passages, frozenset({"a.md#9", "b.md"})) == ["a.md", "b.md", "a.md#9"]


def test_the_artists_list_is_read_line_by_line() -> None:
    first = '{"question": "Where?", "relevant": ["a.md#3"], "sentence": "In Leeds."}'
    text = first + '\n\n{"question": "Who?", "answerable": false}'
    assert read_questions(text) == [
        Judged("Where?", frozenset({"a.md#3"}), "In Leeds."),
        Judged("Who?", answerable=False),
    ]


@pytest.mark.parametrize(
    "line", ["{", "[]", '{"relevant": []}', '{"question": 1}', '{"question": "?", "relevant": "a"}']
)
def test_a_line_that_is_no_question_is_named(line: str) -> None:
    with pytest.raises(QuestionsUnreadable) as refused:
        read_questions('{"question": "Where?"}\n' + line)
    assert refused.value.line == 2


def test_topics_and_judgements_in_the_format_of_trec_are_read(tmp_path: Path) -> None:
    (tmp_path / "qrels").write_text("1 0 17 1\n1 0 18 0\n2 0 17 1\nodd\n")
    (tmp_path / "query-text.trec").write_text("<top>\n<num>1</num><title>\nTWO\nWORDS\n</title>\n</top>")
    assert read_trec(tmp_path, lambda name: f"{name}.txt") == [Judged("TWO WORDS", frozenset({"17.txt"}))]


@pytest.fixture
def told(small_shelf: Services, tmp_path: Path) -> Services:
    tell(
        small_shelf,
        tmp_path / "notes",
        piano=note("I wrote Pilot Ladder on a rented piano in Leeds. It rained all week."),
        ferry=note("We played on the upper deck until the coast guard called."),
        secret=note("Heronshaw was recorded in a chapel.", tier="circle"),
    )
    return small_shelf


QUESTIONS = (
    {"question": "Where did you write Pilot Ladder?", "relevant": ["piano.md"], "sentence": "It rained all week."},
    {"question": "Who called you on the upper deck?", "relevant": ["ferry.md#5"],
     "sentence": "We played on the upper deck  until the coast guard called."},
    {"question": "Where was Heronshaw recorded?", "relevant": ["secret.md"]},
    {"question": "Which vegetables grow in clay soil?", "answerable": False},
)  # fmt: skip


def test_a_node_is_measured_as_one_tier(told: Services) -> None:
    questions = read_questions("\n".join(json.dumps(question) for question in QUESTIONS))
    public, circle = (evaluate(told.search, questions, tier) for tier in (0, 3))
    assert (public["questions"], public["hit_at_1"], circle["hit_at_1"]) == (4, 0.6667, 1.0)
    assert (public["sentence_hit_at_1"], public["sentence_hit_at_3"]) == (0.5, 1.0)
    assert (public["refusal_precision"], public["refusal_recall"]) == (0.5, 1.0)
    assert (circle["refusal_precision"], circle["refusal_recall"]) == (1.0, 1.0)


def test_figures_that_a_list_says_nothing_of_are_left_out(told: Services) -> None:
    figures = evaluate(told.search, [Judged("Who called you on the upper deck?")], 0)
    assert figures == {"questions": 1}


def test_passages_are_ranked_as_the_answer_reads_them(told: Services) -> None:
    ranked = told.search.passages("Where did you write Pilot Ladder?", 0)
    assert ranked[0].passage.file_name == "piano.md"
    assert [c.score for c in ranked] == sorted((c.score for c in ranked), reverse=True)
    assert told.search.passages("What was that?", 0) == []
