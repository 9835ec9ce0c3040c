"""What the local model lacks, told from the disk."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from models import Readiness, readiness


@pytest.fixture
def _no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine is not installed; Python finds no module that is None in `sys.modules`."""
    monkeypatch.setitem(sys.modules, "llama_cpp", None)


def started(pid: int) -> str:
    """When a process began, in the kernel's ticks."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]


def build(folder: Path, state: str, *, pid: str = str(os.getpid()), log: str | None = None) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "state").write_text(f"{state}\n")
    (folder / "pid").write_text(pid)
    if log is not None:
        (folder / "build.log").write_text(log)
    return folder


@pytest.mark.slow  # the engine is built by then
def test_an_engine_with_a_model_is_ready(tmp_path: Path) -> None:
    model = tmp_path / "model.gguf"
    model.touch()
    assert readiness(model, None) == Readiness("ready")


@pytest.mark.slow  # the engine is built by then
def test_an_engine_without_a_model_says_so(tmp_path: Path) -> None:
    assert readiness(None, None) == Readiness("no model")
    assert readiness(tmp_path / "gone.gguf", None) == Readiness("no model")


@pytest.mark.usefixtures("_no_engine")
def test_without_a_build_the_engine_is_missing(tmp_path: Path) -> None:
    assert readiness(None, None) == Readiness("missing")
    assert readiness(None, tmp_path / "nowhere") == Readiness("missing")


@pytest.mark.usefixtures("_no_engine")
def test_a_running_build_tells_how_far_it_is(tmp_path: Path) -> None:
    log = "configuring\n[1/140] Building a.o\n[35/140] Building b.o\n"
    assert readiness(None, build(tmp_path, "building", log=log)) == Readiness("building", 25)


@pytest.mark.usefixtures("_no_engine")
def test_lines_after_the_last_step_do_not_hide_it(tmp_path: Path) -> None:
    log = "[70/140] Building b.o\nwarning: a/b of something\n1/2 done\n"
    assert readiness(None, build(tmp_path, "building", log=log)).percent == 50


@pytest.mark.usefixtures("_no_engine")
def test_a_build_without_a_step_has_no_percent_yet(tmp_path: Path) -> None:
    assert readiness(None, build(tmp_path, "building")) == Readiness("building")
    assert readiness(None, build(tmp_path, "building", log="configuring\n")) == Readiness("building")


@pytest.mark.usefixtures("_no_engine")
def test_only_the_end_of_a_long_log_is_read(tmp_path: Path) -> None:
    log = "[1/4] Building a.o\n" + "x" * 10_000 + "\n[2/4] Building b.o\n"
    assert readiness(None, build(tmp_path, "building", log=log)).percent == 50


@pytest.mark.usefixtures("_no_engine")
def test_a_build_whose_process_is_gone_has_failed(tmp_path: Path) -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    assert readiness(None, build(tmp_path, "building", pid=str(child.pid))) == Readiness("failed")


@pytest.mark.usefixtures("_no_engine")
@pytest.mark.parametrize("pid", ["", "soon"])
def test_a_build_whose_process_is_not_known_has_failed(tmp_path: Path, pid: str) -> None:
    assert readiness(None, build(tmp_path, "building", pid=pid)) == Readiness("failed")


@pytest.mark.usefixtures("_no_engine")
def test_a_failed_build_has_failed(tmp_path: Path) -> None:
    assert readiness(None, build(tmp_path, "failed")) == Readiness("failed")


@pytest.mark.usefixtures("_no_engine")
def test_a_finished_build_that_was_removed_leaves_the_engine_missing(tmp_path: Path) -> None:
    assert readiness(None, build(tmp_path, "done")) == Readiness("missing")


@pytest.mark.usefixtures("_no_engine")
def test_a_failed_build_gives_its_reason_in_one_line(tmp_path: Path) -> None:
    folder = build(tmp_path, "failed")
    (folder / "reason").write_text("Missing: g++. Type this.\nand more")
    assert readiness(None, folder) == Readiness("failed", reason="Missing: g++. Type this.")
    (folder / "reason").write_text("")
    assert readiness(None, folder) == Readiness("failed")


@pytest.mark.usefixtures("_no_engine")
def test_a_reason_that_never_ends_is_cut(tmp_path: Path) -> None:
    folder = build(tmp_path, "failed")
    (folder / "reason").write_text("x" * 10_000)
    assert len(readiness(None, folder).reason or "") == 300


@pytest.mark.usefixtures("_no_engine")
def test_a_process_is_known_by_its_start_because_its_number_comes_back(tmp_path: Path) -> None:
    me = os.getpid()
    assert readiness(None, build(tmp_path, "building", pid=f"{me} {started(me)}")).state == "building"
    assert readiness(None, build(tmp_path, "building", pid=f"{me} {int(started(me)) - 1}")).state == "failed"


@pytest.mark.usefixtures("_no_engine")
def test_a_builder_that_was_killed_and_is_not_yet_buried_has_failed(tmp_path: Path) -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    folder = build(tmp_path, "building", pid=f"{child.pid} {started(child.pid)}")
    assert readiness(None, folder).state == "building"
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)  # it has ended, and nobody has taken note
    assert readiness(None, folder).state == "failed"
    child.communicate()


@pytest.mark.usefixtures("_no_engine")
@pytest.mark.parametrize("left", [b"", b"\x00\x00", b"\xff"])
def test_a_state_that_a_full_disk_cut_off_is_a_failed_build(tmp_path: Path, left: bytes) -> None:
    (build(tmp_path, "building") / "state").write_bytes(left)
    assert readiness(None, tmp_path).state == "failed"


@pytest.mark.usefixtures("_no_engine")
def test_a_reason_without_a_state_is_a_failed_build_too(tmp_path: Path) -> None:
    (tmp_path / "reason").write_text("The engine's build needs 700 MB of disk; 12 are free.")
    assert readiness(None, tmp_path).state == "failed"
