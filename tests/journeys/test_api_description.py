"""Whatever the API's own description allows, and what it does not: no answer of it is a fault of ours."""

import pytest

from benchmarks.fuzz_http import measure

pytestmark = pytest.mark.slow


def test_no_request_finds_a_fault() -> None:
    figures = measure(0.7)["figures"]
    assert figures["finds"] == {}
    assert figures["requests"] > 500
    assert {"200", "201", "401", "404", "422"} <= set(figures["statuses"])
