"""Who lives and who leads: by locks of the database, which go with the line of their process."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from presence.database import Database, open_database
from presence.errors import OtherKeys
from presence.processes.left import GONE_SECONDS
from presence.processes.living import COUNTED_SECONDS_MAX, KEYS, Living
from presence.processes.turns import IMPORTING, Turn
from tests.postgres import drop_database, new_database
from tests.presence.processes.slow_line import slow_line
from tests.presence.processes.waiting import until

pytestmark = pytest.mark.slow


@pytest.fixture
def url(postgres: str) -> Iterator[str]:
    yield new_database(postgres, "living")
    drop_database(postgres, "living")


@contextmanager
def process(
    url: str, keys: int | None = 7, now: Callable[[], float] = time.monotonic
) -> Iterator[tuple[Database, Living]]:
    database = open_database(url, Path("unused"))
    living = Living(database, now)
    living.open()
    try:
        if keys is not None:
            living.serve(lambda: keys)
        yield database, living
    finally:
        living.close()
        database.close()


def cut(url: str) -> None:
    """Cut the lines of everybody, as a server does that is started anew."""
    with psycopg.connect(url, autocommit=True) as connection:
        others = "datname = current_database() AND pid <> pg_backend_pid()"
        connection.execute(f"SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE {others}".encode())


def test_one_leads_and_the_next_takes_over_when_it_goes(url: str) -> None:
    with process(url) as (_, second):
        with process(url) as (_, first):
            until(lambda: first.leads or second.leads)
            assert first.others()
            assert second.others()
            assert not (first.leads and second.leads)
            leader, other = (first, second) if first.leads else (second, first)
            leader.close()
            until(lambda: other.leads)
        until(lambda: not second.others())


def test_who_is_gone_is_missed_and_who_only_lost_its_line_is_there_again(url: str) -> None:
    with process(url) as (mine, living), process(url) as (theirs, other):
        assert mine.process
        assert theirs.process
        both = {mine.process, theirs.process}
        assert living.gone(both, after_seconds=0) == set()
        cut(url)
        until(lambda: other.others() and living.others())
        assert living.gone(both, after_seconds=0) == set()
        other.close()
        until(lambda: living.gone(both, after_seconds=0) == {theirs.process})
        assert living.gone(both, after_seconds=3600) == set()  # it was seen to be missing just now


def test_who_has_another_secret_does_not_serve_beside(url: str) -> None:
    with process(url, keys=7) as (_, first):
        until(lambda: first.leads)
        with process(url, keys=7), process(url, keys=None) as (_, other), pytest.raises(OtherKeys):
            other.serve(lambda: 8)


def test_of_two_secrets_that_begin_at_once_one_serves(url: str) -> None:
    ready = threading.Barrier(2)

    def serves(living: Living, keys: int) -> bool:
        ready.wait()
        try:
            living.serve(lambda: keys)
        except OtherKeys:
            return False
        return True

    with process(url, keys=None) as (_, one), process(url, keys=None) as (_, other), ThreadPoolExecutor(2) as threads:
        began = [threads.submit(serves, living, keys) for living, keys in ((one, 7), (other, 8))]
        assert sorted(begun.result() for begun in began) == [False, True]
        assert len(one._held(KEYS)) == 1


def test_the_key_is_held_again_when_the_line_is_back(url: str) -> None:
    with process(url, keys=7) as (_, first):
        cut(url)
        until(lambda: first._line is not None and first._held(KEYS) == {7})


def test_a_process_whose_line_is_merely_slow_is_not_taken_for_gone(url: str) -> None:
    at = urlsplit(url)
    assert at.hostname
    assert at.port
    gone, them = set[int](), set[int]()
    with (
        slow_line(at.hostname, at.port) as line,
        process(url) as (_, living),
        process(url.replace(f":{at.port}/", f":{line.port}/")) as (theirs, _),
    ):
        assert theirs.process
        them.add(theirs.process)
        line.delay_seconds, line.drops = 3.0, 1  # it comes back with its second try, and each takes its time
        line.cut()
        until(lambda: living.gone(them, after_seconds=0) == them)

        def is_back() -> bool:
            gone.update(living.gone(them, after_seconds=GONE_SECONDS))
            return not living.gone(them, after_seconds=0)

        until(is_back)
    assert gone == set()


def test_what_nobody_saw_does_not_count_as_missed(url: str) -> None:
    at = {"now": 0.0}
    with process(url, now=lambda: at["now"]) as (_, living), process(url) as (theirs, other):
        assert theirs.process
        them = {theirs.process}
        other.close()
        until(lambda: living.gone(them, after_seconds=0) == them)
        at["now"] += 3600  # this process stood still
        assert living.gone(them, after_seconds=COUNTED_SECONDS_MAX + 1) == set()
        at["now"] += 2
        assert living.gone(them, after_seconds=COUNTED_SECONDS_MAX + 1) == them
        line = living._line
        cut(url)
        until(lambda: living._line not in (None, line))
        at["now"] += 2
        assert living.gone(them, after_seconds=1) == set()  # its own line was away: it looks anew


def test_a_word_to_stop_reaches_the_others(url: str) -> None:
    heard: list[str] = []
    with process(url) as (_, one), process(url) as (_, other):
        other.stop = heard.append
        one.tell_stop("an answer")
        until(lambda: heard == ["an answer"])


def test_a_turn_is_had_by_one_process_and_goes_with_its_line(url: str) -> None:
    with process(url) as (mine, _), process(url) as (theirs, _):
        one, other = Turn(mine, IMPORTING), Turn(theirs, IMPORTING)
        with one:
            assert one.locked()
            assert not other.acquire(timeout=0)
            assert not other.locked()
        assert other.acquire(timeout=0)
        assert not one.acquire(timeout=0)
        cut(url)
        until(lambda: one.acquire(timeout=0))
        one.release()
        other.release()  # it has no turn any more, and says nothing about it
