"""The same engine built three ways: portable, native where there is one, and the ready-made server.

Tokens per second and per CPU second, each build in a process of its own, taking turns.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.listening import THREADS, Spent, some_tokens, spent
from benchmarks.served import Served, served
from benchmarks.shapes import MEDIUM, SMALL, Shape, shape_file, shelf
from models.builds import OPENMP

READ, WRITTEN = 512, 48
ROUNDS = 2
LIBRARIES = "LLAMA_CPP_LIB_PATH"

Rates = dict[str, float]


def measure(source: Path | None, models: Path | None, native: Path) -> dict[str, Any]:
    """Measure every build there is with both shapes."""
    with shelf(models) as folder:
        figures = {shape.name: _taking_turns(folder, shape, source, native) for shape in (SMALL, MEDIUM)}
    return {"figures": figures, "ratios": {name: _against_portable(found) for name, found in figures.items()}}


def _taking_turns(folder: Path, shape: Shape, source: Path | None, native: Path) -> dict[str, Rates]:
    model = shape_file(folder, shape, source)
    builds: dict[str, Callable[[], Rates]] = {"portable": lambda: _child(model, None)}
    if native.is_dir():
        builds["native"] = lambda: _child(model, native)
    builds["ready_made_server"] = lambda: _server(model)
    rounds: dict[str, list[Rates]] = {}
    for _ in range(ROUNDS):
        for name, rates in builds.items():
            rounds.setdefault(name, []).append(rates())
    return {
        name: {rate: round(statistics.median(one[rate] for one in found), 1) for rate in found[0]}
        for name, found in rounds.items()
    }


def _against_portable(found: dict[str, Rates]) -> dict[str, Rates]:
    portable = found["portable"]
    others = {name: rates for name, rates in found.items() if name != "portable"}
    return {name: {rate: round(rates[rate] / portable[rate], 2) for rate in rates} for name, rates in others.items()}


def _child(model: Path, libraries: Path | None) -> Rates:
    surroundings = {name: value for name, value in os.environ.items() if name != LIBRARIES} | OPENMP
    if libraries is not None:
        surroundings[LIBRARIES] = str(libraries.absolute())
    command = [sys.executable, "-m", __name__, str(model)]
    told = subprocess.run(command, env=surroundings, capture_output=True, check=True).stdout
    rates: Rates = json.loads(told)
    return rates


def _server(model: Path) -> Rates:
    with served(model, slots=1, cells=1_024, threads=THREADS) as server:
        server.first_token_s(some_tokens(1, 16), 2, cache=False)
        read = _of_server(server, lambda: server.first_token_s(some_tokens(2, READ), 1, cache=False))
        written = _of_server(server, lambda: server.first_token_s(some_tokens(3, 2), WRITTEN, cache=False))
    return _rates(read, written)


def _of_server(server: Served, deed: Callable[[], object]) -> Spent:
    wall, cpu = time.perf_counter(), server.cpu_s()
    deed()
    return Spent(time.perf_counter() - wall, server.cpu_s() - cpu)


def _of_engine(model: Path) -> Rates:
    from models.engine.context import Context, Row
    from models.engine.weights import Weights

    weights = Weights(model)
    context = Context(weights, cells=1_024, sequences=1, batch=READ, rows_wanted_max=1, threads=THREADS)

    def read(count: int) -> None:
        context.decode([Row(token, at, 0, at == count - 1) for at, token in enumerate(some_tokens(2, count))])

    def write() -> None:
        for at in range(WRITTEN):
            context.decode([Row(some_tokens(at, 1)[0], 2 + at, 0, wanted=True)])
            context.logits(0).argmax()

    read(16)
    context.forget(0)
    reading = spent(lambda: read(READ))
    context.forget(0)
    read(2)
    return _rates(reading, spent(write))


def _rates(read: Spent, written: Spent) -> Rates:
    return {
        "read_per_s": READ / read.wall_s,
        "read_per_cpu_s": READ / read.cpu_s,
        "written_per_s": WRITTEN / written.wall_s,
        "written_per_cpu_s": WRITTEN / written.cpu_s,
    }


if __name__ == "__main__":
    json.dump(_of_engine(Path(sys.argv[1])), sys.stdout)
