"""Killed at any moment: what was acknowledged is there, what was set aside is free again, the books are right."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from billing import accounts
from billing.chain import follow_up
from billing.plain import Plain, statement
from presence.database import open_database
from presence.migrations import upgrade
from presence.write_lane import WriteLane
from tests.billing.conftest import ANN, Clock, Till
from trustgraph import Key

STEPS = 100
"""Statements of two rounds of paying in, asking, paying, and one follow-up; each of them is the last one once."""
AT_RANDOM, AT_RANDOM_MAX = 100, 1_000
CAPTURED_MIN = 50
"""Where a slow disk lets less be done in a hundred lives, there are more of them."""


class Lives:
    """Lives of a process, each forked from the same one; each kills itself or is killed."""

    def __init__(self) -> None:
        self._parent = subprocess.Popen(
            [sys.executable, "-m", "tests.billing.killed"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )

    def live(self, file: Path, *, statement: int = 0, seconds: float = 0.0) -> Counter[str]:
        """Let one live until it dies; give what it said it had done."""
        assert self._parent.stdin is not None
        assert self._parent.stdout is not None
        self._parent.stdin.write(f"{statement} {file}\n")
        self._parent.stdin.flush()
        ready, _, pid = self._parent.stdout.readline().partition(" ")
        assert ready == "ready"
        if not statement:
            time.sleep(seconds)
            os.kill(int(pid), signal.SIGKILL)
        done: Counter[str] = Counter()
        for line in self._parent.stdout:  # each is written at once, and is there whole or not at all
            what, _, micros = line.partition(" ")
            if what == "died":
                assert int(micros) == -signal.SIGKILL
                return done
            done[what] += int(micros)
            done["times " + what] += 1
        raise AssertionError("nobody says how it ended")

    def close(self) -> None:
        """End the parent."""
        self._parent.communicate()
        assert self._parent.returncode == 0


@pytest.fixture(scope="module")
def lives() -> Iterator[Lives]:
    made = Lives()
    yield made
    made.close()


def killed_again_and_again(lives: Lives, file: Path, deaths: Iterable[dict[str, float]]) -> Counter[str]:
    """Kill it so often, or until it has done enough; look at the money after each time."""
    database = open_database(None, file)
    upgrade(database.owner)
    acknowledged: Counter[str] = Counter()
    for number, how in enumerate(deaths):
        acknowledged += lives.live(file, **how)  # type: ignore[arg-type]
        look(file, acknowledged, deaths=number + 1)
        if number + 1 >= AT_RANDOM and acknowledged["times captured"] > CAPTURED_MIN:
            break
    database.close()
    return acknowledged


def look(file: Path, acknowledged: Counter[str], deaths: int) -> None:
    """After a death at most one thing was done that nobody was told of."""
    database = open_database(None, file)
    lane = WriteLane(database.owner)
    till = Till(database, lane, Clock(), Key(b"p" * 32))
    till.holds.end_all()
    wallet = till.wallets.open(ANN)
    assert (wallet.held, wallet.gift_held) == (0, 0)
    assert till.wrong() == ()
    earned, paid = till.balance(accounts.ANSWERS), -till.balance(accounts.PROCESSOR)
    assert wallet.posted == paid - earned
    with database.snapshot() as connection:
        plain = Plain(connection)
        (captures,) = plain.row(statement("SELECT count(*) FROM ledger_transactions WHERE kind = 'capture'")) or (0,)
        (links, last) = plain.row(statement("SELECT count(*), max(n) FROM ledger_chain")) or (0, 0)
        (transactions,) = plain.row(statement("SELECT count(*) FROM ledger_transactions")) or (0,)
        assert not plain.rows(statement("SELECT 1 FROM holds WHERE state = 'pending'"))
    assert earned >= acknowledged["captured"], "nothing acknowledged is lost"
    assert paid >= acknowledged["paid"]
    assert 0 <= captures - acknowledged["times captured"] <= deaths
    assert links == (last or 0) == transactions
    assert follow_up(lane) == 0
    lane.close()
    database.close()


@pytest.mark.slow
@pytest.mark.parametrize("half", [0, 1])
def test_killed_before_each_statement(lives: Lives, tmp_path: Path, half: int) -> None:
    done = killed_again_and_again(
        lives, tmp_path / "presence.db", [{"statement": n + 1} for n in range(half, STEPS, 2)]
    )
    assert done["times captured"] > 0


@pytest.mark.slow
def test_killed_at_random(lives: Lives, tmp_path: Path) -> None:
    chance = random.Random(6)
    deaths = [{"seconds": chance.uniform(0, 0.1)} for _ in range(AT_RANDOM_MAX)]
    done = killed_again_and_again(lives, tmp_path / "presence.db", deaths)
    assert done["times captured"] > CAPTURED_MIN


@pytest.mark.slow
def test_killed_once_between_setting_aside_and_charging(lives: Lives, tmp_path: Path) -> None:
    done = killed_again_and_again(lives, tmp_path / "presence.db", [{"statement": 24}])
    assert done["times paid"] <= 2
