"""Who lives and who leads: by locks of the database, which go with the line of their process."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from presence.database import Database, open_database
from presence.errors import OtherKeys
from presence.processes.living import Living
from presence.processes.turns import IMPORTING, Turn
from tests.postgres import drop_database, new_database
from tests.presence.processes.waiting import until

pytestmark = pytest.mark.slow


@pytest.fixture
def url(postgres: str) -> Iterator[str]:
    yield new_database(postgres, "living")
    drop_database(postgres, "living")


@contextmanager
def process(url: str, keys: int | None = 7) -> Iterator[tuple[Database, Living]]:
    database = open_database(url, Path("unused"))
    living = Living(database)
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
        with process(url, keys=7), process(url, keys=None) as (_, other):
            until(lambda: bool(first._held(71846213)))
            with pytest.raises(OtherKeys):
                other.serve(lambda: 8)


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
