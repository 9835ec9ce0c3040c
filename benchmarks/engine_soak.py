"""Minutes of everything at once: the engine has to stay up, small and right, and to close in time.

A tiny model and a narrow room, so that seats, cells, prefixes and conversations are fought over all the time. Eight
clients ask, change their minds, walk away and come back; what they were told is compared with what an engine
without any savings writes for one request at a time.
"""

import json
import random
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import psutil

from benchmarks.closing import closings
from benchmarks.listening import opened
from models.engine.contracts import Request, Room, Sampling, Savings
from models.engine.engine import Engine
from models.errors import WriterBusy
from tests.models.tiny_gguf import write_tiny_model

CLIENTS = 8
ROOM = Room(answers=4, waiting=3, cells=1_536, answer_tokens=512, prefixes=3, conversation_bytes=1024**2, threads=1)
PERSONAS, TIERS, CONVERSATIONS = 5, 3, 12
TURNS_TOKENS_MAX = 240
TOKENS = range(259, 354)  # printable characters
COMPARED_EVERY, COMPARED_MAX = 40, 3_000
SETTLED_S = 120.0
LOOK_EVERY_S = 2.0


@dataclass(frozen=True, slots=True)
class Told:
    """A greedy answer that was read to its end."""

    tokens: tuple[int, ...]
    tokens_max: int
    text: str
    written: int


@dataclass
class Diary:
    """What the clients saw."""

    finished: int = 0
    cancelled: int = 0
    abandoned: int = 0
    busy: int = 0
    queue_max: int = 0
    reused: int = 0
    wrong: list[str] = field(default_factory=list)
    compared: int = 0
    # On disk: memory is being watched.
    told: IO[str] = field(default_factory=lambda: tempfile.TemporaryFile("w+"))  # noqa: SIM115  # the diary keeps it open
    histories: dict[str, tuple[int, ...]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def requests(self) -> int:
        """How many were taken."""
        return self.finished + self.cancelled + self.abandoned


def measure(minutes: float, source: Path | None, models: Path | None) -> dict[str, Any]:
    """Soak, compare, then close at random moments."""
    with tempfile.TemporaryDirectory() as folder:
        model = write_tiny_model(Path(folder) / "tiny.gguf", talkative=True)
        diary, sizes = _soaked(model, minutes * 60)
        settled = [size for at, size in sizes if at >= min(SETTLED_S, minutes * 30)]
        return {
            "figures": {
                "minutes": minutes,
                "requests": diary.requests,
                "finished": diary.finished,
                "cancelled": diary.cancelled,
                "abandoned": diary.abandoned,
                "turned_away_and_back": diary.busy,
                "waiting_max": diary.queue_max,
                "waiting_allowed": ROOM.waiting,
                "reused_tokens": diary.reused,
                "wrong": diary.wrong[:5],
                "compared": diary.compared,
                "different": _different(model, diary.told),
                "rss_mib_each_minute": [round(size / 2**20, 1) for size in _each_minute(sizes)],
                "rss_mib_settled": round(settled[0] / 2**20, 1),
                "rss_mib_max": round(max(settled) / 2**20, 1),
                "rss_mib_end": round(settled[-1] / 2**20, 1),
                **closings(model, source, models),
            },
            "ratios": {"rss_end_vs_settled": round(settled[-1] / settled[0], 3)},
        }


def _soaked(model: Path, seconds: float) -> tuple[Diary, list[tuple[float, int]]]:
    diary, process = Diary(), psutil.Process()
    sizes: list[tuple[float, int]] = []
    began = time.monotonic()
    with opened(model, ROOM, Savings(lookup=True)) as engine:
        clients = [
            threading.Thread(target=_client, args=(engine, diary, seed, began + seconds)) for seed in range(CLIENTS)
        ]
        for client in clients:
            client.start()
        while any(client.is_alive() for client in clients):
            time.sleep(LOOK_EVERY_S)
            sizes.append((time.monotonic() - began, process.memory_info().rss))
        if engine.failure is not None or not engine.alive:
            diary.wrong.append(f"the engine ended: {engine.failure}")
    return diary, sizes


def _client(engine: Engine, diary: Diary, seed: int, until: float) -> None:
    chance = random.Random(seed)
    try:
        while time.monotonic() < until and engine.alive:
            _ask(engine, diary, chance, _request(diary, chance))
    except Exception as error:  # noqa: BLE001  # whatever it is, it is what is looked for
        with diary.lock:
            diary.wrong.append(repr(error))


def _request(diary: Diary, chance: random.Random) -> Request:
    persona, tier = chance.randrange(PERSONAS), chance.randrange(TIERS)
    prefix = tuple(random.Random(persona).choices(TOKENS, k=20 + 25 * persona))
    conversation = f"{chance.randrange(CONVERSATIONS)} {persona}" if chance.random() < 0.6 else ""
    with diary.lock:
        before = diary.histories.get(conversation, prefix) if conversation else prefix
    asked = tuple(chance.choices(TOKENS, k=chance.randint(1, 60)))
    warmth = 0.0 if chance.random() < 0.8 else 0.8
    sampling = Sampling(chance.randint(1, 40), temperature=warmth, seed=chance.randrange(1_000))
    return Request((*before, *asked), sampling, len(prefix), tier, conversation)


def _ask(engine: Engine, diary: Diary, chance: random.Random, request: Request) -> None:
    try:
        stream = engine.submit(request)
    except WriterBusy as busy:
        with diary.lock:
            diary.busy += 1
            diary.queue_max = max(diary.queue_max, busy.waiting)
        time.sleep(chance.random() / 100)
        return _ask(engine, diary, chance, request)
    fate = chance.random()
    leaves_after = chance.randint(0, 10) if fate < 0.25 else -1
    pieces: list[str] = []
    for piece in stream if leaves_after else ():
        pieces.append(piece)
        if len(pieces) == leaves_after:
            if fate < 0.1:
                break
            request.stop.set()
    stream.abandoned.set()
    _note(
        diary,
        request,
        Told(request.tokens, request.sampling.tokens_max, "".join(pieces), stream.counts.written),
        fate,
        stream.counts.reused,
    )
    return None


def _note(diary: Diary, request: Request, told: Told, fate: float, reused: int) -> None:
    with diary.lock:
        if fate < 0.25:
            diary.abandoned += fate < 0.1
            diary.cancelled += fate >= 0.1
            return
        diary.finished += 1
        diary.reused += reused
        if told.written != request.sampling.tokens_max:
            diary.wrong.append(f"{told.written} tokens instead of {request.sampling.tokens_max}")
        if request.sampling.temperature == 0 and diary.finished % COMPARED_EVERY == 0 and diary.compared < COMPARED_MAX:
            diary.compared += 1
            diary.told.write(json.dumps([told.tokens, told.tokens_max, told.text]) + "\n")
        if request.conversation:
            _go_on(diary, request, told.text)


def _go_on(diary: Diary, request: Request, text: str) -> None:
    """The next turn of a conversation begins with this one, unless it became too long."""
    spoken = tuple(259 + ord(char) - 32 for char in text if 32 <= ord(char) < 127)
    history = (*request.tokens, *spoken)
    if len(history) > TURNS_TOKENS_MAX:
        diary.histories.pop(request.conversation, None)
    else:
        diary.histories[request.conversation] = history


def _different(model: Path, told: IO[str]) -> int:
    """Ask for the same again, one at a time, with nothing kept."""
    told.seek(0)
    different = 0
    with opened(model, ROOM, Savings(prefixes=False, conversations=False)) as engine:
        for line in told:
            tokens, tokens_max, text = json.loads(line)
            different += "".join(engine.submit(Request(tuple(tokens), Sampling(tokens_max)))) != text
    return different


def _each_minute(sizes: list[tuple[float, int]]) -> list[int]:
    """Give the size at the end of every minute."""
    return list({int(at // 60): size for at, size in sizes}.values())
