"""Which build of the engine is loaded: the native one only when everything speaks for it."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from models import Chosen, builds, chosen_libraries, use_libraries
from models.builds import Verdict


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A native build that passed its check."""
    lib = tmp_path / "native" / "lib"
    lib.mkdir(parents=True)
    (lib / "libllama.so").write_bytes(b"the engine")
    (lib / "libomp.so.5").write_bytes(b"threads")
    builds.write_verdict(tmp_path / "native", verdict(lib))
    return tmp_path


def verdict(lib: Path) -> Verdict:
    return Verdict(
        ok=True,
        sentence="passed its check",
        processor=builds.processor_identity(),
        version=builds.engine_version(),
        libraries=builds.libraries_hash(lib),
        prefill_ratio=2.8,
        decode_ratio=1.1,
    )


def judged(folder: Path, **changed: object) -> Chosen:
    """What is chosen when the verdict says something else."""
    builds.write_verdict(folder / "native", replace(verdict(folder / "native" / "lib"), **changed))  # type: ignore[arg-type]
    return chosen_libraries(folder)


def test_a_native_build_that_passed_its_check_is_chosen(folder: Path) -> None:
    assert chosen_libraries(folder) == Chosen(folder / "native" / "lib", "native: passed its check")


def test_the_chosen_folder_is_absolute_because_the_engine_may_be_opened_elsewhere(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    assert chosen_libraries(Path()).folder == folder / "native" / "lib"


def test_without_a_native_build_the_sentence_says_how_to_make_one(tmp_path: Path) -> None:
    for nowhere in (None, tmp_path, tmp_path / "gone"):
        chosen = chosen_libraries(nowhere)
        assert chosen.folder is None
        assert "make native" in chosen.sentence


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"processor": "another"}, "another processor"),
        ({"version": "0.0.1"}, "of version 0.0.1"),
        ({"libraries": "0" * 64}, "changed since its check"),
        ({"ok": False, "sentence": "crashed in its check (signal 11)"}, "crashed in its check (signal 11)"),
    ],
)
def test_whatever_speaks_against_it_is_told(folder: Path, changed: dict[str, object], said: str) -> None:
    chosen = judged(folder, **changed)
    assert chosen.folder is None
    assert chosen.sentence.startswith("portable: native build ")
    assert said in chosen.sentence


@pytest.mark.parametrize("file", ["libllama.so", "libomp.so.5", "libanother.so"])
def test_a_library_that_changed_or_came_after_the_check_is_not_loaded(folder: Path, file: str) -> None:
    (folder / "native" / "lib" / file).write_bytes(b"another")
    assert chosen_libraries(folder).folder is None


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"ok": true}', "\x00\xff"])
def test_a_verdict_that_cannot_be_read_is_none(folder: Path, text: str) -> None:
    (folder / "native" / builds.VERDICT).write_text(text, encoding="latin-1")
    chosen = chosen_libraries(folder)
    assert (chosen.folder, chosen.sentence) == (None, f"portable: native build {builds.UNCHECKED}")


@pytest.mark.parametrize("ok", ['"yes"', "1", "null"])
def test_only_true_is_true(folder: Path, ok: str) -> None:
    file = folder / "native" / builds.VERDICT
    file.write_text(file.read_text().replace("true", ok))
    assert chosen_libraries(folder).folder is None


def test_a_check_that_was_broken_off_is_no_verdict(folder: Path) -> None:
    (folder / "native" / builds.VERDICT).rename(folder / "native" / f"{builds.VERDICT}.part")
    assert chosen_libraries(folder).folder is None


def test_a_processor_is_known_by_its_name_and_by_what_it_can_do(tmp_path: Path) -> None:
    def identity(name: str, flags: str) -> str:
        file = tmp_path / "cpuinfo"
        file.write_text(f"processor\t: 0\nmodel name\t: {name}\nflags\t\t: {flags}\n\nprocessor\t: 1\n")
        return builds.processor_identity(file)

    assert identity("one", "avx2 fma") == identity("one", "fma avx2")
    assert len({identity("one", "avx2 fma"), identity("one", "avx2 fma amx_int8"), identity("two", "avx2 fma")}) == 3
    assert builds.processor_identity(tmp_path / "gone") == "unknown"


def test_an_unknown_processor_never_gets_the_native_build(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(builds, "processor_identity", lambda: "unknown")
    assert judged(folder, processor="unknown").folder is None


class Environment(dict[str, str]):
    """An empty environment that stays empty of what pytest notes in it."""

    def __setitem__(self, name: str, value: str) -> None:
        if not name.startswith("PYTEST_"):
            super().__setitem__(name, value)


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    fresh = Environment()
    monkeypatch.setattr(os, "environ", fresh)
    monkeypatch.delitem(sys.modules, "llama_cpp", raising=False)
    return fresh


def test_the_chosen_libraries_are_named_to_the_engine(environment: dict[str, str], tmp_path: Path) -> None:
    assert use_libraries(Chosen(tmp_path, "native"))
    assert environment == {"LLAMA_CPP_LIB_PATH": str(tmp_path), "OMP_WAIT_POLICY": "passive", "KMP_BLOCKTIME": "0"}


def test_the_portable_ones_need_no_name_and_the_operators_wish_stays(environment: dict[str, str]) -> None:
    environment["OMP_WAIT_POLICY"] = "active"
    assert use_libraries(Chosen(None, "portable"))
    assert environment == {"OMP_WAIT_POLICY": "active", "KMP_BLOCKTIME": "0"}


def test_an_engine_that_is_imported_already_is_not_changed(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "llama_cpp", builds)
    assert not use_libraries(Chosen(tmp_path, "native"))
    assert environment == {}


def test_choosing_loads_neither_the_engine_nor_the_writer_of_models() -> None:
    code = "import sys, models; models.chosen_libraries(None); print({'llama_cpp', 'gguf'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
