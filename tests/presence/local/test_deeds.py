"""What the doctor says of the engine."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from models import Readiness, builds
from presence.cli.shown import Shown
from presence.sight.doctor import engine_build


def services(readiness: Readiness, folder: Path | None = None) -> Any:
    settings = SimpleNamespace(models=SimpleNamespace(build_folder=folder))
    return SimpleNamespace(settings=settings, engine_readiness=lambda: readiness)


def test_an_engine_is_told_with_its_build_and_why(tmp_path: Path) -> None:
    assert engine_build(services(Readiness("ready"))) == builds.NOT_BUILT
    (tmp_path / "native" / "lib").mkdir(parents=True)
    state: Any
    for state in ("ready", "no model"):
        told = engine_build(services(Readiness(state), tmp_path))
        assert told == f"portable: native build {builds.UNCHECKED}"


def test_a_failed_build_is_told_with_its_reason() -> None:
    assert engine_build(services(Readiness("failed", reason="Missing: g++."))) == "Missing: g++."
    assert "make run" in engine_build(services(Readiness("failed")))


@pytest.mark.parametrize("state", ["missing", "building"])
def test_without_an_engine_there_is_a_sentence_still(state: Any) -> None:
    assert "built" in engine_build(services(Readiness(state)))


def test_the_doctor_shows_it_on_a_line_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    told = {"event": "checked", "findings": 0, "documents": 1, "passages": 2, "database": "sqlite"}
    Shown()({**told, "writer": "quoting", "engine": "ready", "engine_build": "native: passed [its] check"})
    assert "engine: native: passed [its] check" in capsys.readouterr().out.splitlines()
