"""Can this file be the writer? It is opened, and made to write a little, in a process of its own.

A file that makes the engine crash, or that takes all memory, takes only that process with it.
"""

import importlib.util
import json
import os
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

from models.contracts import Limits, NumberedSentence, Prompt
from models.errors import ModelError, ModelUnreadable

SECONDS_MAX = 600
MAGIC = b"GGUF"
_CELLS = 1_024


@dataclass(frozen=True, slots=True)
class Inspection:
    """`sentence` says why the file cannot be the writer, None when it can; unchecked when only its head was read."""

    sentence: str | None
    checked: bool = False
    facts: dict[str, str | int] = field(default_factory=dict)


def inspect(path: Path, *, context_tokens: int = 4_096, seconds_max: float = SECONDS_MAX) -> Inspection:
    """Look at the head of the file, then try it with the engine, when that is there."""
    if not path.is_file():
        return Inspection(f"There is no file at {path}.")
    with path.open("rb") as file:
        if file.read(len(MAGIC)) != MAGIC:
            return Inspection(f"{path} is not a GGUF file: it does not begin like one.")
    if importlib.util.find_spec("llama_cpp") is None:
        return Inspection(None)
    command = [sys.executable, "-P", "-m", "models.inspection", str(path), str(context_tokens)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=seconds_max, check=False)  # noqa: S603  # our own module
    except subprocess.TimeoutExpired:
        return Inspection(f"{path} was given up: it wrote nothing within {seconds_max:.0f} seconds.", checked=True)
    return _read(path, done)


def _read(path: Path, done: "subprocess.CompletedProcess[bytes]") -> Inspection:
    try:
        told = json.loads(done.stdout.splitlines()[-1])
    except (ValueError, IndexError):
        how = f"signal {-done.returncode}" if done.returncode < 0 else f"exit {done.returncode}"
        return Inspection(
            f"{path} ends the engine ({how}): it is damaged, or needs more memory than there is.", checked=True
        )
    return Inspection(told["sentence"], checked=True, facts=told["facts"])


def try_out(path: Path, context_tokens: int) -> Inspection:
    """Open the model here and let it point once; what is wrong with it becomes a sentence."""
    from models.engine.contracts import Room  # the engine is loaded in the process that tries
    from models.llama import LlamaWriter

    cells = min(_CELLS, context_tokens)
    room = Room(answers=1, prefixes=1, waiting=1, cells=cells, answer_tokens=cells, batch=128, threads=1)
    try:
        writer = LlamaWriter(path, room=room)
    except ModelError as error:
        return Inspection(str(error), checked=True)
    try:
        if (room_needed := writer.memory_lacking(context_tokens)) is not None:
            return Inspection(str(ModelUnreadable(str(path), room_needed)), checked=True, facts=writer.facts())
        said = "".join(writer.write(_EXAMPLE, Limits(tokens_max=100, pointers_max=1), threading.Event()))
        sentence = None if said else str(ModelUnreadable(str(path), "it writes nothing"))
        return Inspection(sentence, checked=True, facts=writer.facts())
    except ModelError as error:
        return Inspection(str(error), checked=True)
    finally:
        writer.close()


_EXAMPLE = Prompt(
    "Answer by pointing.", "Where?", (NumberedSentence(1, "In the harbour.", "A", "A note", "", "p", 0, 1.0),)
)


def main() -> None:
    """Try the file named on the command line and print what was found, as one line of JSON."""
    found = try_out(Path(sys.argv[1]), int(sys.argv[2]))
    sys.stdout.write(json.dumps({"sentence": found.sentence, "facts": found.facts}) + "\n")
    sys.stdout.flush()
    os._exit(0)  # nothing that unloading could do matters any more


if __name__ == "__main__":
    main()
