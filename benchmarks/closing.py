"""Closes engines at random moments, here and in processes that get SIGTERM, and tells when they were gone."""

import random
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

from benchmarks.listening import ROOM, endless, some_tokens
from benchmarks.shapes import SMALL, shape_file, shelf
from models.engine.contracts import Request
from models.engine.engine import Engine
from models.engine.weights import Weights
from models.errors import ModelError

TIMES = 30
LATEST_S = 1.5
PROMPT_TOKENS = 600
LISTENERS = 4


def closings(tiny: Path, source: Path | None, models: Path | None) -> dict[str, float | int]:
    """Close tiny engines here, and processes that read with a model of real shape; gives the longest in seconds."""
    chance = random.Random(1)
    here = [_closed_here(tiny, chance.random() * LATEST_S / 5) for _ in range(TIMES)]
    with shelf(models) as folder:
        model = shape_file(folder, SMALL, source)
        terminated = [_terminated(model, chance.random() * LATEST_S) for _ in range(TIMES)]
    return {
        "closed": len(here),
        "close_s_max": round(max(here), 3),
        "terminated": len(terminated),
        "sigterm_to_exit_s_max": round(max(seconds for seconds, _ in terminated), 3),
        "terminated_badly": sum(code != 0 for _, code in terminated),
    }


def _closed_here(model: Path, after_s: float) -> float:
    engine = Engine(Weights(model), ROOM)
    listeners = _listeners(engine, tokens_from=259, tokens_to=350)
    time.sleep(after_s)
    began = time.perf_counter()
    engine.close()
    for listener in listeners:
        listener.join()
    return time.perf_counter() - began


def _terminated(model: Path, after_s: float) -> tuple[float, int]:
    command = [sys.executable, "-m", __name__, str(model)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(after_s)
        began = time.perf_counter()
        process.terminate()
        try:
            code = process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            code = -1
        return time.perf_counter() - began, code


def _listeners(engine: Engine, *, tokens_from: int = 1_000, tokens_to: int = 90_000) -> list[threading.Thread]:
    def listen(seed: int) -> None:
        tokens = tuple(tokens_from + token % (tokens_to - tokens_from) for token in some_tokens(seed, PROMPT_TOKENS))
        with suppress(ModelError):
            list(engine.submit(Request(tokens, endless(engine, 400))))

    listeners = [threading.Thread(target=listen, args=(seed,), daemon=True) for seed in range(LISTENERS)]
    for listener in listeners:
        listener.start()
    return listeners


def _child(model: Path) -> None:
    ending = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ending.set())
    engine = Engine(Weights(model), ROOM)
    listeners = _listeners(engine)
    sys.stdout.write("reading\n")
    sys.stdout.flush()
    while not ending.wait(0.02):
        pass
    engine.close()
    for listener in listeners:
        listener.join()


if __name__ == "__main__":
    _child(Path(sys.argv[1]))
