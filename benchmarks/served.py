"""llama.cpp's own server, ready-made, in a process of its own whose CPU time can be read."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil

PATIENCE_S = 300.0


@dataclass(frozen=True, slots=True)
class Served:
    """The server's address and its process."""

    url: str
    process: psutil.Process

    def cpu_s(self) -> float:
        """CPU seconds since it started, all threads."""
        took = self.process.cpu_times()
        return float(took.user + took.system)

    def first_token_s(self, prompt: Sequence[int], tokens_max: int, *, cache: bool = True) -> float:
        """Let it write so many tokens, and tell when the first one came."""
        wanted: dict[str, Any] = {
            "prompt": list(prompt),
            "n_predict": tokens_max,
            "cache_prompt": cache,
            "stream": True,
            "ignore_eos": True,
            "temperature": 0,
        }
        began, first = time.perf_counter(), 0.0
        with httpx.stream("POST", f"{self.url}/completion", json=wanted, timeout=PATIENCE_S) as reply:
            reply.raise_for_status()
            for line in reply.iter_lines():
                if line.startswith("data:"):
                    json.loads(line.removeprefix("data:"))
                    first = first or time.perf_counter() - began
        return first


@contextmanager
def served(model: Path, *, slots: int, cells: int, threads: int) -> Iterator[Served]:
    """Run it as long as it is needed."""
    command = [sys.executable, "-m", __name__, str(model), str(slots), str(cells), str(threads)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            assert process.stdout is not None
            url = next(line.strip() for line in process.stdout if line.startswith("http"))
            yield Served(url, psutil.Process(process.pid))
        finally:
            process.kill()


def _serve(model: str, slots: int, cells: int, threads: int) -> None:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = model
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.n_ctx = cells
    params.n_parallel = slots
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
    params.n_gpu_layers = 0
    server = xllamacpp.Server(params)
    sys.stdout.write(f"{server.listening_address}\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    _serve(sys.argv[1], *(int(word) for word in sys.argv[2:5]))
