"""Whatever the API's own description allows, and what it does not: no answer of it is a fault of ours."""

import pytest

from benchmarks.fuzz_http import fuzzed

pytestmark = pytest.mark.slow


def test_no_request_finds_a_fault() -> None:
    figures = fuzzed(1.2, seconds_max=60)["figures"]
    assert figures["finds"] == {}
    assert figures["requests"] > 500
    assert {"200", "401", "404", "422"} <= set(figures["statuses"])
    assert {"201", "202", "204"} & set(figures["statuses"]), "something was taken in"
