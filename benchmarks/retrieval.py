"""How well and how fast passages are found: the product's own ranking over Vaswani, and over growing corpora.

Quality is measured with the real embedder. Speed is measured without embedding the question, over notes of five
tiers recombined out of real prose (`benchmarks.recombined`), each size cold (every term is new to the process)
and warm. The data lie beside the checkout and are not copied; without them there is nothing to measure.
"""

import re
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.recombined import SHARED, Standing, opened, questions, standing
from knowledge.candidates import Candidate
from knowledge.contracts import HIGHEST_TIER, TIERS
from knowledge.evaluation import Judged, figures_of, interval, mean, ndcg, ranking, read_trec
from knowledge.imported import ImportRequest
from knowledge.index_sync import matrix
from models.embedders.opening import open_embedder
from presence.bootstrap import Services, bootstrap
from presence.settings import Settings

VASWANI = SHARED / "vaswani-npl"
LETTERS = SHARED / "beethoven-letters-v1" / "13065-8.txt"
SIZES = (1_000, 10_000, 100_000)
QUESTIONS = 200
READ = 40
FILES_PER_IMPORT = 6_000
CUT = 10


def measure(kept: Path | None) -> dict[str, Any]:
    """Measure quality and speed; `kept` is a folder in which what was built waits for the next time."""
    if not SHARED.exists():
        return {"figures": {}, "ratios": {}}
    with tempfile.TemporaryDirectory() as folder:
        place = kept or Path(folder)
        quality, by_size, sentences = vaswani(place), speed(place), reading(place)
    smaller, largest = (by_size[str(size)]["tiers"] for size in SIZES[1:])
    return {
        "figures": {"vaswani": quality, "passages": by_size, "reading": sentences},
        "ratios": {
            "ndcg_over_better_arm": round(quality["ndcg_at_10"] - max(quality["by_words"], quality["by_meaning"]), 4),
            "recall_at_100k_min": min(figures["recall_at_10"] for figures in largest.values()),
            "p50_cpu_ms_at_100k": max(figures["cpu_ms_p50"] for figures in largest.values()),
            "p95_cpu_ms_at_100k": max(figures["cpu_ms_p95"] for figures in largest.values()),
            "p50_100k_vs_10k": round(largest["4"]["cpu_ms_p50"] / smaller["4"]["cpu_ms_p50"], 2),
        },
    }


def vaswani(kept: Path) -> dict[str, Any]:
    """Rank 11,429 abstracts for 93 topics, by both arms and by each alone."""
    judged = [question for question in read_trec(VASWANI, _file) if question.relevant]
    embedder = open_embedder("minilm", kept / "embedders")
    with bootstrap(Settings(home=kept / "vaswani"), embedder=embedder) as services:
        if not services.library.counts(0).documents:
            _take_abstracts_in(services)
        found = [services.search.passages(question.question, 0) for question in judged]
    both = _rankings(found, judged, attrgetter("score"))
    words = _gains(_rankings(found, judged, attrgetter("lexical")), judged)
    meaning = _gains(_rankings(found, judged, attrgetter("similarity")), judged)
    better = max(words, meaning, key=sum)
    gained = [one - other for one, other in zip(_gains(both, judged), better, strict=True)]
    figures = figures_of(both, [question.relevant for question in judged])
    arms = {"by_words": mean(words), "by_meaning": mean(meaning), "over_better_arm_interval": interval(gained)}
    return {"topics": len(judged)} | figures | arms


def _file(document: str) -> str:
    return f"{document}.txt"


def _take_abstracts_in(services: Services) -> None:
    text = (VASWANI / "corpus" / "doc-text.trec").read_text(encoding="utf-8")
    documents = re.findall(r"<DOCNO>(\d+)</DOCNO>\n(.*?)</DOC>", text, re.DOTALL)
    for start in range(0, len(documents), FILES_PER_IMPORT):
        with tempfile.TemporaryDirectory() as folder:
            for number, body in documents[start : start + FILES_PER_IMPORT]:
                (Path(folder) / _file(number)).write_text(body, encoding="utf-8")
            request = ImportRequest(Path(folder), artist="The authors", tier=0)
            services.library.import_path(request, lambda _step: None)


def _rankings(found: Sequence[Sequence[Candidate]], judged: Sequence[Judged], key: Any) -> list[list[str]]:
    """Rank what was found by one score; both arms' best are among it, so an arm alone is ranked truly."""
    ordered = (sorted(candidates, key=key, reverse=True) for candidates in found)
    return [ranking(ranked, question.relevant) for ranked, question in zip(ordered, judged, strict=True)]


def _gains(rankings: Sequence[Sequence[str]], judged: Sequence[Judged]) -> list[float]:
    return [ndcg(ranked, question.relevant) for ranked, question in zip(rankings, judged, strict=True)]


def speed(kept: Path) -> dict[str, Any]:
    """Ask the same questions of every size, at every tier."""
    asked = questions(QUESTIONS)
    embedder = standing(kept, open_embedder("minilm", kept / "embedders"), asked)
    by_size: dict[str, Any] = {}
    for size in SIZES:
        before = _memory_mb()
        with opened(kept, size, embedder) as (services, cost):
            cold, _ = _timed(partial(services.search.passages, tier=HIGHEST_TIER), asked)
            by_size[str(size)] = {
                "built": cost,
                "first_cpu_ms": round(cold[0], 2),
                "cold_cpu_ms_p50": _percentile(cold, 50),
                "cold_cpu_ms_p95": _percentile(cold, 95),
                "tiers": {str(tier): _of_tier(services, embedder, asked, tier) for tier in TIERS},
                "memory_more_mb": round(_memory_mb() - before),
            }
    return by_size


def reading(kept: Path) -> dict[str, float]:
    """Find whole answers in a book of letters: what choosing sentences costs, first time and again."""
    embedder = open_embedder("minilm", kept / "embedders")
    with bootstrap(Settings(home=kept / "letters"), embedder=embedder) as services:
        if not services.library.counts(0).documents:
            request = ImportRequest(LETTERS, artist="Ludwig van Beethoven", tier=0)
            services.library.import_path(request, lambda _step: None)
        asked = questions(QUESTIONS)[:READ]
        first, _ = _timed(partial(services.search.find, tier=0), asked)
        again, _ = _timed(partial(services.search.find, tier=0), asked)
        ranked, _ = _timed(partial(services.search.passages, tier=0), asked)
    return {
        "first_cpu_ms_p50": _percentile(first, 50),
        "again_cpu_ms_p50": _percentile(again, 50),
        "ranking_cpu_ms_p50": _percentile(ranked, 50),
    }


def _of_tier(services: Services, embedder: Standing, asked: Sequence[str], tier: int) -> dict[str, float]:
    cpu, wall = _timed(partial(services.search.passages, tier=tier), asked)
    return {
        "cpu_ms_p50": _percentile(cpu, 50),
        "cpu_ms_p95": _percentile(cpu, 95),
        "wall_ms_p50": _percentile(wall, 50),
        "wall_ms_p95": _percentile(wall, 95),
        "recall_at_10": _recall(services, embedder, asked, tier),
    }


def _timed(search: Callable[[str], object], asked: Sequence[str]) -> tuple[list[float], list[float]]:
    """Give CPU and wall milliseconds of each search; all threads of this process count."""
    cpus, walls = [], []
    for question in asked:
        wall, cpu = time.perf_counter(), time.process_time()
        search(question)
        cpus.append(1_000 * (time.process_time() - cpu))
        walls.append(1_000 * (time.perf_counter() - wall))
    return cpus, walls


def _recall(services: Services, embedder: Standing, asked: Sequence[str], tier: int) -> float:
    """Compare the nearest ten of the index with the nearest ten by exact search over what the tier may read."""
    with services.database.reader(tier) as reader:
        rows = reader.exec_driver_sql("SELECT id, vector FROM passages").all()
    vectors, shares = matrix([row.vector for row in rows]), []
    for question, vector in zip(asked, embedder.embed(asked), strict=True):
        similarities = vectors @ vector
        least = np.partition(similarities, -CUT)[-CUT]
        near = {rows[int(row)].id for row in np.flatnonzero(similarities >= least - 1e-6)}  # equally near is as good
        best = sorted(services.search.passages(question, tier), key=attrgetter("similarity"), reverse=True)[:CUT]
        if best:  # a question of stop words alone is not searched
            shares.append(sum(candidate.passage.ident in near for candidate in best) / CUT)
    return mean(shares)


def _percentile(values: Sequence[float], share: int) -> float:
    return round(float(np.percentile(values, share)), 2)


def _memory_mb() -> float:
    found = re.search(r"VmRSS:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(found[1]) / 1_024 if found else 0.0
