"""Listeners who ask at the same time, no two questions of theirs alike, and who do with answers what people do.

Most read to the end; some stop, some hang up and come back, some leave for good. Who is turned away comes back
when she is told to.
"""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import httpx

from benchmarks.liner_notes import WAYS_TO_ASK, Song
from benchmarks.reading import Reading, asked_and_read, looked_up, read

HABITS = {"reads": 80, "stops at once": 4, "stops later": 4, "comes back": 8, "leaves": 4}
"""What people do with an answer, and how many of a hundred."""
EVENTS_READ = {"stops at once": 0, "stops later": 2, "comes back": 2, "leaves": 2}
"""How much of it they read first, after the ticket; who is not named here reads all of it."""
AWAY_S = 0.05
SETTLED_SECONDS_MAX = 60.0


@dataclass(slots=True)
class Crowd:
    """What happened, to all listeners together; no question is asked after `ends_at`, by `time.perf_counter`."""

    songs: Sequence[Song]
    price_micros: int
    ends_at: float
    readings: list[tuple[str, Reading]] = field(default_factory=list)
    turned_away: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    _left: list[tuple[httpx.AsyncClient, Reading]] = field(default_factory=list)

    @property
    def is_here(self) -> bool:
        """Whether questions are still asked."""
        return time.perf_counter() < self.ends_at

    async def ask(self, clients: Sequence[httpx.AsyncClient]) -> None:
        """Let everybody ask until it is over."""
        await asyncio.gather(*(self._listen(client, number) for number, client in enumerate(clients)))

    async def settle(self) -> None:
        """Read how the answers ended that nobody read to the end."""
        until = time.perf_counter() + SETTLED_SECONDS_MAX
        for client, reading in self._left:
            while reading.outcome is None and not reading.faults and time.perf_counter() < until:
                await looked_up(client, reading)
                await asyncio.sleep(0 if reading.outcome else AWAY_S)
            if reading.outcome is None:
                self.faults["an answer was never settled"] += 1

    async def _listen(self, client: httpx.AsyncClient, number: int) -> None:
        choose, asked_before = random.Random(number), 0
        while self.is_here:
            # All songs in one way, from a place of her own on; then all of them in the next way.
            ways, song = divmod(asked_before, len(self.songs))
            question = self.songs[(song + 7 * number) % len(self.songs)].question((ways + number) % WAYS_TO_ASK)
            # At first everybody does something else, so that even a short time sees all of it.
            habit = choose.choices(list(HABITS), list(HABITS.values()))[0]
            habit = habit if asked_before else list(HABITS)[number % len(HABITS)]
            asked_before += 1
            try:
                await self._ask(client, question, habit)
            except (httpx.HTTPError, ValueError) as error:
                self.faults[f"{type(error).__name__}: {error}"[:120]] += 1

    async def _ask(self, client: httpx.AsyncClient, question: str, habit: str) -> None:
        reading = await asked_and_read(client, question, self.price_micros, events_max=EVENTS_READ.get(habit))
        if reading.come_back_s is not None:
            self.turned_away += 1
            await asyncio.sleep(min(reading.come_back_s, max(0.0, self.ends_at - time.perf_counter())))
            return
        if reading.path:
            self.readings.append((habit, reading))
            await self._read(client, reading, habit)
        self.faults.update(reading.faults)

    async def _read(self, client: httpx.AsyncClient, reading: Reading, habit: str) -> None:
        if habit.startswith("stops"):
            (await client.delete(reading.path)).raise_for_status()
        if habit == "comes back":
            await asyncio.sleep(AWAY_S)
        if habit == "leaves":
            self._left.append((client, reading))
        elif reading.outcome is None:
            await read(client, reading)
