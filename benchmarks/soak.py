"""Minutes of paying listeners at a node to which things happen: nothing may be lost, charged twice or left open.

A real `presence serve` with the quoting writer. A seed chooses what fails, and when: the node is killed and started
again; with `--stores server`, PostgreSQL is stopped or stands still, and the Chroma server is killed. Whoever asks
asks again under the same key until she is answered, and writes down what her receipts say. At the end the books are
looked through, and compared with what all of them wrote down.
`python -m benchmarks soak --listeners 32 --minutes 10 --stores server --seed 7`
"""

import asyncio
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil

from benchmarks.books import books_of
from benchmarks.furnished import PRICE_MICROS, PRICES, client_at, come_in, do_there, settings_for
from benchmarks.liner_notes import WAYS_TO_ASK, Song, songs, write_notes
from benchmarks.stores import EMBEDDED, Stores, standing_on
from tests.awaiting import awaited
from tests.ports import free_port
from tests.processes import Serving, command, serving

NOTES = 120
QUIET_S = (4.0, 12.0)
"""How long nothing fails between two faults."""
AWAY_S = (0.5, 4.0)
PATIENCE_S = 120.0
"""How long an answer may take in all, whatever fails meanwhile."""
LOOK_EVERY_S = 2.0


@dataclass
class Room:
    """A node that is served at one address, however often it is killed, and what it stands on."""

    home: Path
    settings: dict[str, str]
    port: int
    stands_on: Stores
    node: Serving | None = None
    opened: ExitStack = field(default_factory=ExitStack)

    @property
    def address(self) -> str:
        """Where listeners come to."""
        return f"http://127.0.0.1:{self.port}"

    def open(self) -> None:
        """Serve, or serve again."""
        self.node = self.opened.enter_context(serving(self.home, "--port", str(self.port), **self.settings))

    def kill(self) -> None:
        """End the node at once."""
        if self.node is not None:
            self.node.kill()
        self.opened.close()


@dataclass
class Diary:
    """What all listeners wrote down together: how each answer ended, and what its receipt says."""

    ended: dict[str, tuple[str, int]] = field(default_factory=dict)
    faults: Counter[str] = field(default_factory=Counter)
    refused: Counter[int] = field(default_factory=Counter)
    cut_off: int = 0


def measure(listeners: int, minutes: float, seed: int, stores: str) -> dict[str, Any]:
    """Let things happen for so long, then look at the books."""
    return soaked(listeners, minutes * 60, seed=seed, on=stores)


def soaked(listeners: int, seconds: float, *, seed: int = 1, on: str = EMBEDDED) -> dict[str, Any]:
    """Do the same for so many seconds."""
    about = songs(NOTES)
    with tempfile.TemporaryDirectory() as folder, _room(Path(folder), listeners, on) as room:
        assert command(room.home, "init", **room.settings).returncode == 0
        room.open()
        do_there(room.home, "import", {"path": str(write_notes(Path(folder) / "notes", about)), "tier": None})
        do_there(room.home, "prices set", {"written": PRICES})
        diary, happened, memory_mb = awaited(_evening(room, about, listeners, seconds, seed))
        room.opened.close()
        books = _books(room, diary)
    outcomes = Counter(outcome for outcome, _ in diary.ended.values())
    figures = {
        "seed": seed,
        "stores": on,
        "happened": dict(happened),
        "answers": len(diary.ended),
        "outcomes": dict(outcomes),
        "refused": {str(status): count for status, count in diary.refused.items()},
        "cut_off_and_back": diary.cut_off,
        "faults": dict(diary.faults),
        "memory_mb": memory_mb,
        "books": books,
    }
    return {"figures": figures, "ratios": {"memory_last_vs_first": _flatness(memory_mb)}}


@contextmanager
def _room(folder: Path, listeners: int, on: str) -> Iterator[Room]:
    with ExitStack() as closing:
        stands_on = closing.enter_context(standing_on(on, folder))
        settings = settings_for(listeners, "hashed") | stands_on.settings
        room = Room(folder / "home", settings, free_port(), stands_on)
        closing.callback(room.opened.close)
        yield room


async def _evening(
    room: Room, about: list[Song], listeners: int, seconds: float, seed: int
) -> tuple[Diary, Counter[str], list[list[float]]]:
    diary, memory_mb = Diary(), list[list[float]]()
    async with AsyncExitStack() as leaving:
        clients = [await leaving.enter_async_context(client_at(room.address)) for _ in range(listeners)]
        for number, client in enumerate(clients):
            await come_in(client, room.address, room.home, number)
        until = time.monotonic() + seconds
        looking = asyncio.create_task(_look(room, memory_mb))
        asking = [_listen(client, number, about, until, diary) for number, client in enumerate(clients)]
        happened, *_ = await asyncio.gather(_happen(room, until, random.Random(seed)), *asking)
        looking.cancel()
        with suppress(asyncio.CancelledError):
            await looking
        assert isinstance(happened, Counter)
    return diary, happened, memory_mb


async def _happen(room: Room, until: float, choose: random.Random) -> "Counter[str]":
    """Let things fail until it is over; afterwards everything is there again."""
    deeds: dict[str, Callable[[float], Awaitable[None]]] = {"node killed": lambda s: _killed(room, s)}
    if (cluster := room.stands_on.cluster) is not None:
        deeds["database stopped"] = lambda s: _away(cluster.stop, cluster.start, s)
        deeds["database still"] = lambda s: _away(cluster.still, cluster.go_on, s)
    if (chroma := room.stands_on.chroma) is not None:
        deeds["index killed"] = lambda s: _away(chroma.kill, chroma.start, s)
        deeds["index still"] = lambda s: _away(chroma.still, chroma.go_on, s)
    happened: Counter[str] = Counter()
    while (left := until - time.monotonic()) > 0:
        await asyncio.sleep(min(choose.uniform(*QUIET_S), left))
        name, seconds = choose.choice(sorted(deeds)), choose.uniform(*AWAY_S)
        print(f"{time.strftime('%H:%M:%S')} {name} for {seconds:.1f} s", file=sys.stderr)
        await deeds[name](seconds)
        happened[name] += 1
    return happened


async def _away(ends: Callable[[], None], begins: Callable[[], None], seconds: float) -> None:
    await asyncio.to_thread(ends)
    await asyncio.sleep(seconds)
    await asyncio.to_thread(begins)


async def _killed(room: Room, seconds: float) -> None:
    await _away(room.kill, room.open, seconds / 4)


async def _listen(client: httpx.AsyncClient, number: int, about: list[Song], until: float, diary: Diary) -> None:
    asked = 0
    while time.monotonic() < until:
        ways, song = divmod(asked, len(about))
        question = about[(song + 7 * number) % len(about)].question((ways + number) % WAYS_TO_ASK)
        await _ask(client, question, f"{number} {asked}", diary)
        asked += 1


async def _ask(client: httpx.AsyncClient, question: str, key: str, diary: Diary) -> None:
    """Ask until it is taken, under one key, then read until it has ended, whoever is away meanwhile."""
    body = {"question": question, "max_price_micros": PRICE_MICROS, "idempotency_key": key}
    until = time.monotonic() + PATIENCE_S
    opened = await _until_answered(lambda: client.post("/api/questions", json=body), (200, 201), until, diary)
    if opened is None:
        diary.faults["a question was not taken"] += 1
        return
    answer = await _ended(client, f"/api/questions/{opened['id']}", until, diary)
    if answer is None:
        diary.faults["an answer did not end"] += 1
        return
    receipt = answer["receipt"]
    diary.ended[answer["id"]] = (answer["outcome"], receipt["micros"] if receipt else 0)


async def _ended(client: httpx.AsyncClient, path: str, until: float, diary: Diary) -> dict[str, Any] | None:
    while (answer := await _until_answered(lambda: client.get(path), (200,), until, diary)) is not None:
        if answer["outcome"]:
            return answer
        await asyncio.sleep(0.05)
    return None


async def _until_answered(
    request: Callable[[], Awaitable[httpx.Response]], well: tuple[int, ...], until: float, diary: Diary
) -> dict[str, Any] | None:
    while time.monotonic() < until:
        try:
            response = await request()
        except httpx.TransportError:
            diary.cut_off += 1
            await asyncio.sleep(0.2)
            continue
        if response.status_code in well:
            told_of: dict[str, Any] = response.json()
            return told_of
        diary.refused[response.status_code] += 1
        if response.status_code not in (429, 503) or not response.headers.get("retry-after", "").isdigit():
            diary.faults[f"answered with {response.status_code}: {response.text[:80]}"] += 1
        await asyncio.sleep(min(2.0, float(response.headers.get("retry-after", 1))))
    return None


async def _look(room: Room, memory_mb: list[list[float]]) -> None:
    """Read the memory of the node now and then, in a list of its own for each process."""
    pid = 0
    while True:
        if room.node is not None:
            with suppress(psutil.NoSuchProcess):
                now = psutil.Process(room.node.process.pid).memory_info().rss / 1024**2
                if room.node.process.pid != pid:
                    pid = room.node.process.pid
                    memory_mb.append([])
                memory_mb[-1].append(round(now, 1))
        await asyncio.sleep(LOOK_EVERY_S)


def _flatness(memory_mb: list[list[float]]) -> float | None:
    """Compare the end with the settled beginning of the process that lived longest."""
    longest = max(memory_mb, key=len, default=[])
    fifth = len(longest) // 5
    if not fifth:
        return None
    second, last = longest[fifth : 2 * fifth], longest[-fifth:]
    return round(sum(last) / len(last) / (sum(second) / len(second)), 3)


def _books(room: Room, diary: Diary) -> dict[str, Any]:
    """Look at the books of a closed node, beside what everybody wrote down."""
    paid = [micros for _, micros in diary.ended.values() if micros]
    return books_of(room.home, room.settings) | {"read_on_receipts": len(paid), "read_on_receipts_micros": sum(paid)}
