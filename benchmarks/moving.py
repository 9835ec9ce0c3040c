"""Moving a large home to PostgreSQL and a Chroma server: what it takes, and whether it answers as it did.

The home is a copy of a recombined corpus (`benchmarks.recombined`), moved as `presence move` does it, in a process of
its own; PostgreSQL waits for its disk. The same questions are asked here and there then, of every tier in turn.
"""

import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import psutil
from pydantic import SecretStr

from benchmarks.recombined import RECIPE, SHARED, Standing, opened, questions, standing
from benchmarks.stores import SERVER, Stores, standing_on
from models.embedders.opening import open_embedder
from presence.asking.answering import Ticket
from presence.asking.question import Question
from presence.bootstrap import bootstrap
from presence.cli.moving import moved
from presence.home import Home
from presence.settings import Settings
from trustgraph import Tier

QUESTIONS = 200
_OF_ONE_ASKING = {"id", "conversation", "statement"}
"""What no two answers have in common."""


def measure(kept: Path | None, passages: int) -> dict[str, Any]:
    """Move a home of so many passages and ask on both sides; `kept` is a folder in which the corpus waits."""
    if not SHARED.exists():
        return {"figures": {}, "ratios": {}}
    with tempfile.TemporaryDirectory() as folder:
        asked, place = questions(QUESTIONS), kept or Path(folder)
        embedder = standing(place, open_embedder("minilm", place / "embedders"), asked)
        with opened(place, passages, embedder) as (_, cost):
            pass
        home = Path(folder) / "home"
        shutil.copytree(place / f"corpus-{RECIPE}-{passages}", home)
        with standing_on(SERVER, Path(folder)) as stores:
            moved = moving(home, stores)
            here, asked_here = answers(Settings(home=home), embedder, asked)
            url, chroma = (stores.settings[f"PRESENCE_{name}_URL"] for name in ("DATABASE", "CHROMA"))
            there = Settings(home=home, database_url=SecretStr(url), chroma_url=chroma)
            answered, asked_there = answers(there, embedder, asked)
    same = sum(one == other for one, other in zip(here, answered, strict=True))
    outcomes = [str(one["outcome"]) for one in here]
    return {
        "figures": {
            "built": cost,
            **moved,
            "asked_here": asked_here,
            "asked_there": asked_there,
            "answers": QUESTIONS,
            "outcomes": {outcome: outcomes.count(outcome) for outcome in sorted(set(outcomes))},
            "answers_the_same": same,
            "differing": [one["question"] for one, other in zip(here, answered, strict=True) if one != other],
        },
        "ratios": {"answers_the_same": same / QUESTIONS},
    }


def moving(home: Path, stores: Stores) -> dict[str, Any]:
    """Move, in a process of its own, and give how long each step took, and whose CPU."""
    before, began = servers_cpu_s(stores), time.perf_counter()
    to = (stores.settings["PRESENCE_DATABASE_URL"], stores.settings["PRESENCE_CHROMA_URL"])
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.moving", str(home), *to], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    wall, after = time.perf_counter() - began, servers_cpu_s(stores)
    told = json.loads(done.stdout.splitlines()[-1])
    return {
        "wall_s": round(wall, 1),
        "cpu_s": {"move": told.pop("cpu_s")} | {name: round(after[name] - before[name], 1) for name in before},
        **told,
        "home_mb": round(sum(file.stat().st_size for file in home.rglob("*") if file.is_file()) / 2**20),
    }


@dataclass
class Steps:
    """How long each step took, and how much CPU of this process."""

    took: dict[str, list[float]] = field(default_factory=dict)
    now: str = "opening"
    began: tuple[float, float] = field(default_factory=lambda: (time.perf_counter(), time.process_time()))

    def __call__(self, told: dict[str, Any]) -> None:
        """Note what was done until this was told."""
        first = told.get("doing", "ending").split()[0]
        # A table by itself is one that is being copied.
        self.now = first if first in ("reading", "comparing", "words", "vectors", "ending") else "copying"
        now = (time.perf_counter(), time.process_time())
        took = self.took.setdefault(self.now, [0.0, 0.0])
        self.took[self.now] = [had + here - then for had, here, then in zip(took, now, self.began, strict=True)]
        self.began = now


def move_here(home: str, url: str, chroma: str) -> None:
    """Do what `presence move` does, and print what became of it, and what it took."""
    steps = Steps()
    done = moved(Home(Path(home)), url, chroma, steps)
    steps(done)
    figures = {name: done[name] for name in ("tables", "rows", "passages", "vectors")}
    figures["cpu_s"] = round(time.process_time(), 1)
    figures["memory_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    for at, name in enumerate(("steps_wall_s", "steps_cpu_s")):
        figures[name] = {step: round(took[at], 1) for step, took in steps.took.items()}
    print(json.dumps(figures))


def servers_cpu_s(stores: Stores) -> dict[str, float]:
    """Give what PostgreSQL and Chroma have used so far, those of their processes with it that have ended."""
    assert stores.cluster is not None
    assert stores.chroma is not None
    assert stores.chroma.process is not None
    master, *others = stores.cluster.processes()
    ended = master.cpu_times()
    return {
        "postgresql": ended.children_user + ended.children_system + sum(_cpu_s(one) for one in (master, *others)),
        "chroma": _cpu_s(psutil.Process(stores.chroma.process.pid)),
    }


def _cpu_s(process: psutil.Process) -> float:
    took = process.cpu_times()
    return float(took.user + took.system)


def answers(settings: Settings, embedder: Standing, asked: list[str]) -> tuple[list[dict[str, Any]], dict[str, float]]:
    """Ask each, of the tiers in turn, each time somebody else; give the whole answers, and what they cost here."""
    given = []
    with bootstrap(settings, embedder=embedder) as services:
        services.library.start()
        wall, cpu = time.perf_counter(), time.process_time()
        for number, question in enumerate(asked):
            listener = replace(services.local.listener_as(Tier(number % len(Tier))), ident=f"anon:{number}")
            ticket = services.counter.open(Question(question, listener))
            assert isinstance(ticket, Ticket)
            services.desk.start(ticket).result()
            answer = services.answers.read(ticket.ident, listener)
            told = {name: value for name, value in answer.items() if name not in _OF_ONE_ASKING}
            given.append({"question": question, **told})
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    each = {"wall_ms": 1000 * wall / len(asked), "cpu_ms": 1000 * cpu / len(asked)}
    return given, {name: round(figure, 1) for name, figure in each.items()}


if __name__ == "__main__":
    move_here(*sys.argv[1:])
