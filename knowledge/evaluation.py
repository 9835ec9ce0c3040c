"""How well a node finds: figures over questions whose right places are known.

Questions come from the artist, one JSON object a line, or from a folder in TREC's format. A place is
the name of a file, or `name#line` for the passage that holds a sentence beginning on that line. All
figures are means over questions; the interval around a mean is bootstrapped with a fixed seed, so
that the same answers give the same figures.
"""

import json
import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from knowledge.candidates import Candidate
from knowledge.evidence import AskBack, Evidence, Finding, Nothing
from knowledge.facts.told import Facts

CUT = 10
SAMPLES = 2_000
SEED = 20
PERCENT = 95


class QuestionsUnreadable(ValueError):
    """A line of the question file is not a question."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(f"Line {line} of the questions cannot be read: {why}.")
        self.line = line


@dataclass(frozen=True, slots=True)
class Judged:
    """A question with the places that answer it, and the sentence that answers best where one is known."""

    question: str
    relevant: frozenset[str] = frozenset()
    sentence: str = ""
    answerable: bool = True


class Searching(Protocol):
    """What is measured (`knowledge.Search`)."""

    def passages(self, question: str, tier: int) -> Sequence[Candidate]: ...

    def find(self, question: str, tier: int) -> Finding: ...


def evaluate(search: Searching, questions: Iterable[Judged], tier: int) -> dict[str, Any]:
    """Ask every question as this tier; give the figures of passages, sentences and refusals."""
    asked = list(questions)
    found = [search.find(judged.question, tier) for judged in asked]
    placed = [judged for judged in asked if judged.relevant]
    rankings = [ranking(search.passages(judged.question, tier), judged.relevant) for judged in placed]
    figures: dict[str, Any] = {"questions": len(asked)}
    if placed:
        figures |= figures_of(rankings, [judged.relevant for judged in placed])
    return figures | sentence_figures(asked, found) | refusal_figures(asked, found)


def read_questions(text: str) -> list[Judged]:
    """Read the artist's own list, JSON Lines; empty lines are none."""
    return [_judged(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]


def _judged(number: int, line: str) -> Judged:
    try:
        read = json.loads(line)
        relevant = read.get("relevant", [])
        if not isinstance(read["question"], str) or not isinstance(relevant, list):
            raise TypeError("“question” is a text and “relevant” a list")
        answerable = bool(read.get("answerable", True))
        return Judged(read["question"], frozenset(map(str, relevant)), str(read.get("sentence") or ""), answerable)
    except (ValueError, TypeError, AttributeError) as error:
        raise QuestionsUnreadable(number, str(error)) from error
    except KeyError as error:
        raise QuestionsUnreadable(number, "there is no “question” in it") from error


def read_trec(folder: Path, place: Callable[[str], str] = str) -> list[Judged]:
    """Read topics (`query-text.trec`) and judgements (`qrels`); `place` names a document's file."""
    relevant: dict[str, set[str]] = defaultdict(set)
    for line in (folder / "qrels").read_text(encoding="utf-8").splitlines():
        if len(row := line.split()) == 4 and int(row[3]) > 0:
            relevant[row[0]].add(place(row[2]))
    topics = re.findall(
        r"<num>\s*(\S+?)\s*</num>\s*<title>\s*(.*?)\s*</title>",
        (folder / "query-text.trec").read_text(encoding="utf-8"),
        re.DOTALL,
    )
    return [Judged(" ".join(title.split()), frozenset(relevant[number])) for number, title in topics]


def ranking(passages: Iterable[Candidate], relevant: frozenset[str]) -> list[str]:
    """Give the places found, best first, each once: the relevant place that a passage is, or else its file."""
    return list(dict.fromkeys(_place(passage, relevant) for passage in passages))


def _place(candidate: Candidate, relevant: frozenset[str]) -> str:
    file = candidate.passage.file_name
    lines = (f"{file}#{line}" for _, _, line, _ in candidate.sentences)
    return next((place for place in lines if place in relevant), file)


def figures_of(rankings: Sequence[Sequence[str]], relevant: Sequence[frozenset[str]]) -> dict[str, Any]:
    """Give nDCG@10 with its interval, recall@10, MRR@10 and hit@1."""
    pairs = list(zip(rankings, relevant, strict=True))
    gains = [ndcg(ranked, right) for ranked, right in pairs]
    return {
        "ndcg_at_10": mean(gains),
        "ndcg_at_10_interval": interval(gains),
        "recall_at_10": mean([recall(ranked, right) for ranked, right in pairs]),
        "mrr_at_10": mean([reciprocal_rank(ranked, right) for ranked, right in pairs]),
        "hit_at_1": mean([float(bool(set(ranked[:1]) & right)) for ranked, right in pairs]),
    }


def ndcg(ranked: Sequence[str], relevant: frozenset[str], cut: int = CUT) -> float:
    """Give the gain of the first `cut` places, each discounted by its rank, as a share of the best possible."""
    gain = sum(1 / math.log2(rank + 1) for rank, place in enumerate(ranked[:cut], start=1) if place in relevant)
    best = sum(1 / math.log2(rank + 1) for rank in range(1, min(len(relevant), cut) + 1))
    return gain / best if best else 0.0


def recall(ranked: Sequence[str], relevant: frozenset[str], cut: int = CUT) -> float:
    """Give the share of the relevant places that stand among the first `cut`."""
    return len(set(ranked[:cut]) & relevant) / len(relevant) if relevant else 0.0


def reciprocal_rank(ranked: Sequence[str], relevant: frozenset[str], cut: int = CUT) -> float:
    """Give one over the rank of the first relevant place; 0 when the first `cut` hold none."""
    return next((1 / rank for rank, place in enumerate(ranked[:cut], start=1) if place in relevant), 0.0)


def sentence_figures(asked: Sequence[Judged], found: Sequence[Finding]) -> dict[str, float]:
    """Give how often the known sentence is told first, and among the first three."""
    pairs = [(_flat(judged.sentence), _told(finding)) for judged, finding in zip(asked, found, strict=True)]
    known = [(sentence, told) for sentence, told in pairs if sentence]
    if not known:
        return {}
    return {
        f"sentence_hit_at_{cut}": mean([float(any(said in one for one in told[:cut])) for said, told in known])
        for cut in (1, 3)
    }


def refusal_figures(asked: Sequence[Judged], found: Sequence[Finding]) -> dict[str, float]:
    """Give how many refusals were right, and how many unanswerable questions were refused; without any, nothing."""
    refused = {row for row, finding in enumerate(found) if isinstance(finding, Nothing | AskBack)}
    unanswerable = {row for row, judged in enumerate(asked) if not judged.answerable}
    right = len(refused & unanswerable)
    figures = {}
    if refused:
        figures["refusal_precision"] = round(right / len(refused), 4)
    if unanswerable:
        figures["refusal_recall"] = round(right / len(unanswerable), 4)
    return figures


def mean(values: Sequence[float]) -> float:
    """Give the mean to four digits; 0 of nothing."""
    return round(sum(values) / len(values), 4) if values else 0.0


def interval(values: Sequence[float]) -> tuple[float, float]:
    """Bootstrap the mean: where it lies in 95 of 100 samples drawn with replacement."""
    if not values:
        return 0.0, 0.0
    drawn = np.random.default_rng(SEED).integers(0, len(values), size=(SAMPLES, len(values)))
    means = np.asarray(values)[drawn].mean(axis=1)
    low, high = np.percentile(means, [(100 - PERCENT) / 2, (100 + PERCENT) / 2])
    return round(float(low), 4), round(float(high), 4)


def _told(finding: Finding) -> list[str]:
    return [_flat(sentence.text) for sentence in finding.sentences] if isinstance(finding, Evidence | Facts) else []


def _flat(text: str) -> str:
    return " ".join(text.split())
