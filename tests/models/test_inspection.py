"""Whether a file can be the writer is found out in a process of its own, and said in one sentence."""

import subprocess
import sys
from pathlib import Path

import pytest

from models.inspection import Inspection, inspect
from tests.models.bad_gguf import BAD
from tests.models.tiny_gguf import CHATML, write_tiny_model

ENGINE_MISSING = "the language engine is not built yet: setup/engine.sh"


@pytest.mark.slow
@pytest.mark.parametrize("kind", BAD)
def test_a_bad_model_is_one_sentence_that_says_what_is_wrong(tmp_path: Path, kind: str) -> None:
    pytest.importorskip("llama_cpp", reason=ENGINE_MISSING)
    make, says = BAD[kind]
    found = inspect(make(tmp_path / "bad.gguf"))
    assert found.sentence is not None
    assert says in found.sentence
    assert "\n" not in found.sentence


@pytest.mark.slow
def test_a_good_model_is_good_and_known(tmp_path: Path) -> None:
    pytest.importorskip("llama_cpp", reason=ENGINE_MISSING)
    found = inspect(write_tiny_model(tmp_path / "tiny.gguf", chat_template=CHATML))
    assert found.sentence is None
    assert found.checked
    assert found.facts["name"] == "tiny"


@pytest.mark.slow
def test_a_model_that_needs_more_memory_than_there_is_says_how_much(tmp_path: Path) -> None:
    pytest.importorskip("llama_cpp", reason=ENGINE_MISSING)
    path = write_tiny_model(tmp_path / "tiny.gguf", chat_template=CHATML)
    found = inspect(path, context_tokens=10**12)
    assert found.sentence is not None
    assert "GB of memory" in found.sentence


@pytest.mark.slow
def test_a_file_larger_than_the_memory_left_is_not_even_loaded(tmp_path: Path) -> None:
    pytest.importorskip("llama_cpp", reason=ENGINE_MISSING)
    path = write_tiny_model(tmp_path / "tiny.gguf", chat_template=CHATML)
    with path.open("r+b") as file:
        file.truncate(200 * 1024**3)  # a hole: nothing is written
    found = inspect(path)
    assert found.sentence is not None
    assert "GB of memory" in found.sentence


@pytest.mark.slow
def test_a_process_that_dies_is_a_sentence_too(tmp_path: Path) -> None:
    pytest.importorskip("llama_cpp", reason=ENGINE_MISSING)
    path = write_tiny_model(tmp_path / "tiny.gguf", chat_template=CHATML)
    limit = 60 * 1024**2  # too little for Python and numpy: the child dies, whatever it was doing
    code = (
        f"from models.inspection import inspect; from pathlib import Path; print(inspect(Path({str(path)!r})).sentence)"
    )
    done = subprocess.run(
        [sys.executable, "-c", f"import resource; from models.inspection import inspect\n{_limited(limit)}\n{code}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "ends the engine" in done.stdout


def _limited(limit: int) -> str:
    """Give code that lets children of this process have so little memory."""
    return (
        "import subprocess\nrun = subprocess.run\n"
        f"subprocess.run = lambda *a, **k: run(*a, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, "
        f"({limit}, {limit})), **k)"
    )


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    assert inspect(tmp_path / "nowhere.gguf") == Inspection(f"There is no file at {tmp_path / 'nowhere.gguf'}.")


def test_without_an_engine_only_the_head_is_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "llama_cpp", None)
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    path = tmp_path / "head.gguf"
    path.write_bytes(b"GGUF and nothing more")
    assert inspect(path) == Inspection(None, checked=False)
