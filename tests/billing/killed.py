"""A process that takes money until it is killed: `python -m tests.billing.killed FILE [STATEMENT]`.

It says each capture that was acknowledged; before the given statement, if any, it kills itself.
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
    tell("ready")
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


if __name__ == "__main__":
    work(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0)
