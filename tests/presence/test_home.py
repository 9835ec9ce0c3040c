"""One process owns a home."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from presence.errors import HomeOwned
from presence.home import Home


def test_a_home_has_one_owner_at_a_time(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    assert home.owner() is None
    with home.owned():
        assert home.owner() == os.getpid()
        with pytest.raises(HomeOwned, match=f"process {os.getpid()}"), Home(home.folder).owned():
            pass
    assert home.owner() is None


def test_a_home_is_its_users_alone(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.prepare()
    assert home.folder.stat().st_mode & 0o777 == 0o700


def test_a_killed_owner_leaves_the_home_free(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    code = (
        "import sys, time, pathlib; from presence.home import Home\n"
        "with Home(pathlib.Path(sys.argv[1])).owned(): print('owned', flush=True); time.sleep(60)"
    )
    child = subprocess.Popen([sys.executable, "-c", code, str(home.folder)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert child.stdout.readline().strip() == "owned"
    assert home.owner() == child.pid
    child.kill()
    child.communicate()
    assert home.owner() is None
