"""Processes that take money until they are killed: `python -m tests.billing.killed`.

For each line `STATEMENT FILE` that it reads, this one forks a life, which says each capture that was
acknowledged, and before the given statement, if any, kills itself; then it says by which signal that life ended.
Forked, a life begins at once: importing everything anew takes a hundred times as long as living.
"""

import os
import signal
import sys
from pathlib import Path
from typing import Any

from billing import Sale
from billing.chain import follow_up
from billing.plain import Plain
from presence.database import open_database
from presence.write_lane import WriteLane
from tests.billing.conftest import ANN, CENT, Clock, Till, fixed
from trustgraph import Key


def die_at(statement: int) -> None:
    """Let the process end before so many statements, as by kill -9."""
    left = [statement]

    def dying(deed: Any) -> Any:
        def run(*given: Any, **values: Any) -> Any:
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return deed(*given, **values)

        return run

    for name in ("run", "row", "rows"):
        setattr(Plain, name, dying(getattr(Plain, name)))


def tell(what: str) -> None:
    """Say a line at once."""
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


def work(file: Path, statement: int) -> None:
    """Pay in, ask and pay; say what was acknowledged."""
    database = open_database(None, file)
    till = Till(database, WriteLane(database.owner), Clock(), Key(b"p" * 32))
    till.holds.end_all()
    tell(f"ready {os.getpid()}")
    if statement:
        die_at(statement)
    life = os.urandom(6).hex()
    for number in range(10_000):
        till.top_up(ANN, CENT, f"{life}-{number}")
        tell(f"paid {CENT}")
        hold = till.holds.place(f"{life}-{number}", ANN, fixed(CENT))
        if number % 5 == 4:
            till.holds.release(hold)
            tell("released 0")
        else:
            till.holds.capture(hold, CENT - number % 7, Sale("ask", "?", 1), beside=lambda *_: None)
            tell(f"captured {CENT - number % 7}")
        if number % 3 == 0:
            follow_up(till.lane)


def live_and_die() -> None:
    """Fork a life for each line, one after the other; no thread is running here, so that a fork is whole."""
    for line in sys.stdin:
        statement, _, file = line.rstrip("\n").partition(" ")
        child = os.fork()
        if not child:
            work(Path(file), int(statement))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        tell(f"died {os.waitstatus_to_exitcode(status)}")


if __name__ == "__main__":
    live_and_die()
