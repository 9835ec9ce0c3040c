"""Four listeners, two personas alternating: the engine against llama.cpp's own server with its cache on.

The same model, threads, context and prompts; each persona was heard once before. The engine's steps are watched
too: how much of a newcomer's prompt is read in one step while somebody is being written for.
"""

import statistics
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

from benchmarks.listening import (
    ANSWER,
    PERSONAS,
    PREFIX,
    ROOM,
    THREADS,
    all_at_once,
    endless,
    opened,
    persona_tokens,
    spent,
)
from benchmarks.served import served
from benchmarks.shapes import SMALL, shape_file, shelf
from models.engine.context import Context, Row
from models.engine.contracts import Request
from models.engine.engine import Engine

LISTENERS = 4
ROUNDS = 1
BURSTS = 2
SLOTS_ROOM = replace(ROOM, answers=LISTENERS)

Figures = dict[str, list[float]]


def measure(source: Path | None, models: Path | None) -> dict[str, Any]:
    """Alternate the two; a burst is four questions at once, the second finds more in place than the first."""
    engine: Figures = {}
    server: Figures = {}
    steps = Steps()
    with shelf(models) as folder:
        model = shape_file(folder, SMALL, source)
        for _ in range(ROUNDS):
            _of_the_engine(model, engine, steps)
            _of_the_server(model, server)
    names = {
        f"{name}_{who}": found for who, of in (("engine", engine), ("server", server)) for name, found in of.items()
    }
    figures = {name: round(statistics.median(values), 2) for name, values in names.items()}
    return {
        "figures": {**figures, "newcomer_tokens_in_a_step_max": steps.most, "chunk": ROOM.chunk, "threads": THREADS},
        "ratios": {
            f"{name}_engine_vs_server": round(figures[f"{name}_engine"] / figures[f"{name}_server"], 2)
            for name in engine
        },
    }


def _of_the_engine(model: Path, found: Figures, steps: "Steps") -> None:
    with opened(model, SLOTS_ROOM) as engine:
        sampling = endless(engine)

        def request(prompt: Sequence[int], number: int) -> Request:
            return Request(tuple(prompt), sampling, PREFIX, tier=number % PERSONAS)

        for number in range(PERSONAS):
            all_at_once(engine, [request(persona_tokens(number, turn=9), number)])
        with steps.watched():
            for burst, prompts in _bursts():
                requests = [request(prompt, number) for number, prompt in enumerate(prompts)]
                first: list[float] = []
                took = spent(_listening(engine, requests, first))
                _keep(found, burst, first, took.cpu_s, took.wall_s)


def _of_the_server(model: Path, found: Figures) -> None:
    with served(model, slots=LISTENERS, cells=ROOM.cells, threads=THREADS) as server:
        for number in range(PERSONAS):
            server.first_token_s(persona_tokens(number, turn=9), ANSWER)
        for burst, prompts in _bursts():
            first: list[float] = []
            cpu_s = server.cpu_s()
            took = spent(_asking(prompts, server.first_token_s, first))
            _keep(found, burst, first, server.cpu_s() - cpu_s, took.wall_s)


def _asking(
    prompts: Sequence[Sequence[int]], ask: Callable[[Sequence[int], int], float], first: list[float]
) -> Callable[[], None]:
    def all_of_them() -> None:
        with ThreadPoolExecutor(len(prompts)) as threads:
            first.extend(threads.map(lambda prompt: ask(prompt, ANSWER), prompts))

    return all_of_them


def _listening(engine: Engine, requests: Sequence[Request], first: list[float]) -> Callable[[], None]:
    return lambda: first.extend(all_at_once(engine, requests))


def _bursts() -> Iterator[tuple[int, list[tuple[int, ...]]]]:
    for burst in range(1, BURSTS + 1):
        yield burst, [persona_tokens(number, turn=burst) for number in range(LISTENERS)]


def _keep(found: Figures, burst: int, first: list[float], cpu_s: float, wall_s: float) -> None:
    for name, figure in (("first_token_s", statistics.mean(first)), ("cpu_s", cpu_s), ("wall_s", wall_s)):
        found.setdefault(f"{name}_burst_{burst}", []).append(figure)


@dataclass
class Steps:
    """Watches what is computed together: prompts being read beside answers being written."""

    most: int = 0
    _written_to: dict[int, int] = field(default_factory=dict)

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Look at every step taken inside."""
        decode = Context.decode

        def looking(context: Context, rows: Sequence[Row]) -> int:
            self._look(rows)
            return decode(context, rows)

        with patch.object(Context, "decode", looking):
            yield

    def _look(self, rows: Sequence[Row]) -> None:
        written = [row for row in rows if self._written_to.get(row.sequence) == row.position - 1]
        read = len(rows) - len(written)
        if written:
            self.most = max(self.most, read)
        for row in rows:
            self._written_to.pop(row.sequence, None)
        self._written_to |= {row.sequence: row.position for row in rows if row.wanted}
