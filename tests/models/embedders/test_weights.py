"""A model's name changes with whatever changes its vectors."""

import json
from pathlib import Path

import pytest

from models.embedders.weights import folder_weights, prefix_of
from models.errors import ModelMissing


@pytest.fixture
def model(tmp_path: Path) -> Path:
    folder = tmp_path / "multilingual"
    folder.mkdir()
    (folder / "modules.json").write_text("[]")
    (folder / "tokenizer.json").write_text("{}")
    (folder / "model.safetensors").write_bytes(b"weights")
    return folder


def test_a_folder_gives_its_name_and_a_piece_of_the_hash(model: Path) -> None:
    weights = folder_weights(model)
    assert weights.name == f"multilingual-{weights.sha256[:8]}"
    assert weights == folder_weights(model)


@pytest.mark.parametrize("file", ["model.safetensors", "tokenizer.json", "modules.json"])
def test_other_weights_are_another_name(model: Path, file: str) -> None:
    before = folder_weights(model)
    (model / file).write_bytes((model / file).read_bytes() + b" ")
    assert folder_weights(model).name != before.name


@pytest.mark.parametrize("file", ["README.md", "onnx/model.bin", "openvino/openvino_model.bin"])
def test_what_is_not_read_does_not_count(model: Path, file: str) -> None:
    before = folder_weights(model)
    (model / file).parent.mkdir(exist_ok=True)
    (model / file).write_text("anything")
    assert folder_weights(model) == before


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match=r"modules\.json"):
        folder_weights(tmp_path)


@pytest.mark.parametrize(
    ("told", "prefix"),
    [
        (None, ""),
        ({}, ""),
        ({"prompts": {"query": "query: ", "passage": "passage: "}}, "query: "),
        ({"prompts": {"query": "query: ", "document": "passage: "}, "default_prompt_name": None}, "query: "),
        ({"prompts": {"query": "Given a question, find:", "document": ""}}, ""),
        ({"prompts": {"sts": "compare: "}, "default_prompt_name": "sts"}, "compare: "),
    ],
)
def test_the_prefix_is_the_default_or_that_of_a_model_trained_with_one(
    tmp_path: Path, told: dict[str, object] | None, prefix: str
) -> None:
    if told is not None:
        (tmp_path / "config_sentence_transformers.json").write_text(json.dumps(told))
    assert prefix_of(tmp_path) == prefix
