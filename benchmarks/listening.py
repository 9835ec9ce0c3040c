"""Listeners of the engine and what they cost; several benchmarks are made of this."""

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from models.engine.contracts import Request, Room, Sampling, Savings
from models.engine.engine import Engine
from models.engine.sampling import Sampler
from models.engine.weights import Weights

THREADS = min(2, os.cpu_count() or 1)
ROOM = Room(threads=THREADS)
PREFIX, CONTEXT, QUESTION, ANSWER = 600, 300, 30, 48  # tokens
PERSONAS = 2
_NEVER = -1e9


@dataclass(frozen=True, slots=True)
class Spent:
    """What something took; CPU seconds are of this process, all threads."""

    wall_s: float
    cpu_s: float


def spent(deed: Callable[[], Any]) -> Spent:
    """Do it and tell what it took."""
    wall, cpu = time.perf_counter(), time.process_time()
    deed()
    return Spent(time.perf_counter() - wall, time.process_time() - cpu)


@contextmanager
def opened(model: Path, room: Room = ROOM, savings: Savings | None = None) -> Iterator[Engine]:
    """Open an engine for as long as it is measured."""
    engine = Engine(Weights(model), room, savings)
    try:
        yield engine
    finally:
        engine.close()


def all_at_once(engine: Engine, requests: Sequence[Request]) -> list[float]:
    """Let everybody listen to the end; gives the seconds to each one's first piece of text."""

    def listen(request: Request) -> float:
        began, first = time.perf_counter(), 0.0
        for _piece in engine.submit(request):
            first = first or time.perf_counter() - began
        return first

    with ThreadPoolExecutor(len(requests)) as threads:
        return list(threads.map(listen, requests))


def some_tokens(seed: int, count: int) -> tuple[int, ...]:
    """Give tokens of the middle of the vocabulary, the same for the same seed."""
    return tuple(int(token) for token in np.random.default_rng(seed).integers(1_000, 90_000, count))


def persona_tokens(number: int, *, turn: int = 0) -> tuple[int, ...]:
    """Give a listener's prompt: the words of a persona that others hear too, then what nobody else asks."""
    return (*some_tokens(1_000 + number % PERSONAS, PREFIX), *some_tokens(100 * turn + number, CONTEXT + QUESTION))


def endless(engine: Engine, tokens_max: int = ANSWER) -> Sampling:
    """So many tokens in any case: no token may end the answer."""
    ends = [token for token in range(engine.weights.vocabulary) if engine.weights.ends(token)]
    return Sampling(tokens_max, logit_bias=dict.fromkeys(ends, _NEVER))


@contextmanager
def dictated(texts: Mapping[int, Sequence[int]]) -> Iterator[None]:
    """Make every answer write the tokens that belong to its seed, as a trained model might have chosen.

    A grammar that allows a single token would do the same, but random weights never like that token, and looking
    through the whole vocabulary for it would be most of what is measured.
    """
    written: dict[int, int] = {}

    def choose(sampler: Sampler, logits: Any) -> int:
        seed = sampler.sampling.seed
        logits.argmax()
        at = written.setdefault(id(sampler), 0)
        written[id(sampler)] = at + 1
        return texts[seed][at]

    with patch.object(Sampler, "choose", choose):
        yield
