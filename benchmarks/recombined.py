"""Corpora of any size out of real prose: sentences of the shared data, recombined into notes of five tiers.

Words are therefore spread as real words are. Vectors are a stand-in: a passage's vector is the mean of its
sentences' real ones, so that the space has a real shape without days of embedding. What is built is kept in a
folder, and used again when its size and recipe are the same.
"""

import json
import random
import re
import resource
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from knowledge.contracts import TIERS, Embedder, Vectors
from knowledge.imported import ImportRequest
from knowledge.tiering import TIER_NAMES
from presence.bootstrap import Services, bootstrap
from presence.settings import Settings

SHARED = Path(__file__).parents[2] / "shared" / "data"
RECIPE = "1"
SENTENCES_PER_PASSAGE = (2, 4)
PASSAGES_PER_NOTE = 10
_WORDS = (8, 40)
_YEARS = (1999, 2025)


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """An embedder of known sentences: the mean of their vectors, line by line; questions are known, too."""

    known: dict[str, int]
    vectors: Vectors
    name: str = field(default=f"recombined-{RECIPE}")
    dimension: int = field(default=384)

    def embed(self, texts: Sequence[str]) -> Vectors:
        rows = [self._mean(text) for text in texts]
        return np.stack(rows) if rows else np.zeros((0, self.dimension), dtype=np.float32)

    def _mean(self, text: str) -> Vectors:
        lines = [self.known[line] for line in text.split("\n") if line in self.known]
        mean = self.vectors[lines].sum(axis=0) if lines else np.eye(1, self.dimension, dtype=np.float32)[0]
        unit: Vectors = (mean / np.linalg.norm(mean)).astype(np.float32)
        return unit


def sentences() -> list[str]:
    """Give the sentences of the shared prose, each once, in a fixed order."""
    letters = (SHARED / "beethoven-letters-v1" / "13065-8.txt").read_text(encoding="latin-1")
    pages = [file.read_text(encoding="utf-8") for file in sorted((SHARED / "artist-site").rglob("*.md"))]
    abstracts = re.findall(r"</DOCNO>\n(.*?)</DOC>", _abstracts().read_text(encoding="utf-8"), re.DOTALL)
    cut = [piece for text in [letters, *pages] for piece in re.split(r"(?<=[.!?])\s+|\n\s*\n", text)]
    cut += [piece for text in abstracts for piece in re.split(r"\s{2,}(?=\S)", text.replace("\n", " "))]
    flat = (re.sub(r"[^\w ,.;:'’?!-]", "", " ".join(piece.split())).strip(" .,;:-") for piece in cut)
    said = (f"{piece[:1].upper()}{piece[1:]}." for piece in flat if _WORDS[0] <= len(piece.split()) <= _WORDS[1])
    return list(dict.fromkeys(said))


def _abstracts() -> Path:
    return SHARED / "vaswani-npl" / "corpus" / "doc-text.trec"


def questions(count: int) -> list[str]:
    """Give questions of three to six words that stand together in some sentence."""
    choose, asked = random.Random(3), list[str]()
    for sentence in choose.sample(sentences(), count):
        words = sentence.strip(".").split()
        start = choose.randrange(max(1, len(words) - 8))
        asked.append(f"What about {' '.join(words[start : start + choose.randint(5, 9)])}?")
    return asked


def standing(kept: Path, embedder: Embedder, asked: Sequence[str]) -> Standing:
    """Give the stand-in, with the real vectors of all sentences and questions; they are made once."""
    texts = [*sentences(), *asked]
    file = kept / f"sentences-{RECIPE}.npy"
    if not file.exists() or np.load(file, mmap_mode="r").shape[0] != len(texts):
        kept.mkdir(parents=True, exist_ok=True)
        np.save(file, np.concatenate([embedder.embed(texts[n : n + 64]) for n in range(0, len(texts), 64)]))
    return Standing({text: row for row, text in enumerate(texts)}, np.load(file))


@contextmanager
def opened(kept: Path, passages: int, embedder: Standing) -> Iterator[tuple[Services, dict[str, float]]]:
    """Open the corpus of this size, built when it is not there yet; with what building it cost."""
    home = kept / f"corpus-{RECIPE}-{passages}"
    cost = home / "cost.json"
    with bootstrap(Settings(home=home), embedder=embedder) as services:
        if not cost.exists():
            cost.write_text(json.dumps(_built(services, passages, embedder)))
        yield services, json.loads(cost.read_text())


def _built(services: Services, passages: int, embedder: Standing) -> dict[str, float]:
    """Take the notes in as any other, tier by tier, evenly over the five."""
    wall, cpu, taken = time.perf_counter(), cpu_s(), 0
    for tier in TIERS:
        with tempfile.TemporaryDirectory() as folder:
            _write_notes(Path(folder), tier, passages // len(TIERS))
            request = ImportRequest(Path(folder), artist="The artist", tier=tier)
            taken += services.library.import_path(request, lambda _step: None).passages
    wall, cpu = time.perf_counter() - wall, cpu_s() - cpu
    return {
        "passages": taken,
        "wall_s": round(wall, 1),
        "cpu_s": round(cpu, 1),
        "passages_per_cpu_s": round(taken / cpu, 1),
    }


def _write_notes(folder: Path, tier: int, passages: int) -> None:
    said, choose = sentences(), random.Random(tier)
    for number in range(0, passages, PASSAGES_PER_NOTE):
        date = f"{choose.randint(*_YEARS)}-{choose.randint(1, 12):02}-{choose.randint(1, 28):02}"
        head = f"---\ntitle: {_title(said, choose)}\ndate: {date}\ntier: {TIER_NAMES[tier]}\n---\n"
        count = min(PASSAGES_PER_NOTE, passages - number)
        parts = (_part(said, choose) for _ in range(count))
        (folder / f"note-{tier}-{number}.md").write_text(head + "\n".join(parts), encoding="utf-8")


def _part(said: list[str], choose: random.Random) -> str:
    body = "\n".join(choose.sample(said, choose.randint(*SENTENCES_PER_PASSAGE)))
    return f"## {_title(said, choose)}\n\n{body}\n"


def _title(said: list[str], choose: random.Random) -> str:
    return " ".join(re.findall(r"[A-Za-z]{4,}", choose.choice(said))[:3]) or "Untitled"


def cpu_s() -> float:
    """CPU of this process and of those that it has waited for: parsers are processes of their own."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime
