"""Homes of any size, made once and kept: of so many passages, or with so many entries in the ledger."""

import json
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.furnished import PRICES, do_there, settings_for
from benchmarks.prose import PASSAGES_PER_NOTE, notes, write_notes
from benchmarks.recombined import cpu_s
from benchmarks.sold import fill
from knowledge.imported import ImportRequest
from presence.bootstrap import Services, bootstrap
from presence.home import Home
from presence.settings import KnowledgeSettings, Settings
from tests.processes import PROGRAM, environment, serving

EMBEDDER = "minilm"
LISTENERS = 8
RECIPE = "1"
SIZES = (1_000, 10_000, 100_000)
NOTES_AT_ONCE = 1_000
SETTINGS = settings_for(LISTENERS, EMBEDDER)


def with_passages(kept: Path, passages: int) -> Path:
    """Give a home of so many passages, taken in as any others, a thousand notes at a time.

    It begins as the largest smaller one that is kept, and one that was broken off is gone on with.
    """
    home = _place(kept, passages)
    if not _cost(home).exists():
        shutil.rmtree(home, ignore_errors=True)
        smaller = [size for size in SIZES if size < passages and _cost(_place(kept, size)).exists()]
        _begin(home, _place(kept, max(smaller)) if smaller else None)
    while (cost := cost_of(home))["passages"] < passages:
        with bootstrap(_settings(home)) as services:
            _keep(home, _taken_in(services, cost, passages))
    return home


def with_entries(kept: Path, like: Path, entries: int) -> Path:
    """Give a home like this one, whose ledger has so many entries, and which charges from now on."""
    home = kept / f"entries-{RECIPE}-{entries}"
    if not _cost(home).exists():
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(like, home)
        with serving(home, **SETTINGS):
            do_there(home, "prices set", {"written": PRICES})
        _keep(home, {"entries": 0, "wall_s": 0.0, "cpu_s": 0.0})
    if cost_of(home)["entries"] < entries:
        with bootstrap(_settings(home)) as services:
            fill(services, entries, cost_of(home), lambda cost: _keep(home, cost))
    return home


def brought_up_to_date(home: Path) -> Path:
    """Open a home that was kept, and may be from an earlier version, and close it again."""
    with bootstrap(_settings(home)):
        return home


def cost_of(home: Path) -> dict[str, float]:
    """Say what it cost to make a home."""
    cost: dict[str, float] = json.loads(_cost(home).read_text())
    return cost


def megabytes(home: Path) -> dict[str, float]:
    """Say how large a home is, its models aside, and its two largest parts."""
    whole = sum(_size(part) for part in home.iterdir() if part != Home(home).models)
    database = sum(_size(part) for part in home.glob("presence.db*"))
    sizes = {"home_mb": whole, "database_mb": database, "vectors_mb": _size(Home(home).chroma)}
    return {name: round(size / 2**20, 1) for name, size in sizes.items()}


def _place(kept: Path, passages: int) -> Path:
    return kept / f"passages-{RECIPE}-{passages}"


def _begin(home: Path, like: Path | None) -> None:
    if like is not None:
        shutil.copytree(like, home)
        _keep(home, cost_of(like))
        return
    home.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run([PROGRAM, "init"], env=environment(home, **SETTINGS), check=True, capture_output=True)
    _keep(home, {"passages": 0, "wall_s": 0.0, "cpu_s": 0.0})


def _settings(home: Path) -> Settings:
    return Settings(home=home, knowledge=KnowledgeSettings(embedder=EMBEDDER))


def _taken_in(services: Services, cost: dict[str, float], passages: int) -> dict[str, float]:
    """Take some more notes in; give what all of them cost so far."""
    done = int(cost["passages"]) // PASSAGES_PER_NOTE
    some = notes(passages // PASSAGES_PER_NOTE)[done : done + NOTES_AT_ONCE]
    with tempfile.TemporaryDirectory() as folder:
        request = ImportRequest(write_notes(Path(folder) / "notes", some), artist="The artist", tier=0)
        wall, cpu = time.perf_counter(), cpu_s()
        services.library.import_path(request, lambda _step: None)
        wall, cpu = time.perf_counter() - wall, cpu_s() - cpu
    return {
        "passages": cost["passages"] + len(some) * PASSAGES_PER_NOTE,
        "wall_s": round(cost["wall_s"] + wall, 1),
        "cpu_s": round(cost["cpu_s"] + cpu, 1),
    }


def _cost(home: Path) -> Path:
    return home.parent / f"{home.name}.json"


def _keep(home: Path, cost: dict[str, Any]) -> None:
    _cost(home).write_text(json.dumps(cost))


def _size(path: Path) -> int:
    files = [path] if path.is_file() else path.rglob("*")
    return sum(file.stat().st_size for file in files if file.is_file())
