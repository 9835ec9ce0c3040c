"""What grows with a home: answers, pages and starts over 1,000 to 100,000 passages, and over 10,000 and 1,000,000 rows.

Homes are made once (`benchmarks.grown`); each is copied, served by a process of its own, and asked by eight
listeners, always about the same hundred notes: those that all homes have. Those with a ledger charge for it.
`python -m benchmarks growth --minutes 3 --kept FOLDER`; without the folder, the homes are made anew, which takes
half an hour.
"""

import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil

from benchmarks.crowd import Crowd
from benchmarks.furnished import PRICE_MICROS, client_at, come_in, cpu_s
from benchmarks.grown import (
    LISTENERS,
    SETTINGS,
    SIZES,
    brought_up_to_date,
    cost_of,
    megabytes,
    with_entries,
    with_passages,
)
from benchmarks.prose import Note, notes
from benchmarks.reading import asked, read
from benchmarks.room import told
from tests.awaiting import awaited
from tests.processes import PROGRAM, Serving, environment, serving

ENTRIES = (10_000, 1_000_000)
ABOUT = 100
"""So many notes are asked about: all that the smallest home has."""
AGAIN = 5
FAITHFUL, OTHER = 0, 1
"""The listener who bought most, and one of the many, by their numbers."""
OF_EVERYBODY = {"room": "/"}
OF_THE_WALLET = {"wallet": "/wallet", "wallet_api": "/api/wallet"}
OF_THE_ARTIST = {
    "studio": "/studio",
    "earnings_month": "/studio/earnings?while=month",
    "earnings_all": "/studio/earnings?while=all",
}


def measure(minutes: float, kept: Path | None) -> dict[str, Any]:
    """Ask in every home for so many minutes."""
    with _folder(kept) as homes:
        figures = [_of_passages(homes, passages, minutes * 60) for passages in SIZES]
        figures += [_of_entries(homes, entries, minutes * 60) for entries in ENTRIES]
    by_name = {name: _largest_by_smallest(figures, name) for name in ("passages", "entries")}
    return {"figures": figures, "ratios": by_name}


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    if kept is not None:
        yield kept
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def _of_passages(homes: Path, passages: int, seconds: float) -> dict[str, Any]:
    made = with_passages(homes, passages)
    return _told({"passages": passages, "made": cost_of(made)} | _evening_in(made, seconds))


def _of_entries(homes: Path, entries: int, seconds: float) -> dict[str, Any]:
    made = with_entries(homes, with_passages(homes, SIZES[0]), entries)
    figures = {"entries": entries, "made": cost_of(made)}
    return _told(figures | _evening_in(made, seconds, has_ledger=True))


def _told(figures: dict[str, Any]) -> dict[str, Any]:
    """Say it at once: all of it takes long."""
    print(json.dumps(figures), file=sys.stderr)
    return figures


def _evening_in(made: Path, seconds: float, *, has_ledger: bool = False) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        brought_up_to_date(shutil.copytree(made, home))
        figures: dict[str, Any] = {"load_1min": round(os.getloadavg()[0], 2), "size": megabytes(home)}
        began = time.perf_counter()
        with serving(home, **SETTINGS) as node:
            opened = time.perf_counter() - began
            figures |= awaited(_evening(node, home, began, seconds, has_ledger=has_ledger))
            figures["start"]["open_s"] = round(opened, 2)
        began = time.perf_counter()
        with serving(home, **SETTINGS) as node:
            figures["start"]["open_again_s"] = round(time.perf_counter() - began, 2)
            figures["start"]["open_again_cpu_s"] = round(cpu_s(psutil.Process(node.process.pid)), 2)
        if has_ledger:
            figures["ledger_verify"] = _run(home, "ledger", "verify")
    return figures


async def _evening(node: Serving, home: Path, began: float, seconds: float, *, has_ledger: bool) -> dict[str, Any]:
    """Let a first listener ask, then all of them; then look at pages, one at a time, while nobody asks."""
    process, about = psutil.Process(node.process.pid), notes(ABOUT)
    async with AsyncExitStack() as leaving:
        clients = [await leaving.enter_async_context(client_at(node.address)) for _ in range(LISTENERS)]
        await come_in(clients[FAITHFUL], node.address, home, FAITHFUL)
        start = await _first_answer(clients[FAITHFUL], about[-1], process, began)
        for number, client in list(enumerate(clients))[FAITHFUL + 1 :]:
            await come_in(client, node.address, home, number)
        figures = {"start": start} | await _asked(clients, about, process, seconds)
        artist = await leaving.enter_async_context(
            httpx.AsyncClient(base_url=node.address, timeout=None, follow_redirects=True)
        )
        (await artist.post("/operator", data={"token": node.token})).raise_for_status()
        looked = {name: (clients[OTHER], path) for name, path in OF_EVERYBODY.items()}
        if has_ledger:
            looked |= {f"{name}_of_one": (clients[OTHER], path) for name, path in OF_THE_WALLET.items()}
            looked |= {f"{name}_of_the_faithful": (clients[FAITHFUL], path) for name, path in OF_THE_WALLET.items()}
            looked |= {name: (artist, path) for name, path in OF_THE_ARTIST.items()}
        figures["pages"] = {name: await _page(*where, process) for name, where in looked.items()}
    return figures


async def _first_answer(client: httpx.AsyncClient, note: Note, process: psutil.Process, began: float) -> dict[str, Any]:
    """Ask once, as soon as the node is open."""
    reading = await asked(client, note.question(0), PRICE_MICROS)
    if reading.path:
        await read(client, reading)
    return {
        "first_answer_s": round(time.perf_counter() - began, 2),
        "first_answer_cpu_s": round(cpu_s(process), 2),
        "first_answer": reading.outcome,
        "memory_mb": _memory_mb(process),
    }


async def _asked(
    clients: list[httpx.AsyncClient], about: list[Note], process: psutil.Process, seconds: float
) -> dict[str, Any]:
    crowd, began, cpu = Crowd(about, PRICE_MICROS, time.perf_counter() + seconds), time.perf_counter(), cpu_s(process)
    await crowd.ask(clients)
    figures = told(crowd, cpu_s(process) - cpu, 0.0, time.perf_counter() - began)
    await crowd.settle()
    figures.pop("stores_cpu_ms_per_answer")
    return figures | {"memory_mb": _memory_mb(process)}


async def _page(client: httpx.AsyncClient, path: str, process: psutil.Process) -> dict[str, float]:
    """Open a page for the first time, which may have to work something out, and again."""
    first = await _took(lambda: client.get(path), process)
    again = [await _took(lambda: client.get(path), process) for _ in range(AGAIN)]
    return {
        "first_cpu_ms": first[1],
        "first_wall_ms": first[0],
        "again_cpu_ms": round(sum(one[1] for one in again) / AGAIN, 1),
    }


async def _took(get: Callable[[], Awaitable[httpx.Response]], process: psutil.Process) -> tuple[float, float]:
    began, cpu = time.perf_counter(), cpu_s(process)
    (await get()).raise_for_status()
    await asyncio.sleep(0)
    return round(1000 * (time.perf_counter() - began), 1), round(1000 * (cpu_s(process) - cpu), 1)


def _run(home: Path, *arguments: str) -> dict[str, float]:
    """Run a command to its end, however long it takes."""
    began = time.perf_counter()
    child = subprocess.Popen([PROGRAM, *arguments], env=environment(home, **SETTINGS), stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return {
        "exit": child.returncode,
        "wall_s": round(time.perf_counter() - began, 1),
        "cpu_s": round(used.ru_utime + used.ru_stime, 1),
        "memory_mb": round(used.ru_maxrss / 1024),
    }


def _memory_mb(process: psutil.Process) -> float:
    return round(process.memory_info().rss / 2**20, 1)


def _largest_by_smallest(figures: list[dict[str, Any]], what: str) -> float | None:
    """Compare the CPU of an answer in the largest home with the smallest one's."""
    of_it = [one["cpu_ms_per_answer"] for one in sorted(figures, key=lambda one: one.get(what, 0)) if what in one]
    return round(of_it[-1] / of_it[0], 2) if of_it and of_it[0] else None
