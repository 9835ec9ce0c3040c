"""Texts that are alike lie together, whatever their order, and half-likes do not chain into one."""

import math
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.contracts import Vectors
from knowledge.likeness_groups import likeness_groups


def at(*degrees: float) -> Vectors:
    """Unit vectors in a plane."""
    return np.array([[math.cos(math.radians(d)), math.sin(math.radians(d))] for d in degrees], dtype=np.float32)


def test_nothing_and_one_are_groups_of_their_own() -> None:
    assert likeness_groups(np.zeros((0, 4), dtype=np.float32)) == []
    assert likeness_groups(at(10)) == [[0]]


def test_the_like_lie_together_and_the_unlike_apart() -> None:
    assert likeness_groups(at(0, 90, 5, 92)) == [[0, 2], [1, 3]]


@pytest.mark.parametrize(("between", "groups"), [(36.8, [[0, 1]]), (36.9, [[0], [1]])])
def test_the_border_is_a_cosine_of_four_fifths(between: float, groups: list[list[int]]) -> None:
    assert likeness_groups(at(0, between)) == groups


def test_half_likes_do_not_chain() -> None:
    # Each is like its neighbour (cosine .87); the ends are strangers.
    assert likeness_groups(at(0, 30, 60, 90)) == [[0, 1], [2, 3]]


def test_the_same_text_many_times_is_one_group() -> None:
    assert likeness_groups(at(*[45.0] * 300)) == [list(range(300))]


def test_the_order_does_not_matter() -> None:
    degrees = (0.0, 10.0, 50.0, 62.0, 120.0)
    for order in permutations(range(5)):
        found = likeness_groups(at(*[degrees[n] for n in order]))
        assert sorted(sorted(order[row] for row in group) for group in found) == [[0, 1], [2, 3], [4]]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(0, 359), max_size=12))
def test_every_text_is_in_one_group_and_each_group_holds_as_a_whole(degrees: list[float]) -> None:
    vectors = at(*degrees) if degrees else np.zeros((0, 2), dtype=np.float32)
    groups = likeness_groups(vectors)
    assert sorted(row for group in groups for row in group) == list(range(len(degrees)))
    for group in groups:
        within = vectors[group] @ vectors[group].T
        if len(group) > 1:
            assert within[~np.eye(len(group), dtype=bool)].mean() >= 0.8 - 0.02
