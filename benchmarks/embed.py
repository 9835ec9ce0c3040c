"""What embedding costs: the fast form against plain sentence-transformers, the same chunks, one thread, in one run.

CPU seconds of a thread's own process, forms alternating, medians; start and memory in processes of their own.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from models.embedders.contracts import Embedder
from models.embedders.likeness import likeness
from models.embedders.opening import open_embedder
from models.embedders.plain import PlainForm
from models.embedders.weights import minilm_weights
from presence.cli.demo import MATERIAL

CHUNKS = 64
WORDS_PER_CHUNK = 122  # about 150 word pieces
ROUNDS = 5
QUERIES = 24

_START = """
import sys, time
began = time.process_time()
import psutil
from pathlib import Path
if sys.argv[1] == "fast":
    from models.embedders.opening import open_embedder
    embedder = open_embedder("minilm", Path(sys.argv[2]))
else:
    from models.embedders.minilm import MiniLmEmbedder
    embedder = MiniLmEmbedder()
embedder.embed(["one question"])
print(time.process_time() - began, psutil.Process().memory_info().rss / 2**20)
"""


def measure() -> dict[str, Any]:
    """Measure both forms side by side."""
    with tempfile.TemporaryDirectory() as folder:
        made = time.perf_counter()
        fast = open_embedder("minilm", Path(folder))
        made = time.perf_counter() - made
        plain = PlainForm(minilm_weights())
        figures = {"fast": _figures("fast", folder), "plain": _figures("plain", folder)}
        chunks = chunks_of_notes()
        rates = _alternated(fast, plain, lambda form: CHUNKS / _cpu_s(form, chunks))
        queries = _alternated(fast, plain, lambda form: 1000 * _cpu_s_each(form, questions()))
        alike = likeness(plain.embed(chunks), fast.embed(chunks))
    for name in figures:
        figures[name] |= {"documents_per_cpu_s": round(rates[name], 1), "query_cpu_ms": round(queries[name], 2)}
    return {
        "figures": {"form": fast.form, "chunks": CHUNKS, "making_wall_s": round(made, 1), **figures},
        "ratios": {
            "documents_per_cpu_s": round(rates["fast"] / rates["plain"], 2),
            "query_cpu": round(queries["plain"] / queries["fast"], 2),
            "start_cpu": round(figures["plain"]["start_cpu_s"] / figures["fast"]["start_cpu_s"], 1),
            "rss": round(figures["plain"]["rss_mib"] / figures["fast"]["rss_mib"], 2),
            "cosine_min": round(alike.cosine_min, 6),
            "common_neighbours": round(alike.overlap_mean, 4),
        },
    }


def chunks_of_notes() -> list[str]:
    """Cut the demo artist's notes into chunks of unequal length."""
    words = " ".join(file.read_text(encoding="utf-8") for file in sorted(MATERIAL.rglob("*.md"))).split()
    starts = [place * 71 % (len(words) - 2 * WORDS_PER_CHUNK) for place in range(CHUNKS)]
    lengths = [WORDS_PER_CHUNK * (50 + place * 37 % 100) // 100 for place in range(CHUNKS)]
    return [" ".join(words[start : start + length]) for start, length in zip(starts, lengths, strict=True)]


def questions() -> list[str]:
    """Give short texts, as listeners ask."""
    return [f"What happened on the way to concert number {number * number}?" for number in range(QUERIES)]


def _alternated(fast: Embedder, plain: Embedder, figure: Callable[[Embedder], float]) -> dict[str, float]:
    figure(fast), figure(plain)  # the first time is warming up
    rounds = [(figure(fast), figure(plain)) for _ in range(ROUNDS)]
    return {"fast": statistics.median(f for f, _ in rounds), "plain": statistics.median(p for _, p in rounds)}


def _cpu_s(form: Embedder, texts: Sequence[str]) -> float:
    began = time.process_time()
    form.embed(texts)
    return time.process_time() - began


def _cpu_s_each(form: Embedder, texts: Sequence[str]) -> float:
    return statistics.median(_cpu_s(form, [text]) for text in texts)


def _figures(form: str, cache: str) -> dict[str, float]:
    starts = []
    for _ in range(3):
        command = [sys.executable, "-c", _START, form, cache]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        starts.append([float(word) for word in told.split()])
    cpu_s, rss_mib = (statistics.median(column) for column in zip(*starts, strict=True))
    return {"start_cpu_s": round(cpu_s, 2), "rss_mib": round(rss_mib)}


if __name__ == "__main__":
    print(json.dumps(measure()))
