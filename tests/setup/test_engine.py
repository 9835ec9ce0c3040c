"""The notes that the engine's build keeps never wedge it: whatever was left behind, the next start builds on.

The script is the real one, in a folder of its own. It finds no compiler there and may not install one, so it
ends before the minutes begin; the build itself is `make test`'s first part.
"""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROGRAMS = """bash awk cat chmod cut date df dirname du env flock grep id ln ls mkdir mktemp mv nice nohup rm sed setsid
sha256sum sleep sort tail tar tr wc"""
DEADLINE_S = 60


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A checkout with the scripts, without an engine, and a PATH without a compiler."""
    shutil.copytree(ROOT / "setup", tmp_path / "setup")
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\nexit 1\n")  # the engine cannot be imported
    python.chmod(0o755)
    (tmp_path / "path").mkdir()
    for name in PROGRAMS.split():
        if found := shutil.which(name):
            (tmp_path / "path" / name).symlink_to(found)
    (tmp_path / ".engine").mkdir()
    return tmp_path


def engine(house: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(house / "setup" / "engine.sh"), *words],
        env={"PATH": str(house / "path")},
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
        check=False,
    )


def note(house: Path, name: str) -> str:
    return (house / ".engine" / name).read_text().strip()


def ended(house: Path) -> str:
    """Wait for the builder in the background; gives the state it left."""
    until = time.monotonic() + DEADLINE_S
    while note(house, "state") == "building" and time.monotonic() < until:
        time.sleep(0.05)
    return note(house, "state")


def leave(house: Path, **notes: str) -> None:
    """Leave notes as an earlier build would have."""
    for name, text in notes.items():
        (house / ".engine" / name).write_text(text)


def instead(house: Path, program: str, line: str) -> None:
    """Put one line of shell in a program's place."""
    (house / "path" / program).unlink()
    (house / "path" / program).write_text(f"#!{house}/path/bash\n{line}\n")
    (house / "path" / program).chmod(0o755)


def started(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]


def test_without_a_compiler_the_reason_says_what_is_missing(house: Path) -> None:
    done = engine(house)
    assert done.returncode == 1
    assert note(house, "state") == "failed"
    assert note(house, "reason").startswith("Missing: g++.")
    assert note(house, "reason") in done.stderr


def test_in_the_background_the_reason_is_the_same(house: Path) -> None:
    done = engine(house, "background")
    assert done.returncode == 0
    assert ended(house) == "failed"
    assert note(house, "reason").startswith("Missing: g++.")


def test_a_running_build_is_not_started_twice(house: Path) -> None:
    me = os.getpid()
    leave(house, state="building", pid=f"{me} {started(me)}")
    assert "being built already" in engine(house, "background").stdout
    assert note(house, "pid").split()[0] == str(me)


@pytest.mark.parametrize("pid", ["", "soon", "1", "{me} 1", "999999999 5"])
def test_a_builder_that_is_gone_holds_nobody_up(house: Path, pid: str) -> None:
    leave(house, state="building", pid=pid.format(me=os.getpid()))
    assert "is being built in the background" in engine(house, "background").stdout
    assert ended(house) == "failed"
    assert note(house, "reason").startswith("Missing: g++.")


@pytest.mark.parametrize("state", ["", "\0\0", "failed", "done", "building"])
def test_whatever_the_state_says_the_next_start_builds_on(house: Path, state: str) -> None:
    leave(house, state=state)
    assert "is being built in the background" in engine(house, "background").stdout
    assert ended(house) == "failed"


def test_an_old_reason_does_not_outlive_its_build(house: Path) -> None:
    leave(house, state="failed", reason="An old reason.")
    engine(house)
    assert note(house, "reason").startswith("Missing: g++.")


def test_a_build_that_is_broken_off_says_so_and_not_what_an_earlier_one_said(house: Path) -> None:
    leave(house, state="failed", reason="An old reason.")
    instead(house, "df", "> .engine/at-df; sleep 60")
    command = [str(house / "setup" / "engine.sh")]
    with subprocess.Popen(command, env={"PATH": str(house / "path")}, start_new_session=True) as builder:
        until = time.monotonic() + DEADLINE_S
        while not (house / ".engine" / "at-df").exists() and time.monotonic() < until:
            time.sleep(0.05)
        os.killpg(builder.pid, signal.SIGTERM)
    assert note(house, "state") == "failed"
    assert note(house, "reason") == "Its build was broken off; make run goes on with it."


def test_two_builders_take_turns(house: Path) -> None:
    with subprocess.Popen(["flock", str(house / ".engine" / "lock"), "cat"], stdin=subprocess.PIPE) as other:
        time.sleep(0.5)  # a lock that is not taken yet would let the builder by, and the next line fail
        assert "is being built in the background" in engine(house, "background").stdout
        time.sleep(0.5)
        assert note(house, "state") == "building"
        other.communicate()
    assert ended(house) == "failed"


def test_a_note_that_does_not_fit_on_the_disk_takes_the_old_one_along(house: Path) -> None:
    leave(house, state="done")
    # `exec` keeps the process, so the name of the part that it will write is known before.
    command = [str(house / "path" / "bash"), "-c", "ln -s /dev/full .engine/state.$$ && exec setup/engine.sh"]
    done = subprocess.run(command, cwd=house, env={"PATH": str(house / "path")}, capture_output=True, check=False)
    assert done.returncode == 1
    assert not (house / ".engine" / "state").exists()


def test_a_build_that_needs_more_disk_than_there_is_says_so(house: Path) -> None:
    instead(house, "df", "printf 'Filesystem\\nroot 9999 9000 12 99%% /\\n'")
    engine(house)
    assert note(house, "reason") == "The engine's build needs 699 MB of disk; 12 are free."


def test_what_an_unfinished_build_has_taken_is_not_asked_for_again(house: Path) -> None:
    instead(house, "df", "printf 'Filesystem\\nroot 9999 9000 12 99%% /\\n'")
    instead(house, "du", "printf '690\\t.engine\\n'")
    engine(house)
    assert note(house, "reason").startswith("Missing: g++.")


@pytest.mark.parametrize(("failures", "kept"), [("", True), ("failed\n", True), ("failed\nfailed\n", False)])
def test_what_failed_twice_begins_anew_and_what_failed_once_goes_on(house: Path, failures: str, *, kept: bool) -> None:
    (house / ".engine" / "build").mkdir()
    leave(house, failures=failures)
    engine(house)
    assert (house / ".engine" / "build").exists() == kept


def test_native_without_clang_says_what_is_missing_and_keeps_the_portable_state(house: Path) -> None:
    (house / ".venv" / "bin" / "python").write_text("#!/bin/sh\nexit 0\n")  # the portable engine is there
    leave(house, state="done")
    done = engine(house, "native")
    assert done.returncode == 1
    assert "Missing: clang libomp-dev." in done.stderr
    assert note(house, "state") == "done"


def test_an_unknown_word_is_refused(house: Path) -> None:
    assert "does not know 'sideways'" in engine(house, "sideways").stderr
