"""A snapshot stays as it was at its first statement, by whichever way it is read."""

from pathlib import Path

from sqlalchemy import text

from billing.plain import Plain, statement
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
