"""An index that was away is brought in step until nothing was missed."""

import threading
from collections.abc import Iterator

import pytest

from knowledge.reach import Healing, Reach

LONG_S = 30.0


@pytest.fixture
def reach() -> Reach:
    return Reach()


@pytest.fixture
def told() -> list[str]:
    """What the index was told, and by whom."""
    return []


@pytest.fixture
def healed(reach: Reach, told: list[str]) -> Iterator[threading.Semaphore]:
    """Brought in step so often; right behind the first time something is imported, while the index counts as lost."""
    times = threading.Semaphore(0)
    notes = ["before"]

    def heal() -> None:
        told.extend(note for note in notes if note not in told)
        if len(notes) == 1:
            assert reach.is_lost  # so the import leaves the index alone
            notes.append("between")
        times.release()

    healing = Healing(reach, heal, retry_s=0.01)
    healing.start()
    yield times
    healing.close()


def test_what_is_imported_right_before_it_is_found_is_told_to_it(
    reach: Reach, healed: threading.Semaphore, told: list[str]
) -> None:
    reach.lose()
    for _ in range(2):
        assert healed.acquire(timeout=LONG_S)
    assert told == ["before", "between"]
    assert not reach.is_lost
