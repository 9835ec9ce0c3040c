"""The same journeys on servers and with two processes, by a switch: that it does what it says."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
IN_PROCESSES = "tests/journeys/test_ask_elsewhere.py"
IN_THIS_PROCESS = "tests/journeys/test_first_walk.py"
LEFT_OUT = "tests/journeys/test_overload.py"


def test_journeys_run_on_servers_and_with_two_processes(tmp_path: Path) -> None:
    chosen = {"PRESENCE_TEST_STORES": "server", "PRESENCE_TEST_PROCESSES": "2"}
    options = ["-q", "-rs", "-p", "no:cacheprovider", "--basetemp", str(tmp_path / "there")]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, IN_PROCESSES, IN_THIS_PROCESS, LEFT_OUT],
        cwd=ROOT,
        env={**os.environ, **chosen},
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "1 skipped" in done.stdout
    assert "about a home's own files" in done.stdout
    assert list((tmp_path / "there").rglob("presence.db")) == []
    assert list((tmp_path / "there").rglob("home-beside/owner.lock")) != []
