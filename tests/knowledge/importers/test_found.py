"""Files over which a reader once stumbled (`python -m benchmarks fuzz` keeps them): each is read or refused now."""

import contextlib
import time
from pathlib import Path

import pytest

from knowledge.errors import ImportRefused
from tests.knowledge.importers.taking import taken

FOUND = sorted((Path(__file__).parent / "found").iterdir())
CPU_SECONDS_MAX = 5.0


def test_there_are_some() -> None:
    assert FOUND


@pytest.mark.parametrize("path", FOUND, ids=lambda path: path.name)
@pytest.mark.filterwarnings("ignore")
def test_nobody_stumbles_over_it_again(path: Path) -> None:
    begun = time.process_time()
    with contextlib.suppress(ImportRefused):
        assert taken(path.read_bytes(), path.name.partition("--")[2])
    assert time.process_time() - begun < CPU_SECONDS_MAX
