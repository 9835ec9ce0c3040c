"""On pairs that somebody else labelled, hardly any false sentence passes, and most true ones do."""

import pytest

from benchmarks.support import Judged, figures, judged

FALSE_SUPPORT_MAX = 0.02
FOUND_SUPPORT_MIN = 0.25  # the pairs are full of inference; what is read is only what is said


@pytest.fixture(scope="module")
def all_judged() -> list[Judged]:
    return judged()


def test_false_sentences_hardly_ever_pass(all_judged: list[Judged]) -> None:
    passed = [one.sentence for one in all_judged if one.found and not one.is_true]
    assert figures(all_judged)["false_support_share"] <= FALSE_SUPPORT_MAX, passed


def test_most_true_sentences_pass(all_judged: list[Judged]) -> None:
    assert figures(all_judged)["found_support_share"] >= FOUND_SUPPORT_MIN
