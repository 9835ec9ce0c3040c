"""The one writer: whole commands, in groups, with results only after the commit."""

import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from presence.database import Database, open_database
from presence.errors import Busy
from presence.write_lane import WriteLane, _Entry, visiting
from tests.presence.processes.waiting import until


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


def test_a_command_that_is_alone_undoes_itself_too(lane: WriteLane, database: Database) -> None:
    def half(owner: Connection) -> None:
        owner.execute(text("INSERT INTO seen VALUES (100)"))
        raise KeyError("no")

    for _ in range(2):
        with pytest.raises(KeyError):
            lane.run(half)
    assert lane.run(add(1)) == 1
    assert seen(database) == [1]


@pytest.mark.parametrize("has_rested", [False, True])
def test_a_lane_whose_connection_was_cut_goes_on_with_another(
    lane: WriteLane, database: Database, has_rested: bool
) -> None:
    if database.dialect == "sqlite":
        pytest.skip("nobody cuts the connection to a file")
    lane = WriteLane(database.owner, rest_seconds=0 if has_rested else 60)
    mine = lane.run(lambda owner: owner.execute(text("SELECT pg_backend_pid()")).scalar_one())
    with database.records() as records:
        records.execute(text("SELECT pg_terminate_backend(:mine, 5000)"), {"mine": mine})
    if not has_rested:  # else the pool looks at it first, and nobody notices
        with pytest.raises(OperationalError, match="terminating connection"):
            lane.run(add(1))
    assert lane.run(add(2)) == 2
    assert seen(database) == [2]
    lane.close()


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


def test_where_the_database_gave_up_the_transaction_nobody_is_told_that_it_is_kept(
    lane: WriteLane, database: Database
) -> None:
    """SQLite takes a whole transaction back when the disk is full; what was in it before is gone, too."""
    if database.dialect == "postgresql":
        pytest.skip("PostgreSQL keeps a transaction until it is told")

    def gives_up(owner: Connection) -> None:
        owner.execute(text("INSERT INTO seen VALUES (100)"))
        owner.exec_driver_sql("ROLLBACK")
        raise OSError("no space left")

    gate = threading.Event()
    lane.submit(lambda _owner: gate.wait(5))
    futures = [lane.submit(command) for command in (add(1), gives_up, add(2))]
    gate.set()
    assert [future.exception(5) is not None for future in futures] == [True, True, True]
    assert seen(database) == []
    assert lane.run(add(3)) == 3


def test_two_lanes_in_each_others_way_both_get_through(lane: WriteLane, database: Database) -> None:
    if database.dialect == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    other = WriteLane(database.owner)
    for n in (1, 2):
        lane.run(add(n))
    met = threading.Barrier(2)

    def touch(first: int, second: int) -> Callable[[Connection], None]:
        def command(owner: Connection) -> None:
            owner.execute(text("UPDATE seen SET n = n WHERE n = :n"), {"n": first})
            if not met.broken:
                with suppress(threading.BrokenBarrierError):
                    met.wait(5)
                met.abort()
            owner.execute(text("UPDATE seen SET n = n WHERE n = :n"), {"n": second})

        return command

    futures = [lane.submit(touch(1, 2)), other.submit(touch(2, 1))]
    assert [future.exception(20) for future in futures] == [None, None]
    other.close()


def stopped(database: Database, standing_seconds: float) -> tuple[WriteLane, threading.Event]:
    """Give a lane with room for four commands, stopped in the first of them until the event is set."""
    lane = WriteLane(database.owner, waiting_max=4, standing_seconds=standing_seconds)
    gate, begun = threading.Event(), threading.Event()
    lane.run(lambda owner: owner.execute(text("CREATE TABLE seen (n INTEGER PRIMARY KEY)")))

    def stop(_owner: Connection) -> None:
        begun.set()
        gate.wait(20)

    lane.submit(stop)
    assert begun.wait(5)
    return lane, gate


@pytest.fixture
def held(database: Database) -> Iterator[tuple[WriteLane, threading.Event]]:
    """Such a lane, of which it is said at once that nothing moves."""
    lane, gate = stopped(database, standing_seconds=0)
    yield lane, gate
    gate.set()
    lane.close()


def test_where_as_many_wait_as_may_a_visitor_is_refused_and_what_waits_is_carried_out(
    held: tuple[WriteLane, threading.Event], database: Database
) -> None:
    lane, gate = held
    futures = []
    for n in range(3):
        with visiting():
            futures.append(lane.submit(add(n)))
    for _ in range(20):
        with visiting(), pytest.raises(Busy) as refusal:
            lane.run(add(100))
    assert refusal.value.retry_after_s > 0
    assert lane.under_way == 4
    gate.set()
    assert [future.result(5) for future in futures] == [0, 1, 2]
    with visiting():
        assert lane.run(add(3)) == 3
    assert seen(database) == [0, 1, 2, 3]
    assert lane.under_way == 0


def test_a_crowd_alone_is_no_reason_to_refuse_anybody(database: Database) -> None:
    lane, gate = stopped(database, standing_seconds=60)
    futures = []
    for n in range(40):
        with visiting():
            futures.append(lane.submit(add(n)))
    gate.set()
    assert [one.result(10) for one in futures] == list(range(40))
    lane.close()


def test_what_was_begun_goes_on_however_many_wait(held: tuple[WriteLane, threading.Event], database: Database) -> None:
    lane, gate = held
    with visiting():
        first = lane.submit(add(0))
        crowd = [lane.submit(add(n)) for n in range(10, 20)]
        later = lane.submit(add(1))
    of_the_house = lane.submit(add(2))
    with visiting():
        ending = lane.submit(add(3), ends=True)
        with pytest.raises(Busy):
            lane.submit(add(100))
    gate.set()
    assert [one.result(5) for one in (first, later, of_the_house, ending)] == [0, 1, 2, 3]
    assert [one.result(5) for one in crowd] == list(range(10, 20))
    assert 100 not in seen(database)


def test_what_may_be_lost_is_dropped_where_there_is_no_room(
    held: tuple[WriteLane, threading.Event], database: Database
) -> None:
    lane, gate = held
    assert [lane.offer(add(n)) for n in range(6)] == [True, True, True, False, False, False]
    gate.set()
    lane.run(lambda _owner: None)
    assert seen(database) == [0, 1, 2]


def test_commands_that_fail_make_room_again(held: tuple[WriteLane, threading.Event]) -> None:
    lane, gate = held

    def fails(_owner: Connection) -> None:
        raise KeyError("no")

    failed = [lane.submit(fails) for _ in range(5)]
    gate.set()
    assert all(isinstance(one.exception(5), KeyError) for one in failed)
    with visiting():
        lane.run(add(1))


def test_a_file_that_somebody_else_keeps_locked_is_busy_and_no_bug(
    lane: WriteLane, database: Database, tmp_path: Path
) -> None:
    if database.dialect == "postgresql":
        pytest.skip("on PostgreSQL nobody locks everything")
    lane.run(lambda owner: owner.exec_driver_sql("PRAGMA busy_timeout = 50").close())
    with closing(sqlite3.connect(tmp_path / "lane.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Busy):
            lane.run(add(1))
        other.execute("ROLLBACK")
    assert lane.run(add(2)) == 2
    assert seen(database) == [2]


def with_sleep(sleep: Callable[[float], object]) -> SimpleNamespace:
    """Give the clocks that the lane reads with another sleep: everybody else in this process sleeps as ever."""
    return SimpleNamespace(perf_counter=time.perf_counter, monotonic=time.monotonic, sleep=sleep)


def test_who_is_alone_never_waits(lane: WriteLane, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    lane.run(add(0))
    lane.run(add(1))  # whoever made the table may have been somebody else
    monkeypatch.setattr("presence.write_lane.time", with_sleep(waited.append))
    for n in range(2, 8):
        lane.run(add(n))
    assert waited == []


def test_who_was_answered_just_now_is_waited_for_once(lane: WriteLane, monkeypatch: pytest.MonkeyPatch) -> None:
    groups: list[int] = []
    with ThreadPoolExecutor(1) as ann, ThreadPoolExecutor(1) as ben:
        for n, caller in enumerate((ann, ann, ann, ben)):
            caller.submit(lane.submit, add(n)).result(20).result(20)
        monkeypatch.setattr("presence.write_lane.time", with_sleep(lambda _seconds: lane.submit(add(99))))
        lane.committed = lambda commands, _seconds: groups.append(commands)
        # Ben was there just now, and does not come: somebody else does
        ann.submit(lane.submit, add(4)).result(20).result(20)
        ann.submit(lane.run, lambda _owner: None).result(20)
    assert max(groups) == 2


def test_who_comes_while_nothing_is_under_way_commits_on_her_own_thread(lane: WriteLane) -> None:
    assert lane.run(lambda _owner: threading.get_ident()) == threading.get_ident()
    assert lane.under_way == 0


def waiting() -> int:
    """How many threads wait for the end of what they put in line."""
    return sum(frame.f_code is _Entry.wait.__code__ for frame in sys._current_frames().values())


def test_who_comes_meanwhile_waits_in_line_and_is_committed_in_one_group(lane: WriteLane, database: Database) -> None:
    gate, begun, groups = threading.Event(), threading.Event(), list[int]()

    def stop(_owner: Connection) -> int:
        begun.set()
        gate.wait(20)
        return threading.get_ident()

    lane.committed = lambda commands, _seconds: groups.append(commands)
    with ThreadPoolExecutor(5) as callers:
        first = callers.submit(lane.run, stop)
        assert begun.wait(5)
        others = [callers.submit(lane.run, add(n)) for n in range(4)]
        until(lambda: waiting() == 4)
        gate.set()
        assert [other.result(20) for other in others] == [0, 1, 2, 3]
        assert first.result(20) != threading.get_ident()
    until(lambda: sum(groups) == 5)  # it is said after the results are there
    assert groups == [1, 4]
    assert seen(database) == [0, 1, 2, 3]
    # A crowd was there just now.
    assert lane.run(lambda _owner: threading.get_ident()) != threading.get_ident()
    until(lambda: not lane._turn.locked())
    assert lane.run(lambda _owner: threading.get_ident()) == threading.get_ident()


def test_who_is_broken_off_on_her_own_thread_leaves_nothing_behind(lane: WriteLane, database: Database) -> None:
    def broken_off(owner: Connection) -> None:
        owner.execute(text("INSERT INTO seen VALUES (100)"))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        lane.run(broken_off)
    assert lane.under_way == 0
    assert lane.run(add(1)) == 1
    assert seen(database) == [1]
