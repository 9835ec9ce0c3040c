"""Listeners go on asking while the node is killed, and the servers it stands on: nothing is lost, or charged twice."""

import pytest

from benchmarks.soak import soaked
from benchmarks.stores import SERVER

pytestmark = pytest.mark.slow

LISTENERS, SECONDS, SEED = 6, 60.0, 11


def test_whatever_fails_each_answer_ends_once_and_the_books_are_right() -> None:
    figures = soaked(LISTENERS, SECONDS, seed=SEED, on=SERVER)["figures"]
    assert figures["faults"] == {}
    assert sum(figures["happened"].values()) >= 2
    assert figures["answers"] >= LISTENERS
    assert figures["outcomes"]["answered"] >= 1
    books = figures["books"]
    assert (books["ledger_verify"], books["open_holds"], books["unsettled_answers"]) == (0, 0, 0)
    assert books["doctor_finds"] == []
    assert books["charged"] == books["receipts"] == books["read_on_receipts"] == figures["outcomes"]["answered"]
    assert books["charged_micros"] == books["receipts_micros"] == books["read_on_receipts_micros"]
