"""What the engine saves against llama-cpp-python's own `Llama`, and against itself with a single listener.

Models of random weights in a real shape: speed is real, text is not. Both sides of every ratio are from this one
run, on the same build.
"""

import statistics
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.listening import (
    ANSWER,
    PERSONAS,
    PREFIX,
    QUESTION,
    ROOM,
    THREADS,
    Spent,
    all_at_once,
    endless,
    opened,
    persona_tokens,
    some_tokens,
    spent,
)
from benchmarks.shapes import SMALL, shape_file, shelf
from models.engine.contracts import Request, Sampling, Savings
from models.engine.engine import Engine

COMPANIES = (1, 4, 8)
LISTENERS = 4
ROUNDS = 2
LONG, LONG_ANSWER = 300, 16
READ_ONLY = Sampling(0)


def measure(source: Path | None, models: Path | None) -> dict[str, Any]:
    """Decode, sharing, second turn, flash attention."""
    with shelf(models) as folder:
        model = shape_file(folder, SMALL, source)
        figures = {**_decode(model), **_sharing(model), **_second_turn(model), **_flash_attention(model)}
    return {
        "model": f"random weights, shape of {SMALL.name}, Q4_0, {THREADS} threads",
        "figures": figures,
        "ratios": {
            **{
                f"decode_per_{of}_{count}_vs_{base}": round(
                    figures[f"{count}_per_{of}"] / figures[f"{base}_per_{of}"], 2
                )
                for base in ("serial", "1")
                for count in (4, 8)
                for of in ("s", "cpu_s")
            },
            "prefill_cpu_shared_vs_alone": round(figures["prefill_cpu_s_shared"] / figures["prefill_cpu_s_alone"], 2),
            "flash_prefill_cpu": round(figures["long_prefill_cpu_s_flash"] / figures["long_prefill_cpu_s_plain"], 2),
            "flash_decode_cpu": round(figures["long_decode_cpu_s_flash"] / figures["long_decode_cpu_s_plain"], 2),
        },
    }


def _decode(model: Path) -> dict[str, float]:
    """Tokens written per second: serial `Llama`, then the engine with company, alternated."""
    rates: dict[str, list[float]] = {}

    def keep(name: str, tokens: int, took: Spent) -> None:
        rates.setdefault(f"{name}_per_s", []).append(tokens / took.wall_s)
        rates.setdefault(f"{name}_per_cpu_s", []).append(tokens / took.cpu_s)

    for _ in range(ROUNDS):
        keep("serial", ANSWER, _serial(model))
        with opened(model) as engine:
            sampling = endless(engine)
            for count in COMPANIES:
                requests = [Request(some_tokens(seed, 2), sampling) for seed in range(count)]
                keep(str(count), count * ANSWER, spent(_listening(engine, requests)))
    return {name: round(statistics.median(values), 1) for name, values in rates.items()}


def _serial(model: Path) -> Spent:
    from llama_cpp import Llama

    llama = Llama(str(model), n_ctx=2_048, n_threads=THREADS, n_threads_batch=THREADS, verbose=False)
    llama.eval(some_tokens(0, 8))
    tokens = llama.generate(some_tokens(0, 2), temp=0.0)
    took = spent(lambda: [next(tokens) for _ in range(ANSWER)])
    llama.close()
    return took


def _sharing(model: Path) -> dict[str, float]:
    """Four listeners, two personas alternating: what reading their prompts costs, shared and not."""
    found: dict[str, float] = {}
    for name, savings in (("shared", Savings()), ("alone", Savings(prefixes=False, conversations=False))):
        with opened(model, ROOM, savings) as engine:
            requests = [_of_a_persona(number, READ_ONLY) for number in range(LISTENERS)]
            if savings.prefixes:
                all_at_once(
                    engine, [replace(request, tokens=request.tokens[:PREFIX]) for request in requests[:PERSONAS]]
                )
            before = engine.tokens_read
            found[f"prefill_cpu_s_{name}"] = round(spent(_listening(engine, requests)).cpu_s, 2)
            found[f"prefill_tokens_{name}"] = engine.tokens_read - before
    return found


def _second_turn(model: Path) -> dict[str, float]:
    """How many tokens a second turn reads, after three others spoke between."""
    with opened(model) as engine:
        sampling = endless(engine, 8)
        first = replace(_of_a_persona(1, sampling), conversation="mine")
        all_at_once(engine, [first])
        others = [replace(_of_a_persona(other, sampling), conversation=f"{other}") for other in range(2, 5)]
        all_at_once(engine, others)
        second = replace(first, tokens=(*first.tokens, *some_tokens(99, QUESTION)))
        stream = engine.submit(second)
        list(stream)
    return {
        "second_turn_tokens": len(second.tokens),
        "second_turn_read": stream.counts.read,
        "second_turn_new": QUESTION,
    }


def _flash_attention(model: Path) -> dict[str, float]:
    """Four long contexts with and without flash attention, which stays off since answers then differ in company."""
    found: dict[str, float] = {}
    for name, flash in (("plain", False), ("flash", True)):
        with opened(model, replace(ROOM, flash_attention=flash)) as engine:
            prompts = [some_tokens(seed, LONG) for seed in range(LISTENERS)]
            reading = [Request(prompt, READ_ONLY, LONG - 1) for prompt in prompts]
            found[f"long_prefill_cpu_s_{name}"] = round(spent(_listening(engine, reading)).cpu_s, 2)
            writing = [Request(prompt, endless(engine, LONG_ANSWER), LONG - 1) for prompt in prompts]
            found[f"long_decode_cpu_s_{name}"] = round(spent(_listening(engine, writing)).cpu_s, 2)
    return found


def _listening(engine: Engine, requests: list[Request]) -> Callable[[], object]:
    return lambda: all_at_once(engine, requests)


def _of_a_persona(number: int, sampling: Sampling) -> Request:
    return Request(persona_tokens(number), sampling, PREFIX, tier=number % PERSONAS)
