"""A full room: listeners who ask at the same time, over HTTP, at a node that charges.

A real `presence serve` with the quoting writer, on SQLite or, with `--stores server`, on PostgreSQL and a Chroma
server. There are a few places less than listeners, so that now and then somebody is turned away, honestly: 429 or
503, and when to come back. Whatever else goes wrong is a fault, and there may be none. Afterwards the books are
looked at: nothing set aside is left, and what was charged is what listeners read on their receipts.
`python -m benchmarks room --listeners 64 --minutes 5`.
"""

import asyncio
import tempfile
import time
from collections import Counter
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Any

import psutil

from benchmarks.books import books_of
from benchmarks.crowd import Crowd
from benchmarks.furnished import PRICE_MICROS, client_at, come_in, cpu_s, furnished, settings_for
from benchmarks.liner_notes import Song, songs, write_notes
from benchmarks.reading import percentile_ms
from benchmarks.stores import EMBEDDED, Stores, standing_on
from tests.awaiting import awaited
from tests.processes import Serving

NOTES = 300
LOOK_EVERY_S = 10.0
LOOKS_MIN = 20


def measure(listeners: int, minutes: float, stores: str) -> dict[str, Any]:
    """Fill the room for so long."""
    return filled(listeners, minutes * 60, on=stores)


def filled(
    listeners: int, seconds: float, *, notes: int = NOTES, embedder: str = "minilm", on: str = EMBEDDED
) -> dict[str, Any]:
    """Let so many listeners in for so long, and look at the books afterwards."""
    about = songs(notes)
    with tempfile.TemporaryDirectory() as folder, standing_on(on, Path(folder)) as stands_on:
        home, settings = Path(folder) / "home", settings_for(listeners - listeners // 8, embedder) | stands_on.settings
        with furnished(home, [write_notes(Path(folder) / "notes", about)], settings, charging=True) as node:
            figures = awaited(_evening(node, home, stands_on, about, listeners, seconds))
        figures["books"] |= books_of(home, settings)
    return {
        "figures": {"listeners": listeners, "stores": on} | figures,
        "ratios": {
            "answers_per_s": figures["answers_per_s"],
            "memory_last_vs_second_fifth": _flatness(figures["memory_mb"]),
        },
    }


async def _evening(
    node: Serving, home: Path, stands_on: Stores, about: list[Song], listeners: int, seconds: float
) -> dict[str, Any]:
    process = psutil.Process(node.process.pid)
    async with AsyncExitStack() as leaving:
        clients = [await leaving.enter_async_context(client_at(node.address)) for _ in range(listeners)]
        for number, client in enumerate(clients):
            await come_in(client, node.address, home, number)
        cpu, stores_cpu, began = cpu_s(process), stands_on.cpu_s(), time.perf_counter()
        crowd = Crowd(about, PRICE_MICROS, began + seconds)
        memory_mb: list[float] = []
        looking = asyncio.create_task(_look(process, memory_mb, min(LOOK_EVERY_S, seconds / LOOKS_MIN)))
        await crowd.ask(clients)
        cpu, stores_cpu = cpu_s(process) - cpu, stands_on.cpu_s() - stores_cpu
        wall = time.perf_counter() - began
        looking.cancel()
        with suppress(asyncio.CancelledError):
            await looking
        await crowd.settle()
        set_aside = [(await client.get("/api/wallet")).json()["set_aside_micros"] for client in clients]
    paid = sum(reading.paid_micros for _, reading in crowd.readings)
    books = {"read_on_receipts_micros": paid, "set_aside_micros": sum(set_aside)}
    return told(crowd, cpu, stores_cpu, wall) | {"memory_mb": memory_mb, "books": books}


async def _look(process: psutil.Process, memory_mb: list[float], every_s: float) -> None:
    """Read the memory of the node now and then."""
    while True:
        memory_mb.append(round(process.memory_info().rss / 1024**2, 1))
        await asyncio.sleep(every_s)


def told(crowd: Crowd, cpu: float, stores_cpu: float, wall_s: float) -> dict[str, Any]:
    """Say what a crowd read, and what that cost."""
    readings = [reading for _, reading in crowd.readings]
    whole = [reading for habit, reading in crowd.readings if habit == "reads"]
    first = [reading.first_s for reading in whole if reading.first_s is not None]
    ends = [reading.whole_s for reading in whole if reading.whole_s is not None]
    return {
        "answers": len(readings),
        "outcomes": dict(Counter(reading.outcome for reading in readings if reading.outcome)),
        "habits": dict(Counter(habit for habit, _ in crowd.readings)),
        "turned_away": crowd.turned_away,
        "faults": dict(crowd.faults),
        "answers_per_s": round(len(readings) / wall_s, 1),
        "cpu_ms_per_answer": round(1000 * cpu / len(readings), 1) if readings else None,
        "stores_cpu_ms_per_answer": round(1000 * stores_cpu / len(readings), 1) if readings else None,
        "cores_used": round(cpu / wall_s, 2),
        **{f"first_sentence_ms_p{share}": percentile_ms(first, share) for share in (50, 95)},
        **{f"whole_answer_ms_p{share}": percentile_ms(ends, share) for share in (50, 95)},
    }


def _flatness(memory_mb: list[float]) -> float:
    """Compare the last fifth of the time with the second one: of five minutes, the last with the second."""
    fifth = max(1, len(memory_mb) // 5)
    second, last = memory_mb[fifth : 2 * fifth] or memory_mb, memory_mb[-fifth:]
    return round(sum(last) / len(last) / (sum(second) / len(second)), 3)
