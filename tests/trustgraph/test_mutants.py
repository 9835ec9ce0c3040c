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
    "the ordinal is not looked at": ("held(step.document, step.entry.ordinal,", "held(step.document, 1,"),
    "blocked keys count": ("spine.is_blocked(document.iss) or spine.is_blocked(document.sub)", "False"),
    "a parent holds for a second too long": ("now < document.exp", "now <= document.exp"),
    "the tier is taken without what is above": ("Trust(way.hold.tier,", "Trust(way.steps[0].document.tier,"),
    "what was taken back counts above": ("spine.is_revoked(entry.seq)", "False"),
    "a renewal is not looked at": ("        entry = newest\n", ""),
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
    same = mutated("way.hold.tier", "way.hold.tier")
    monkeypatch.setattr(replay, "tier_of", same.tier_of)
    monkeypatch.setattr(judging, "climb", same.climb)
    assert run(LIVES_MAX) >= LIVES_MAX * STEPS_OF_ONE_LIFE // 2
