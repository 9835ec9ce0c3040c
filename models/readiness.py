"""Says what the local language model lacks, if anything: the engine, a model, or nothing."""

import importlib.util
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

State = Literal["building", "failed", "missing", "no model", "ready"]

REASON_CHARS_MAX = 300


@dataclass(frozen=True, slots=True)
class Readiness:
    """How far the engine is; `percent` is of what a running build has to do, `reason` why one failed, if it said."""

    state: State
    percent: int | None = None
    reason: str | None = None


def readiness(model: Path | None, build_folder: Path | None) -> Readiness:
    """Look at the engine on disk and at the note that a running build keeps in `build_folder`."""
    # A finished build is visible to this process only after the import system has looked again.
    importlib.invalidate_caches()
    if importlib.util.find_spec("llama_cpp") is not None:
        return Readiness("ready" if model is not None and model.is_file() else "no model")
    if build_folder is None:
        return Readiness("missing")
    state, reason = _note(build_folder / "state"), _note(build_folder / "reason")
    if state == "building" and _alive(_note(build_folder / "pid") or ""):
        return Readiness("building", _percent(build_folder / "build.log"))
    # A full disk may have taken the state and left the reason.
    if state == "done" or (state is None and not reason):
        return Readiness("missing")
    return Readiness("failed", reason=(reason or "").partition("\n")[0][:REASON_CHARS_MAX] or None)


def _note(file: Path) -> str | None:
    """Read what the set-up wrote; None when it wrote nothing, "" when a full disk cut it off."""
    try:
        return file.read_text(errors="replace").strip()
    except OSError:
        return None


def _alive(pid: str) -> bool:
    """Look for the process, and whether it is still the one that was noted: process ids come back."""
    number, _, since = pid.partition(" ")
    try:
        os.kill(int(number), 0)
    except (OSError, ValueError):
        return False
    return not since or since == _started(number)


def _started(pid: str) -> str | None:
    """Read when a process began, in ticks since the machine did; None for one that is gone or unburied."""
    after_name = (_note(Path("/proc") / pid / "stat") or "").rpartition(")")[2].split()
    return after_name[19] if len(after_name) > 19 and after_name[0] != "Z" else None


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
