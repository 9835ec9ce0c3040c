"""Listeners who ask at the same time, stop, hang up, come back and leave: nothing fails, and the books are right."""

import pytest

from benchmarks.room import filled
from benchmarks.stores import EMBEDDED, SERVER
from tests.stores import ON_SERVERS

pytestmark = pytest.mark.slow

LISTENERS, SECONDS, NOTES = 8, 5.0, 40
NOT_FOUND_ONE_OF = 20
PRICE_MICROS = 20_000


def test_nobody_in_a_full_room_is_failed_and_the_books_are_right() -> None:
    on = SERVER if ON_SERVERS else EMBEDDED
    figures = filled(LISTENERS, SECONDS, notes=NOTES, embedder="hashed", on=on)["figures"]
    assert figures["faults"] == {}
    assert figures["answers"] >= LISTENERS
    assert set(figures["outcomes"]) <= {"answered", "stopped", "not_in_notes"}
    # These vectors know letters and no meaning: of some ways to ask, they find a note too far from the question.
    # Twice in a room where a slow machine gave few answers is no more than chance.
    not_found_max = max(figures["answers"] / NOT_FOUND_ONE_OF, 2)
    assert figures["outcomes"].get("not_in_notes", 0) <= not_found_max
    assert len(figures["habits"]) > 2  # not all of them only read
    assert sum(figures["outcomes"].values()) == figures["answers"]
    books = figures["books"]
    assert (books["ledger_verify"], books["open_holds"], books["unsettled_answers"]) == (0, 0, 0)
    assert books["set_aside_micros"] == 0
    assert books["charged_micros"] == books["receipts_micros"] == books["read_on_receipts_micros"]
    assert books["receipts"] == books["charged_micros"] // PRICE_MICROS
    assert figures["outcomes"]["answered"] <= books["receipts"] <= figures["answers"]
