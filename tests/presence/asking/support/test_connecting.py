"""Between quotations only words without a fact pass, and a name that follows anyway."""

import pytest

from presence.asking.support import connecting

NEIGHBOURS = ["The van broke down.", "We made Harbour Lights with Tom Reyes in 2011."]


@pytest.mark.parametrize(
    "sentence",
    ["Here is what I wrote:", "And about Harbour Lights:", "Of Tom Reyes I wrote:", "On Harbour Lights she said more:"],
)
def test_words_that_join_pass(sentence: str) -> None:
    assert connecting(sentence, NEIGHBOURS)


@pytest.mark.parametrize(
    "sentence",
    [
        "I wrote Harbour Lights.",  # a fact
        "Before Harbour Lights:",  # an order
        "In 2011:",  # a date
        "About Tom:",  # a part of a name may be another name
        "About Harbour:",
        "About Harbour Lights and Tom Reyes:",
        "About the Van:",  # what came before is not what follows
        "About Low Tide:",
        "Not about Harbour Lights:",
        "",
    ],
)
def test_words_that_could_carry_a_fact_do_not(sentence: str) -> None:
    assert not connecting(sentence, NEIGHBOURS)


def test_without_neighbours_no_name_passes() -> None:
    assert connecting("And later:", [])
    assert not connecting("And about Harbour Lights:", [])
