"""Long stretches of one thing in the middle of a file: no reader may try everything on them in every way."""

import time
from contextlib import suppress

import pytest

from knowledge.errors import ImportRefused
from tests.knowledge.importers.examples import examples
from tests.knowledge.importers.taking import taken

LONG = 200_000
CPU_SECONDS_MAX = 20.0  # trying everything takes minutes
UNITS = ("A", "a ", " ", "\n", "\t", "0", "1:", "a-", "a.b.", "(", "[", "{{", ",")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("unit", UNITS)
def test_no_reader_tries_everything_on_a_long_stretch(unit: str) -> None:
    stretch = (unit * (LONG // len(unit))).encode()
    slow = []
    for _, name, data in examples():
        for at in (len(data) // 3, len(data) // 2, 4 * len(data) // 5):
            begun = time.thread_time()
            with suppress(ImportRefused, RecursionError):
                taken(data[:at] + stretch + data[at:], name)
            if time.thread_time() - begun > CPU_SECONDS_MAX:
                slow.append((name, at, round(time.thread_time() - begun, 1)))
    assert slow == []
