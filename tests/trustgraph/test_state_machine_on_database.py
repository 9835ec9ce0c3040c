"""The log in the database agrees with the oracle after every step, restarts of the node included."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import text

from presence.database import Database
from presence.write_lane import WriteLane
from tests.databases import open_migrated
from tests.trustgraph.conftest import Clock
from tests.trustgraph.lives import Subject
from tests.trustgraph.machine import TrustMachine
from trustgraph import GrantLog, HeadFile

STEPS_OF_ONE_LIFE = 40
STEPS = {True: 1_000, False: 400}  # on SQLite, on PostgreSQL


class DatabaseSubject:
    """A node's log; a restart opens it again, with what lies in the database and in the head's file."""

    def __init__(self, database: Database, lane: WriteLane) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self._database, self._lane, self._clock = database, lane, Clock()
        self.log = self._opened()

    def accept(self, envelope: dict[str, Any], kind: str, now: int) -> None:
        self._clock.now = float(now)
        self.log.accept(envelope, kind)

    def tier_of(self, did: str, now: int) -> int:
        self._clock.now = float(now)
        return self.log.tier_of(did).tier

    def restart(self) -> None:
        self.log = self._opened()
        assert self.log.check() == []

    def close(self) -> None:
        with self._database.owner.connect().execution_options(writes=True) as owner, owner.begin():
            forget(self._database, owner)
        self._folder.cleanup()

    def _opened(self) -> GrantLog:
        head = HeadFile(Path(self._folder.name) / "head.json")
        return GrantLog(self._database.snapshot, self._lane, head, self._clock)


def forget(database: Database, owner: Any) -> None:
    """Empty the log for the next life, which its triggers forbid."""
    if database.dialect == "sqlite":
        dropped = "trust_log_UPDATE", "trust_log_DELETE"
        named = text("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name IN (:one, :other)")
        ddl = owner.execute(named, dict(zip(("one", "other"), dropped, strict=True))).scalars().all()
        assert len(ddl) == len(dropped)
        for name in dropped:
            owner.execute(text(f"DROP TRIGGER {name}"))
        owner.execute(text("DELETE FROM trust_log"))
        for statement in ddl:
            owner.exec_driver_sql(statement)
    else:
        owner.execute(text("ALTER TABLE trust_log DISABLE TRIGGER trust_log_stays"))
        owner.execute(text("DELETE FROM trust_log"))
        owner.execute(text("ALTER TABLE trust_log ENABLE TRIGGER trust_log_stays"))
    owner.execute(text("DELETE FROM trust_live"))


@pytest.fixture
def opened(tmp_path: Path, database_url: str | None) -> Iterator[tuple[Database, WriteLane]]:
    database = open_migrated(database_url, tmp_path / "presence.db")
    lane = WriteLane(database.owner)
    yield database, lane
    lane.close()
    database.close()


@pytest.mark.slow
def test_the_database_and_the_oracle_agree_after_every_step(
    opened: tuple[Database, WriteLane], database_url: str | None
) -> None:
    class Stored(TrustMachine):
        steps = 0

        def new_subject(self) -> Subject:
            return DatabaseSubject(*opened)

    wanted = STEPS[database_url is None]
    while Stored.steps < wanted:
        run_state_machine_as_test(
            Stored,
            settings=settings(
                max_examples=wanted // STEPS_OF_ONE_LIFE,
                stateful_step_count=STEPS_OF_ONE_LIFE,
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
    assert Stored.steps >= wanted
