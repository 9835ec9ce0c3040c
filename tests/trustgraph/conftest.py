"""A log of trust over a database, with a clock of its own."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from presence.database import Database
from presence.write_lane import WriteLane
from tests.databases import open_migrated
from trustgraph import GrantLog, HeadFile


class Clock:
    """Time that tests move."""

    def __init__(self) -> None:
        self.now = float(int(time.time()))

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def database(tmp_path: Path, database_url: str | None) -> Iterator[Database]:
    opened = open_migrated(database_url, tmp_path / "presence.db")
    yield opened
    opened.close()


@pytest.fixture
def lane(database: Database) -> Iterator[WriteLane]:
    opened = WriteLane(database.owner)
    yield opened
    opened.close()


OpenLog = Callable[[], GrantLog]


@pytest.fixture
def open_log(tmp_path: Path, database: Database, lane: WriteLane, clock: Clock) -> OpenLog:
    """Opens the log as a process does when it starts."""
    return lambda: GrantLog(database.snapshot, lane, HeadFile(tmp_path / "keys" / "head.json"), clock)


@pytest.fixture
def log(open_log: OpenLog) -> GrantLog:
    return open_log()
