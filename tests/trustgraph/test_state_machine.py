"""The log in memory agrees with the oracle after every step of many random lives."""

from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.trustgraph.lives import Subject
from tests.trustgraph.machine import TrustMachine
from trustgraph.replay import Replay

STEPS_SLOW = 10_000
STEPS_OF_ONE_LIFE = 50


class ReplaySubject:
    """The log in memory; a restart replays its entries, which come out the same."""

    def __init__(self) -> None:
        self.replay = Replay()

    def accept(self, envelope: dict[str, Any], kind: str, now: int) -> None:
        self.replay.accept(envelope, kind, now)

    def tier_of(self, did: str, now: int) -> int:
        return self.replay.tier_of(did, now).tier

    def restart(self) -> None:
        before, self.replay = self.replay, Replay()
        for entry in before.store:
            self.replay.accept(entry.envelope, entry.kind, entry.received_at)
        assert self.replay.spine.head == before.spine.head

    def close(self) -> None:
        """Nothing is open."""


class ReplayMachine(TrustMachine):
    """Random lives of the log in memory."""

    def new_subject(self) -> Subject:
        return ReplaySubject()


def lives(count: int, *, derandomize: bool = False) -> settings:
    return settings(
        max_examples=count,
        stateful_step_count=STEPS_OF_ONE_LIFE,
        deadline=None,
        database=None,
        derandomize=derandomize,
        suppress_health_check=list(HealthCheck),
    )


def test_the_log_and_the_oracle_agree_after_every_step() -> None:
    class Short(ReplayMachine):
        steps = 0

    run_state_machine_as_test(Short, settings=lives(8, derandomize=True))
    assert Short.steps >= 200


@pytest.mark.slow
def test_the_log_and_the_oracle_agree_over_ten_thousand_steps() -> None:
    class Long(ReplayMachine):
        steps = 0

    while Long.steps < STEPS_SLOW:
        run_state_machine_as_test(Long, settings=lives(STEPS_SLOW // STEPS_OF_ONE_LIFE))
    assert Long.steps >= STEPS_SLOW
