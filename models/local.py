"""Opens the local language model: the right build of the engine, a file that was tried out, the personas read.

A file that passed its trial is not tried again while it, the engine and the context stay the same.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from models.builds import Chosen, chosen_libraries, engine_version, use_libraries
from models.contracts import Writer
from models.errors import EngineMissing, ModelError, ModelMissing
from models.identity import weights_sha256
from models.inspection import Inspection, inspect
from models.readiness import readiness

TRIALS = "tried.json"
# Enough for eight answers of a thousand tokens, all at once.
CELLS_MIN = 8_192


@dataclass(frozen=True, slots=True)
class LocalModel:
    """What opening a local model takes; `folder` keeps trials and personas."""

    path: Path
    folder: Path
    build_folder: Path | None = None
    context_tokens: int = 4_096
    threads: int | None = None
    listeners: int = 8
    waiting: int = 32
    first_token_s: float | None = None
    conversation_bytes: int = 256 * 1024**2


def open_local(model: LocalModel, personas: Iterable[tuple[int, str]] = ()) -> Writer:
    """Open it; raises `EngineMissing`, `ModelMissing`, or a `ModelError` that says what is wrong with the file."""
    if not model.path.is_file():
        raise ModelMissing(f"There is no model at {model.path}. `presence models list` shows what can be had.")
    state = readiness(model.path, model.build_folder)
    if state.state != "ready":
        raise EngineMissing(state.reason or f"The language engine is not there yet: {state.state}.")
    chosen = chosen_libraries(model.build_folder)
    use_libraries(chosen)
    found = _tried(model, chosen)
    if found.sentence is not None:
        raise ModelError(found.sentence)
    from models.engine.contracts import Room  # loads the engine
    from models.llama import LlamaWriter

    room = Room(
        answers=model.listeners,
        waiting=model.waiting,
        cells=max(model.context_tokens, CELLS_MIN),
        answer_tokens=model.context_tokens,
        conversation_bytes=model.conversation_bytes,
        threads=model.threads,
    )
    writer = LlamaWriter(
        model.path,
        room=room,
        first_token_s=model.first_token_s,
        prefix_folder=model.folder / "personas",
        sha256=weights_sha256(model.path, model.folder),
    )
    try:
        writer.warm(personas)
    except BaseException:
        writer.close()
        raise
    return writer


def _tried(model: LocalModel, chosen: Chosen) -> Inspection:
    """Give the trial's result; only a passed one is remembered."""
    kept = model.folder / TRIALS
    key = _key(model, chosen)
    try:
        if json.loads(kept.read_text())["key"] == key:
            return Inspection(None, checked=True)
    except (OSError, ValueError, KeyError, TypeError):
        pass
    found = inspect(model.path, context_tokens=model.context_tokens)
    if found.sentence is None and found.checked:
        kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        kept.write_text(json.dumps({"key": key}))
    return found


def _key(model: LocalModel, chosen: Chosen) -> str:
    known = model.path.stat()
    same = asdict(replace(model, folder=Path(), build_folder=None, threads=None))
    said = f"{same} {known.st_size} {known.st_mtime_ns} {engine_version()} {chosen.folder}"
    return hashlib.sha256(said.encode()).hexdigest()
