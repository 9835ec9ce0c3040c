"""What several processes count together: no more of it than is set, whoever counts, and nothing while nobody can."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.exc import OperationalError

from presence.database import Database, open_database
from presence.errors import TooMany
from presence.processes.counting import SharedCounts
from presence.settings import LimitsSettings
from presence.web.limits import Limits
from tests.postgres import drop_database, new_database

pytestmark = pytest.mark.slow
SECRET = b"s" * 32


@pytest.fixture
def url(postgres: str) -> Iterator[str]:
    from tests.databases import migrated_database

    yield migrated_database(postgres, "counting")
    drop_database(postgres, "counting")


@pytest.fixture
def several(url: str) -> Iterator[list[Database]]:
    opened = [open_database(url, Path("unused")) for _ in range(2)]
    yield opened
    for one in opened:
        one.close()


def limits_of(databases: list[Database], **most: int) -> list[Limits]:
    chosen = LimitsSettings(**most)
    return [Limits(chosen, together=SharedCounts(database, lambda: SECRET)) for database in databases]


def test_sixteen_at_once_over_two_processes_take_no_more_than_is_set(several: list[Database]) -> None:
    limits = limits_of(several, questions_per_minute=5)

    def ask(number: int) -> float:
        mine = limits[number % 2]
        try:
            mine.count(mine.questions, ["192.0.2.1"])
        except TooMany as refused:
            return refused.retry_after_s
        return 0

    with ThreadPoolExecutor(16) as threads:
        waits = sorted(threads.map(ask, range(16)))
    assert waits[:5] == [0] * 5
    assert all(1 <= wait <= 60 for wait in waits[5:])
    limits[0].count(limits[0].questions, ["192.0.2.2", None])  # nobody else was counted
    limits[0].count(limits[0].offers, ["192.0.2.1"])  # nor anything else


def test_a_while_passes_by_the_clock_of_the_database_and_names_are_not_kept(several: list[Database], url: str) -> None:
    one, other = limits_of(several, keys_per_hour=2)
    for limits in (one, other):
        limits.count(limits.keys, ["did:key:somebody"])
    with pytest.raises(TooMany):
        one.count(one.keys, ["did:key:somebody"])
    with psycopg.connect(url, autocommit=True) as connection:
        assert "somebody" not in str(connection.execute("SELECT * FROM taken").fetchall())
        # The first was an hour ago, the second is half an hour old.
        connection.execute("UPDATE taken SET times = ARRAY[times[1] - 3600, times[2] - 1800]")
    other.count(other.keys, ["did:key:somebody"])
    with pytest.raises(TooMany) as refused:
        one.count(one.keys, ["did:key:somebody"])
    assert 1740 <= refused.value.retry_after_s <= 1800


def test_what_is_past_is_swept_and_what_is_not_stays(several: list[Database], url: str) -> None:
    counts = SharedCounts(several[0], lambda: SECRET)
    for name in ("ann", "bob"):
        counts.hit("questions", name, 5, 60)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("UPDATE taken SET until = until - 61 WHERE whom = (SELECT min(whom) FROM taken)")
        assert counts.sweep() == 1
        assert connection.execute("SELECT count(*) FROM taken").fetchall() == [(1,)]


def test_a_database_that_is_away_lets_nobody_in(postgres: str) -> None:
    url = new_database(postgres, "counting_away")
    database = open_database(url, Path("unused"))
    (limits,) = limits_of([database])
    drop_database(postgres, "counting_away")
    with pytest.raises(OperationalError):
        limits.count(limits.questions, ["192.0.2.1"])
    database.close()
