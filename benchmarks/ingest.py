"""How fast material is taken in: notes per CPU second with the real embedder, against the small one in the same run."""

import tempfile
import time
from pathlib import Path
from typing import Any

from knowledge import Embedder
from knowledge.imported import ImportRequest
from knowledge.memory import MemoryIndex
from models.embedders.hashed import HashedEmbedder
from presence.bootstrap import bootstrap
from presence.cli.demo import MATERIAL
from presence.settings import Settings


def measure() -> dict[str, Any]:
    """Take the demo material in twice, once with each embedder."""
    real, small = _taken_in(None), _taken_in(HashedEmbedder())
    return {
        "figures": {"minilm": real, "hashed": small},
        "ratios": {"embedding_share_of_cpu": round(1 - small["cpu_s"] / real["cpu_s"], 3)},
    }


def _taken_in(embedder: Embedder | None) -> dict[str, float]:
    with (
        tempfile.TemporaryDirectory() as folder,
        bootstrap(Settings(home=Path(folder) / "home"), embedder=embedder, index=MemoryIndex()) as services,
    ):
        wall, cpu = time.perf_counter(), time.process_time()
        request = ImportRequest(MATERIAL, artist="The artist", tier=0)
        report = services.library.import_path(request, lambda _step: None)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return {
        "files": len(report.files),
        "passages": report.passages,
        "wall_s": round(wall, 2),
        "cpu_s": round(cpu, 2),
        "passages_per_cpu_s": round(report.passages / cpu, 1),
    }
