"""Engines of tiny models, opened for a test and closed after it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.models.tiny_gguf import CHATML, write_tiny_model

if TYPE_CHECKING:
    from models.engine.contracts import Request, Room, Savings
    from models.engine.engine import Engine

ENGINE_MISSING = "the language engine is not built yet: setup/engine.sh"


def tiny(folder: Path, *, talkative: bool = True, seed: int = 1) -> Path:
    """Write a tiny model with a chat template, once per folder and kind."""
    path = folder / f"tiny-{talkative}-{seed}.gguf"
    return path if path.exists() else write_tiny_model(path, chat_template=CHATML, talkative=talkative, seed=seed)


@contextmanager
def engine_of(
    path: Path, room: "Room | None" = None, savings: "Savings | None" = None, prefix_folder: Path | None = None
) -> "Iterator[Engine]":
    """Open an engine; skips the test where there is none."""
    pytest.importorskip("llama_cpp", reason=ENGINE_MISSING)
    from models.engine.contracts import Room
    from models.engine.engine import Engine
    from models.engine.weights import Weights

    engine = Engine(Weights(path), room or Room(threads=1), savings, prefix_folder=prefix_folder)
    try:
        yield engine
    finally:
        engine.close()


def text_of(engine: "Engine", request: "Request") -> str:
    """Submit and read to the end."""
    return "".join(engine.submit(request))
