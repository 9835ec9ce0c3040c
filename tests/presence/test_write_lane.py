"""The one writer: whole commands, in groups, with results only after the commit."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from presence.database import Database, open_database
from presence.write_lane import WriteLane


@pytest.fixture
def database(tmp_path: Path, database_url: str | None) -> Iterator[Database]:
    opened = open_database(database_url, tmp_path / "lane.db")
    yield opened
    opened.close()


@pytest.fixture
def lane(database: Database) -> Iterator[WriteLane]:
    opened = WriteLane(database.owner)
    opened.run(lambda owner: owner.execute(text("CREATE TABLE seen (n INTEGER PRIMARY KEY)")))
    yield opened
    opened.close()


def add(n: int) -> Callable[[Connection], int]:
    def command(owner: Connection) -> int:
        owner.execute(text("INSERT INTO seen VALUES (:n)"), {"n": n})
        return n

    return command


def seen(database: Database) -> list[int]:
    with database.records() as records:
        return list(records.execute(text("SELECT n FROM seen ORDER BY n")).scalars())


def test_a_result_comes_after_the_commit(lane: WriteLane, database: Database) -> None:
    assert lane.run(add(7)) == 7
    assert seen(database) == [7]


def test_a_command_that_fails_undoes_itself_and_nothing_else(lane: WriteLane, database: Database) -> None:
    def half(owner: Connection) -> None:
        owner.execute(text("INSERT INTO seen VALUES (100)"))
        raise KeyError("no")

    gate = threading.Event()
    lane.submit(lambda _owner: gate.wait(5))
    futures = [lane.submit(add(n)) for n in range(5)]
    failed = lane.submit(half)
    later = lane.submit(add(5))
    gate.set()
    assert [future.result(5) for future in futures] == list(range(5))
    with pytest.raises(KeyError):
        failed.result(5)
    assert later.result(5) == 5
    assert seen(database) == [0, 1, 2, 3, 4, 5]


def test_a_broken_statement_reaches_its_caller_only(lane: WriteLane, database: Database) -> None:
    lane.run(add(1))
    with pytest.raises(Exception, match="seen"):
        lane.run(add(1))
    assert lane.run(add(2)) == 2
    assert seen(database) == [1, 2]


def test_callers_on_many_threads_lose_nothing(lane: WriteLane, database: Database) -> None:
    def work(start: int) -> None:
        for n in range(start, start + 50):
            lane.run(add(n))

    threads = [threading.Thread(target=work, args=(100 * k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen(database)) == 200


def test_closing_commits_what_is_queued(database: Database) -> None:
    lane = WriteLane(database.owner)
    lane.run(lambda owner: owner.execute(text("CREATE TABLE seen (n INTEGER PRIMARY KEY)")))
    futures = [lane.submit(add(n)) for n in range(20)]
    lane.close()
    assert [future.result(0) for future in futures] == list(range(20))


def test_a_command_cannot_wait_for_another_one(lane: WriteLane) -> None:
    with pytest.raises(RuntimeError):
        lane.run(lambda _owner: lane.run(lambda owner: owner.execute(text("SELECT 1"))))
