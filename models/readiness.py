"""Says what the local language model lacks, if anything: the engine, a model, or nothing."""

import importlib.util
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

State = Literal["building", "failed", "missing", "no model", "ready"]


@dataclass(frozen=True, slots=True)
class Readiness:
    """How far the engine is; `percent` is of its build, None when nobody is building."""

    state: State
    percent: int | None = None


def readiness(model: Path | None, build_folder: Path | None) -> Readiness:
    """Look at the engine on disk and at the note that a running build keeps in `build_folder`."""
    # A finished build is visible to this process only after the import system has looked again.
    importlib.invalidate_caches()
    if importlib.util.find_spec("llama_cpp") is not None:
        return Readiness("ready" if model is not None and model.is_file() else "no model")
    if build_folder is None or not (build_folder / "state").is_file():
        return Readiness("missing")
    state = (build_folder / "state").read_text().strip()
    if state == "building" and _alive(build_folder / "pid"):
        return Readiness("building", _percent(build_folder / "build.log"))
    return Readiness("failed" if state != "done" else "missing")


def _alive(pid_file: Path) -> bool:
    try:
        os.kill(int(pid_file.read_text()), 0)
    except (OSError, ValueError):
        return False
    return True


def _percent(log: Path) -> int | None:
    """Read ninja's last `[12/140]`."""
    try:
        tail = log.read_bytes()[-4_096:].decode(errors="replace")
    except OSError:
        return None
    for line in reversed(tail.splitlines()):
        done, slash, rest = line.strip().removeprefix("[").partition("/")
        steps = rest.partition("]")[0]
        if slash and done.isdigit() and steps.isdigit() and int(steps):
            return 100 * int(done) // int(steps)
    return None
