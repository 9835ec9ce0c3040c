"""One suite for every embedder: the hashed words that we ship, and the real weights in both forms."""

import hashlib
from pathlib import Path

import numpy as np
import pytest

from knowledge import Embedder
from models.embedders.hashed import HashedEmbedder
from models.errors import WeightsTampered

TEXTS = (
    "I wrote Pilot Ladder on a rented piano in Leeds.",
    "",
    "?!",
    "The coast guard called. " * 60,
    "Das Klavier in Köln hatte zwei stumme Tasten.",
    "ピアノ",
)


@pytest.fixture(scope="module")
def plain() -> Embedder:
    from models.embedders.minilm import MiniLmEmbedder

    return MiniLmEmbedder()


@pytest.fixture(scope="module")
def fast(tmp_path_factory: pytest.TempPathFactory) -> Embedder:
    from models.embedders.opening import open_embedder

    embedder = open_embedder("minilm", tmp_path_factory.mktemp("cache"))
    assert embedder.form.startswith("openvino")
    return embedder


@pytest.fixture(params=["hashed", *(pytest.param(form, marks=pytest.mark.slow) for form in ("plain", "fast"))])
def embedder(request: pytest.FixtureRequest) -> Embedder:
    if request.param == "hashed":
        return HashedEmbedder()
    weights: Embedder = request.getfixturevalue(request.param)
    return weights


def test_there_is_one_row_per_text_in_float32(embedder: Embedder) -> None:
    rows = embedder.embed(TEXTS)
    assert rows.shape == (len(TEXTS), embedder.dimension)
    assert rows.dtype == np.float32


def test_every_row_has_unit_length(embedder: Embedder) -> None:
    assert np.linalg.norm(embedder.embed(TEXTS), axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-5)


def test_no_texts_are_no_rows(embedder: Embedder) -> None:
    assert embedder.embed([]).shape == (0, embedder.dimension)
    assert embedder.embed([]).dtype == np.float32


def test_a_text_has_the_same_row_alone_and_in_company(embedder: Embedder) -> None:
    together = embedder.embed(TEXTS)
    alone = np.concatenate([embedder.embed([text]) for text in TEXTS])
    assert np.abs(together - alone).max() < 1e-6


def test_the_order_of_the_texts_does_not_matter(embedder: Embedder) -> None:
    assert np.abs(embedder.embed(TEXTS)[::-1] - embedder.embed(TEXTS[::-1])).max() < 1e-6


def test_a_text_is_nearer_to_its_like_than_to_another(embedder: Embedder) -> None:
    question, same, other = embedder.embed(
        ["Where was the piano rented?", "The piano was rented in Leeds.", "The coast guard called at night."]
    )
    assert question @ same > question @ other + 0.1


def test_it_has_a_name(embedder: Embedder) -> None:
    assert embedder.name


@pytest.mark.slow
def test_both_forms_bear_one_name_and_give_the_same_answers(plain: Embedder, fast: Embedder) -> None:
    from models.embedders.likeness import likeness

    assert (fast.name, fast.dimension) == (plain.name, plain.dimension)
    texts = [*TEXTS, *(f"{word} {text}" for word in ("Later", "In Leeds", "1998") for text in TEXTS)]
    assert likeness(plain.embed(texts), fast.embed(texts)).cosine_min > 0.9999


@pytest.mark.slow
def test_rounded_numbers_do_not_make_a_row_depend_on_its_company(fast: Embedder) -> None:
    from models.embedders.samples import SAMPLES

    alone = np.concatenate([fast.embed([text]) for text in SAMPLES])
    assert np.abs(fast.embed(SAMPLES) - alone).max() < 1e-6


def test_weights_that_are_not_the_pinned_ones_are_refused(tmp_path: Path) -> None:
    from models.embedders.minilm import verify_weights

    weights = tmp_path / "model.safetensors"
    weights.write_bytes(b"weights")
    pinned = hashlib.sha256(b"weights").hexdigest()
    verify_weights(weights, pinned)
    weights.write_bytes(b"weightS")
    with pytest.raises(WeightsTampered) as refused:
        verify_weights(weights, pinned)
    assert refused.value.expected == pinned


def test_tampered_weights_are_never_loaded(tmp_path: Path) -> None:
    from models.embedders.minilm import MiniLmEmbedder

    (tmp_path / "model.safetensors").write_bytes(b"someone else's weights")
    with pytest.raises(WeightsTampered):
        MiniLmEmbedder(tmp_path)
