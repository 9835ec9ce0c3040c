"""Batches are small, of like length, and leave no trace in the order."""

from itertools import pairwise

import numpy as np

from models.embedders.batches import BATCH, by_length, in_batches
from models.embedders.contracts import Vectors
from models.embedders.hashed import HashedEmbedder

TEXTS = [f"song {number} " * (1 + number * 7 % 23) for number in range(3 * BATCH + 5)]


def test_rows_stand_in_the_order_of_the_texts() -> None:
    hashed = HashedEmbedder()
    assert np.array_equal(in_batches(TEXTS, 384, hashed.embed), hashed.embed(TEXTS))


def test_every_text_is_in_one_small_batch() -> None:
    batches = by_length(TEXTS)
    assert sorted(place for batch in batches for place in batch) == list(range(len(TEXTS)))
    assert max(map(len, batches)) == BATCH


def test_no_text_of_a_later_batch_is_longer() -> None:
    lengths = [[len(TEXTS[place]) for place in batch] for batch in by_length(TEXTS)]
    assert all(min(first) >= max(second) for first, second in pairwise(lengths))


def test_no_texts_are_no_rows() -> None:
    def never(_texts: list[str]) -> Vectors:
        raise AssertionError

    assert in_batches([], 384, never).shape == (0, 384)
