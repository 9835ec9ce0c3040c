"""Two forms are alike only when every row and every neighbourhood is."""

import numpy as np
import pytest

from models.embedders.contracts import Vectors
from models.embedders.likeness import Likeness, likeness, processor
from models.embedders.samples import SAMPLES


def unit(rows: object) -> Vectors:
    matrix = np.asarray(rows, dtype=np.float32)
    result: Vectors = matrix / np.linalg.norm(matrix, axis=1, keepdims=True)
    return result


@pytest.fixture
def reference() -> Vectors:
    return unit(np.random.default_rng(1).normal(size=(64, 48)))


def test_the_same_rows_are_alike(reference: Vectors) -> None:
    same = likeness(reference, reference)
    assert same.enough
    assert same.cosine_min == pytest.approx(1)
    assert same.overlap_mean == 1


def test_a_little_noise_is_alike_and_more_is_not(reference: Vectors) -> None:
    noise = np.random.default_rng(2).normal(size=reference.shape)
    assert likeness(reference, unit(reference + 0.0002 * noise)).enough
    assert not likeness(reference, unit(reference + 0.01 * noise)).enough


def test_one_wrong_row_is_enough_to_refuse(reference: Vectors) -> None:
    one_wrong = reference.copy()
    one_wrong[5] = reference[6]
    found = likeness(reference, one_wrong)
    assert not found.enough
    assert found.cosine_min < 0.9 < found.cosine_mean


def test_a_figure_that_is_no_number_is_refused() -> None:
    assert not Likeness(float("nan"), 1.0, 1.0).enough
    assert not Likeness(1.0, 1.0, float("nan")).enough


def test_both_bounds_count() -> None:
    assert Likeness(0.9999, 1.0, 0.99).enough
    assert not Likeness(0.9998, 1.0, 1.0).enough
    assert not Likeness(1.0, 1.0, 0.98).enough


def test_the_samples_are_sixty_four_different_texts_of_every_kind() -> None:
    assert len(SAMPLES) == len(set(SAMPLES)) == 64
    assert "" in SAMPLES
    assert max(len(text.split()) for text in SAMPLES) > 256
    assert sum(not text.isascii() for text in SAMPLES) > 8


def test_a_processor_has_one_identity() -> None:
    assert processor() == processor()
    assert "-" in processor()
