"""Prompt lookup on and off: where guessing what stood in the prompt pays, and where it costs.

Three kinds of answer at one and at two listeners, always the same tokens with and without. Quotations are dictated,
since random weights would not write them; `guessed` says how often guessing was tried and right.
"""

import random
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.listening import ROOM, dictated, endless, opened, spent
from benchmarks.pointing import prompt_of_notes
from benchmarks.shapes import SMALL, shape_file, shelf
from models import Prompt
from models.engine.answers import Stream
from models.engine.chat import Chat
from models.engine.contracts import Request, Sampling, Savings
from models.engine.engine import Engine
from models.grammar import Pointing

TOKENS = 64
SENTENCES = 6


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of answer: how it is asked for, and what is dictated."""

    name: str
    sampling: Callable[[Engine, Prompt, int], Sampling]
    dictation: Callable[[Engine, Prompt], list[int]] | None = None


def _quotation(engine: Engine, prompt: Prompt) -> list[int]:
    lines = prompt.user.split("\n")[1:]
    return engine.weights.tokens("\n".join(lines))[:TOKENS]


KINDS = (
    Kind("quotation", lambda _engine, _prompt, seed: Sampling(TOKENS, seed=seed), _quotation),
    Kind("pointing", lambda _engine, _prompt, _seed: Sampling(TOKENS, grammar=Pointing(range(1, SENTENCES + 1), 4))),
    Kind("free", lambda engine, _prompt, _seed: endless(engine, TOKENS)),
)


def measure(source: Path | None, models: Path | None) -> dict[str, Any]:
    """Measure both ways, alternated."""
    figures: dict[str, float] = {}
    with shelf(models) as folder:
        model = shape_file(folder, SMALL, source)
        for way in ("off", "on"):
            with opened(model, ROOM, Savings(lookup=way == "on")) as engine:
                for name, figure in _all_kinds(engine):
                    figures[f"{name}_{way}"] = figure
    ratios = {
        name.removesuffix("_on"): round(figure / figures[f"{name.removesuffix('_on')}_off"], 2)
        for name, figure in figures.items()
        if name.endswith("_ms_per_token_on")
    }
    return {"figures": figures, "ratios": ratios}


def _all_kinds(engine: Engine) -> Iterator[tuple[str, float]]:
    chat = Chat(engine.weights)
    prompts = [prompt_of_notes(random.Random(seed), SENTENCES) for seed in range(2)]
    for kind in KINDS:
        for count in (1, 2):
            name = f"{kind.name}_{count}"
            requests = [
                Request(tuple(chat.tokens(prompt)), kind.sampling(engine, prompt, seed), len(chat.tokens(prompt)) - 1)
                for seed, prompt in enumerate(prompts[:count])
            ]
            texts = {seed: kind.dictation(engine, prompt) for seed, prompt in enumerate(prompts) if kind.dictation}
            forced: AbstractContextManager[None] = dictated(texts) if texts else nullcontext()
            for request in requests:  # the prompt is kept, so that only writing is measured
                list(engine.submit(Request(request.tokens, Sampling(0), request.prefix)))
            streams: list[Stream] = []
            with forced:
                took = spent(_listening(engine, requests, streams))
            written = sum(stream.counts.written for stream in streams)
            yield f"{name}_cpu_ms_per_token", round(1_000 * took.cpu_s / written, 1)
            yield f"{name}_wall_ms_per_token", round(1_000 * took.wall_s / written, 1)
            yield f"{name}_guessed", sum(stream.counts.guessed for stream in streams)
            yield f"{name}_guessed_right", sum(stream.counts.guessed_right for stream in streams)


def _listening(engine: Engine, requests: list[Request], streams: list[Stream]) -> Callable[[], None]:
    def listen() -> None:
        streams.extend(engine.submit(request) for request in requests)
        for stream in streams:
            list(stream)

    return listen
