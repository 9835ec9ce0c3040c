"""A walker that is broken in one place is caught by the state machine; so the machine looks at each of these."""

import types

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.trustgraph.test_state_machine import STEPS_OF_ONE_LIFE, ReplayMachine
from trustgraph import judging, replay, walk

LIVES_MAX = 250

MUTANTS = {
    "superseded grants count": ("spine.is_superseded(entry.seq)", "False"),
    "the ordinal is not looked at": ("child.ordinal <= room(bearer)", "child.ordinal > 0"),
    "blocked keys count": ("document.iss in spine.blocked or document.sub in spine.blocked", "False"),
    "a parent holds for a second too long": ("now < document.exp", "now <= document.exp"),
    "the highest tier on the way counts": ("tier = min(step", "tier = max(step"),
    "what was taken back counts above": ("spine.is_revoked(entry.seq)", "False"),
    "a narrower renewal is not looked at": ("refusal(grant, step.document) is not None", "False"),
    "what a thief signed counts": ("spine.keys.signed_for_artist(document.iss, step.entry.seq)", "True"),
    "a clock that was set back is not noticed": ("spine.is_behind(now)", "False"),
}


def mutated(old: str, new: str) -> types.ModuleType:
    """Compile the walker with one thing changed."""
    source = walk.__loader__.get_source(walk.__name__)  # type: ignore[union-attr]
    assert source is not None
    assert old in source, f"the walker says this otherwise now: {old}"
    module = types.ModuleType(walk.__name__)
    exec(compile(source.replace(old, new), "a mutant of the walker", "exec"), module.__dict__)
    return module


def run(lives: int) -> int:
    """Let the machine live so many lives, without making a failing one shorter; give the steps."""

    class Machine(ReplayMachine):
        steps = 0

    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=lives,
            stateful_step_count=STEPS_OF_ONE_LIFE,
            phases=[Phase.generate],
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    return Machine.steps


@pytest.mark.slow
@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_walker_that_is_broken_is_caught(mutant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = mutated(*MUTANTS[mutant])
    monkeypatch.setattr(replay, "tier_of", broken.tier_of)
    monkeypatch.setattr(judging, "climb", broken.climb)
    with pytest.raises(AssertionError):
        run(LIVES_MAX)


@pytest.mark.slow
def test_the_walker_as_it_is_passes_the_same_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    same = mutated("tier = min(step", "tier = min(step")
    monkeypatch.setattr(replay, "tier_of", same.tier_of)
    monkeypatch.setattr(judging, "climb", same.climb)
    assert run(LIVES_MAX) >= LIVES_MAX * STEPS_OF_ONE_LIFE // 2
