"""Minutes of broken files: every reader gets seeded mutations of small examples and of the shared samples.

A file either is read to its rows or is refused with a sentence, within seconds. What raises anything else, or
takes longer, is made small and kept: what grew out of an example by hand in the corpus, where a test reads it
from then on; what grew out of a sample, whose licence may be another, beside it in `var/fuzz`.
"""

import hashlib
import logging
import multiprocessing
import resource
import signal
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path, PurePosixPath
from types import FrameType
from typing import Any

from knowledge.errors import ImportRefused
from tests.knowledge.importers.examples import examples
from tests.knowledge.importers.mutations import File, mutated
from tests.knowledge.importers.taking import NotWritable, taken

ROOT = Path(__file__).parents[1]
FOUND = ROOT / "tests" / "knowledge" / "importers" / "found"
UNCLEAR = ROOT / "var" / "fuzz"
SAMPLES = ROOT.parent / "shared" / "data" / "formats"
CPU_SECONDS_MAX = 5.0
SILENT_SECONDS_MAX = 60.0  # a reader that no signal reaches
SAMPLE_BYTES_MAX = 100_000
KEPT_BYTES_MAX = 30_000
SMALLER_TRIES = 150
MEMORY_BYTES_MAX = 2 * 1024**3
ROUND = 200


@dataclass
class Told:
    """What a process saw in its round."""

    done: int = 0
    refused: int = 0
    finds: list[tuple[str, File]] = field(default_factory=list)


class TooSlow(BaseException):
    """A file took longer than anybody waits; not an `Exception`, so that no reader keeps it to itself."""


def measure(minutes: float, corpus: Path | None) -> dict[str, Any]:
    """Read broken files until the time is over; every kind of file has its turns."""
    kinds = _kinds()
    ends, turn = time.monotonic() + 60 * minutes, 0
    run, refused, found = Counter[str](), Counter[str](), dict[str, str]()
    while time.monotonic() < ends:
        for kind, files in kinds.items():
            _round(kind, files, turn, corpus or FOUND, run, refused, found)
            if time.monotonic() > ends:
                break
        turn += 1
    return {
        "figures": {"executions": dict(run), "refused": dict(refused), "found": found, "minutes": minutes},
        "ratios": {"refused": round(sum(refused.values()) / max(1, sum(run.values())), 3)},
    }


def _kinds() -> dict[str, tuple[File, ...]]:
    """Give the files by their format, and the samples by their folder."""
    kinds: dict[str, list[File]] = {}
    for kind, name, data in examples():
        kinds.setdefault(kind, []).append((name, data))
    if SAMPLES.exists():
        for path in sorted(path for path in SAMPLES.glob("*/*") if path.stat().st_size <= SAMPLE_BYTES_MAX):
            kinds.setdefault(f"sample {path.parent.name}", []).append((path.name, path.read_bytes()))
    return {kind: tuple(files) for kind, files in kinds.items()}


def _round(
    kind: str,
    files: tuple[File, ...],
    turn: int,
    corpus: Path,
    run: Counter[str],
    refused: Counter[str],
    found: dict[str, str],
) -> None:
    """Let a process read one round; when it dies of a file, that file is a find and the round goes on."""
    at = multiprocessing.Value("i", turn * ROUND)
    end = (turn + 1) * ROUND
    while at.value < end:
        ours, theirs = multiprocessing.Pipe(duplex=False)
        known = {one.removeprefix(f"{kind}: ") for one in found}
        process = multiprocessing.Process(target=_read_some, args=(kind, files, at, end, known, theirs.send))
        process.start()
        theirs.close()
        told, died = _followed(process, at, ours)
        run[kind] += told.done
        refused[kind] += told.refused
        for why, file in told.finds:
            found[f"{kind}: {why}"] = _keep(kind, file, corpus, why)
        if died:
            file = mutated(f"{kind}:{at.value}", files)
            found[f"{kind}: {died}"] = _keep(kind, file, corpus, died)
            at.value += 1


def _followed(process: multiprocessing.Process, at: "Synchronized[int]", pipe: "Connection") -> tuple[Told, str]:
    """Wait for the end of a process; give what it told, and how it died, if it did."""
    seen, since = at.value, time.monotonic()
    while time.monotonic() - since < SILENT_SECONDS_MAX:
        if pipe.poll(1.0):
            try:
                told = pipe.recv()
            except EOFError:
                break
            process.join()
            return told, ""
        if at.value != seen:
            seen, since = at.value, time.monotonic()
    ended = not process.is_alive() or time.monotonic() - since < SILENT_SECONDS_MAX
    process.kill()
    process.join()
    return Told(), f"the process died ({process.exitcode})" if ended else "never ended"


def _read_some(
    kind: str,
    files: tuple[File, ...],
    at: "Synchronized[int]",
    end: int,
    known: set[str],
    tell: Callable[[object], None],
) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES_MAX, MEMORY_BYTES_MAX))
    signal.signal(signal.SIGPROF, _too_slow)
    logging.disable(logging.CRITICAL)  # readers complain of every broken file
    warnings.simplefilter("ignore")
    told = Told()
    while at.value < end:
        file = mutated(f"{kind}:{at.value}", files)
        why = _why(file)
        told.done += 1
        told.refused += why == "refused"
        if why not in {"", "refused"} | known:
            known.add(why)
            told.finds.append((why, _smaller(file, why)))
        at.value += 1
    tell(told)


def _too_slow(_signal: int, _frame: FrameType | None) -> None:
    raise TooSlow


def _why(file: File) -> str:
    """Say what became of a file: "" where it was read, "refused", or what was raised, and where."""
    name, data = file
    signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS_MAX)
    try:
        taken(data, name)
    except ImportRefused as refusal:
        return "refused" if refusal.reason.strip().endswith((".", "”")) else f"no sentence: {refusal.reason[:60]}"
    except TooSlow:
        return f"more than {CPU_SECONDS_MAX:g} CPU-seconds"
    except NotWritable as error:
        return f"{error} cannot be written"
    except Exception as error:  # noqa: BLE001  # that is what is looked for
        return f"{type(error).__name__} in {_place(error)}"
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return ""


def _place(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if str(ROOT) in frame.filename and ".venv" not in frame.filename] or list(frames)
    return f"{Path(ours[-1].filename).name}:{ours[-1].name}"


def _smaller(file: File, why: str) -> File:
    """Leave out stretches as long as the same thing happens."""
    if why.startswith("more than"):
        return file
    name, data = file
    step, tries = len(data) // 2, 0
    while step and tries < SMALLER_TRIES:
        start = 0
        while start < len(data) and tries < SMALLER_TRIES:
            shorter = data[:start] + data[start + step :]
            tries += 1
            if _why((name, shorter)) == why:
                data = shorter
            else:
                start += step
        step //= 2
    return name, data


def _keep(kind: str, file: File, corpus: Path, why: str) -> str:
    """Write a file down; its name says which, as some formats look at theirs."""
    name, data = file
    folder = UNCLEAR if kind.startswith("sample") or len(data) > KEPT_BYTES_MAX else corpus
    folder.mkdir(parents=True, exist_ok=True)
    mark = hashlib.sha256(why.encode() + data).hexdigest()[:8]
    path = folder / f"{mark}--{PurePosixPath(name).name}"
    path.write_bytes(data)
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)
