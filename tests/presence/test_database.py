"""A snapshot stays as it was at its first statement, by whichever way it is read."""

from contextlib import ExitStack
from pathlib import Path
from sqlite3 import OperationalError

import pytest
from sqlalchemy import text

from billing.plain import Plain, statement
from presence.database import READERS_KEPT, open_database
from tests.databases import open_migrated

COUNT = "SELECT count(*) FROM rules"


def test_what_is_written_meanwhile_is_not_seen_in_a_snapshot(tmp_path: Path, database_url: str | None) -> None:
    database = open_migrated(database_url, tmp_path / "presence.db")
    try:
        with database.snapshot() as connection:
            plain = Plain(connection)
            before = plain.row(statement(COUNT))
            with database.owner.connect().execution_options(writes=True) as owner, owner.begin():
                owner.execute(text("INSERT INTO rules (name, value) VALUES ('noted', '1')"))
            assert plain.row(statement(COUNT)) == before == (0,)
        with database.snapshot() as connection:
            assert connection.execute(text(COUNT)).scalar_one() == 1
    finally:
        database.close()


def test_a_connection_is_lent_again_without_what_was_begun_on_it(tmp_path: Path) -> None:
    database = open_database(None, tmp_path / "house.db")
    with database.records() as first:
        first.execute(text("SELECT 1"))
    with database.records() as again:
        assert again is first
        assert not again.in_transaction()
    database.close()
    assert first.closed


def test_a_connection_on_which_something_went_wrong_is_not_lent_again(tmp_path: Path) -> None:
    database = open_database(None, tmp_path / "house.db")
    with pytest.raises(RuntimeError), database.records() as first:
        raise RuntimeError
    assert first.closed
    with database.records() as again:
        assert again is not first
    database.close()


def test_two_at_the_same_time_have_a_connection_each(tmp_path: Path) -> None:
    database = open_database(None, tmp_path / "house.db")
    with database.records() as one, database.records() as other:
        assert one is not other
    database.close()


def test_a_crowd_leaves_no_more_connections_behind_than_are_kept(tmp_path: Path) -> None:
    database = open_database(None, tmp_path / "house.db")
    with ExitStack() as crowd:
        lent = [crowd.enter_context(database.records()) for _ in range(READERS_KEPT + 3)]
    assert sum(not one.closed for one in lent) == READERS_KEPT
    database.close()
    assert all(one.closed for one in lent)


def test_nobody_waits_for_a_connection_while_others_come_back(tmp_path: Path) -> None:
    database = open_database(None, tmp_path / "house.db")
    with ExitStack() as crowd:
        lent = [crowd.enter_context(database.records()) for _ in range(100)]
        assert len({id(one) for one in lent}) == 100
    database.close()


def test_what_sqlalchemy_reads_in_a_snapshot_is_of_the_same_moment_and_nothing_stays_begun(tmp_path: Path) -> None:
    database = open_migrated(None, tmp_path / "presence.db")
    with database.snapshot() as connection:
        before = Plain(connection).row(statement(COUNT))
        with database.owner.connect().execution_options(writes=True) as owner, owner.begin():
            owner.execute(text("INSERT INTO rules (name, value) VALUES ('noted', '1')"))
        assert connection.execute(text(COUNT)).one() == before == (0,)
    with database.records() as again:
        assert again is connection
        assert not again.connection.driver_connection.in_transaction  # type: ignore[union-attr]  # sqlite3's own
        assert again.execute(text(COUNT)).scalar_one() == 1
    database.close()


def test_a_snapshot_that_is_broken_off_leaves_nothing_begun(tmp_path: Path) -> None:
    database = open_migrated(None, tmp_path / "presence.db")
    with pytest.raises(OperationalError), database.snapshot() as connection:
        Plain(connection).row(statement("SELECT * FROM no_such_table"))
    assert connection.closed
    with database.snapshot() as connection:
        assert Plain(connection).row(statement(COUNT)) == (0,)
    database.close()
