"""The doctor at a terminal: with a running node and without one, and where the node cannot be opened at all."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tests.processes import command, serving, told

pytestmark = pytest.mark.slow


@pytest.fixture
def home(tmp_path: Path) -> Path:
    made = command(tmp_path / "home", "init", "--name", "Ada Marsh")
    assert made.returncode == 0, made.stderr
    return tmp_path / "home"


def findings(lines: list[dict[str, Any]]) -> list[str]:
    return [one["check"] for one in lines if one["event"] == "finding"]


def test_it_looks_through_the_running_node_and_without_one(home: Path) -> None:
    alone = command(home, "doctor", "--json")
    with serving(home):
        beside = command(home, "doctor", "--json")
        shown = command(home, "doctor")
    for done in (alone, beside):
        assert done.returncode == 0, done.stdout + done.stderr
        lines = told(done)
        assert findings(lines) == []
        assert {"home", "permissions", "disk", "database", "keys", "ledger"} <= {one.get("check") for one in lines}
        assert lines[-1]["event"] == "checked"
    assert "nobody has it open" in alone.stdout
    assert "has it open" in beside.stdout
    assert "✓ database: sqlite, whole" in shown.stdout
    assert "All is well" in shown.stdout


def test_what_is_found_outside_and_inside_is_counted_together(home: Path) -> None:
    command(home, "doctor")  # begins the log of trust
    (home / "keys" / "head.json").unlink()
    home.chmod(0o755)
    done = command(home, "doctor", "--json")
    assert done.returncode == 1
    lines = told(done)
    assert findings(lines) == ["permissions", "permissions", "trust"]  # of the home, and of the settings in it
    assert lines[-1]["findings"] == 3
    shown = command(home, "doctor").stdout
    assert f"chmod 700 {home}" in shown
    assert "3 things to look at" in shown


@pytest.mark.parametrize("damage", ["garbage", "newer"])
def test_a_node_that_cannot_be_opened_is_a_finding(home: Path, damage: str) -> None:
    command(home, "doctor")
    if damage == "garbage":
        for path in home.glob("presence.db*"):
            path.write_bytes(b"this is no database, and never was one. " * 200)
    else:
        with sqlite3.connect(home / "presence.db") as database:
            database.execute("UPDATE alembic_version SET version_num = '9999'")
    done = command(home, "doctor", "--json")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert findings(told(done)) == ["node"]
    assert told(done)[-1] == {"event": "checked", "findings": 1}
    assert "not looked into" in command(home, "doctor").stdout


def test_where_there_is_no_home_none_is_made(tmp_path: Path) -> None:
    done = command(tmp_path / "nowhere", "doctor")
    assert done.returncode == 1
    assert "presence init makes one" in done.stdout
    assert not (tmp_path / "nowhere").exists()


def test_used_wrongly_it_ends_with_2(home: Path) -> None:
    assert command(home, "doctor", "--nonsense").returncode == 2
