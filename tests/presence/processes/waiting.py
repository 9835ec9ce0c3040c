"""Waits for what comes by itself."""

import time
from collections.abc import Callable

SECONDS_MAX = 60.0


def until(comes: Callable[[], object], *, seconds_max: float = SECONDS_MAX) -> None:
    """Wait until it is so; fails where it never is."""
    ends = time.monotonic() + seconds_max
    while not comes():
        assert time.monotonic() < ends, "it never came"
        time.sleep(0.05)
