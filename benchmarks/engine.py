"""What the engine saves against llama-cpp-python's own `Llama`, and against llama.cpp's own server where it is installed.

Models of random weights in real shapes: speed is real, text is not. Every ratio has both sides in this one run, on the
same build; CPU seconds are of this process, all threads.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.shapes import SMALL, vocabulary_file, write_shape
from models.engine.contracts import Request, Room, Sampling, Savings
from models.engine.engine import Engine
from models.engine.weights import Weights

THREADS = min(2, os.cpu_count() or 1)
ANSWER_TOKENS = 48
PREFIX, CONTEXT, QUESTION = 600, 300, 30
PERSONAS = 2
LISTENERS = 4
ROUNDS = 3
ROOM = Room(threads=THREADS)


def measure() -> dict[str, Any]:
    """Decode, sharing, second turn; the median of alternated rounds."""
    with tempfile.TemporaryDirectory() as folder:
        model = write_shape(Path(folder) / "small.gguf", SMALL, vocabulary_file("qwen2"))
        decode = _decode(model)
        shared = _sharing(model)
        return {
            "model": f"random weights, shape of {SMALL.name}, Q4_0, {THREADS} threads",
            "figures": {**decode, **shared, **_second_turn(model)},
            "ratios": {
                **{
                    f"decode_{basis}_vs_serial_at_{n}": round(
                        decode[f"tokens_per_{basis}_at_{n}"] / decode[f"serial_per_{basis}"], 2
                    )
                    for n in (4, 8)
                    for basis in ("s", "cpu_s")
                },
                "prefill_cpu_shared_vs_not": round(shared["prefill_cpu_s_shared"] / shared["prefill_cpu_s_alone"], 2),
            },
        }


def _decode(model: Path) -> dict[str, float]:
    """Tokens per second, decode only: serial `Llama`, then the engine with 4 and 8 listeners, alternated."""
    from llama_cpp import Llama

    figures: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        serial = Llama(str(model), n_ctx=2_048, n_threads=THREADS, n_threads_batch=THREADS, verbose=False)
        serial.eval(_some_tokens(0, 8))
        wall, cpu = _timed(lambda: _serial_answer(serial))
        figures.setdefault("serial_per_s", []).append(ANSWER_TOKENS / wall)
        figures.setdefault("serial_per_cpu_s", []).append(ANSWER_TOKENS / cpu)
        serial.close()
        for listeners in (4, 8):
            engine = Engine(Weights(model), ROOM)
            wall, cpu = _timed(lambda e=engine, n=listeners: _all(e, [_request(seed, 2, e) for seed in range(n)]))  # type: ignore[misc]
            figures.setdefault(f"tokens_per_s_at_{listeners}", []).append(listeners * ANSWER_TOKENS / wall)
            figures.setdefault(f"tokens_per_cpu_s_at_{listeners}", []).append(listeners * ANSWER_TOKENS / cpu)
            engine.close()
    return {name: round(statistics.median(values), 1) for name, values in figures.items()}


def _serial_answer(model: Any) -> None:
    for count, _token in enumerate(model.generate(_some_tokens(0, 2), temp=0.0), start=1):
        if count == ANSWER_TOKENS:
            return


def _sharing(model: Path) -> dict[str, float]:
    """Four listeners, two personas alternating: what reading their prompts costs, shared and not."""
    found: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        for name, savings in (("shared", Savings()), ("alone", Savings(prefixes=False, conversations=False))):
            engine = Engine(Weights(model), ROOM, savings)
            requests = [_persona_request(number) for number in range(LISTENERS)]
            for request in requests[:PERSONAS]:
                _all(engine, [replace(request, tokens=request.tokens[:PREFIX], sampling=Sampling(0))])
            read, (_, cpu) = (
                engine.tokens_read,
                _timed(lambda e=engine: _all(e, [replace(r, sampling=Sampling(0)) for r in requests])),
            )  # type: ignore[misc]
            found.setdefault(f"prefill_cpu_s_{name}", []).append(cpu)
            found.setdefault(f"prefill_tokens_{name}", []).append(engine.tokens_read - read)
            first = _first_tokens(engine, [_persona_request(10 + number, engine) for number in range(LISTENERS)])
            found.setdefault(f"first_token_s_{name}", []).append(statistics.mean(first))
            engine.close()
    return {name: round(statistics.median(values), 2) for name, values in found.items()}


def _second_turn(model: Path) -> dict[str, float]:
    """How many tokens a second turn reads, after three others spoke between."""
    engine = Engine(Weights(model), ROOM)
    first = replace(_persona_request(1, engine), conversation="mine")
    _all(engine, [first])
    for other in range(2, 5):
        _all(engine, [replace(_persona_request(other, engine), conversation=f"other {other}")])
    second = replace(first, tokens=(*first.tokens, *_some_tokens(99, QUESTION)))
    stream = engine.submit(second)
    list(stream)
    engine.close()
    return {
        "second_turn_tokens": len(second.tokens),
        "second_turn_read": stream.counts.read,
        "second_turn_new": QUESTION,
    }


def _first_tokens(engine: Engine, requests: Sequence[Request]) -> list[float]:
    def listen(request: Request) -> float:
        began, first = time.perf_counter(), 0.0
        for _piece in engine.submit(request):
            first = first or time.perf_counter() - began
        return first

    with ThreadPoolExecutor(len(requests)) as threads:
        return list(threads.map(listen, requests))


def _all(engine: Engine, requests: Sequence[Request]) -> None:
    with ThreadPoolExecutor(len(requests)) as threads:
        list(threads.map(lambda request: list(engine.submit(request)), requests))


def _persona_request(number: int, engine: Engine | None = None) -> Request:
    persona = number % PERSONAS
    tokens = (*_some_tokens(1_000 + persona, PREFIX), *_some_tokens(number, CONTEXT + QUESTION))
    return Request(tokens, _sampling(engine), PREFIX, tier=persona)


def _request(seed: int, length: int, engine: Engine) -> Request:
    return Request(_some_tokens(seed, length), _sampling(engine))


def _sampling(engine: Engine | None) -> Sampling:
    """So many tokens in any case: no token may end the answer."""
    if engine is None:
        return Sampling(ANSWER_TOKENS)
    ends = [token for token in range(engine.weights.vocabulary) if engine.weights.ends(token)]
    return Sampling(ANSWER_TOKENS, logit_bias=dict.fromkeys(ends, -1e9))


def _some_tokens(seed: int, count: int) -> tuple[int, ...]:
    return tuple(int(token) for token in np.random.default_rng(seed).integers(1_000, 90_000, count))


def _timed(deed: Callable[[], Any]) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    deed()
    return time.perf_counter() - wall, time.process_time() - cpu
