"""A tiny sentence-transformers model with random weights, and the fast form made of it."""

import shutil
from pathlib import Path

import pytest

from tests.models.embedders.tiny_model import write_tiny_model


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of a few megabytes, on disk as such models lie. Not to be changed."""
    return write_tiny_model(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(scope="session")
def _made(tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    from models.embedders.opening import open_embedder

    cache = tmp_path_factory.mktemp("cache")
    assert open_embedder("folder", cache, tiny_model).form.startswith("openvino")
    return cache


@pytest.fixture
def cache(_made: Path, tmp_path: Path) -> Path:
    """A cache in which the tiny model's fast form was made, to be spoiled at will."""
    return Path(shutil.copytree(_made, tmp_path / "cache"))
