"""Makes a fast form and compares it with the plain one; runs as a process of its own, once per model and processor.

Its own, because it needs torch, transformers and OpenVINO at once, and all of that is gone when it ends.
    python -P -m models.embedders.making '{"name": …, "folder": …, "sha256": …, "prefix": …}' FOLDER
"""

import json
import sys
import warnings
from pathlib import Path
from typing import Any

from models.embedders.fast import FastForm, openvino, precisions
from models.embedders.likeness import Likeness, likeness
from models.embedders.plain import PlainForm
from models.embedders.samples import SAMPLES
from models.embedders.shelf import NoFastForm, Sheet, Shelf
from models.embedders.weights import Weights

PIECES_MAX = 512
"""For a model that names no limit of its own."""

PADDED_TO = 16
"""A text's row must not depend on its company. In bf16 it did by a thousandth, through the odd end of
a padded length; with whole vectors of 16 every sample had the same bits alone and in company."""


def make(weights: Weights, shelf: Shelf) -> None:
    """Fill the shelf's folder: graph, tokenizer, and at the end the sheet with the figures."""
    plain = PlainForm(weights)
    _save_graph(plain.model, shelf)
    _save_tokenizer(plain.model, shelf)
    draft = Sheet(plain.dimension, "", {}, {})
    reference = plain.embed(SAMPLES)
    figures: dict[str, Likeness] = {}
    for precision in precisions():
        fast = FastForm(weights, shelf, draft, precision)
        _compare_pieces(plain.model, weights.prefix, fast)
        figures[precision] = likeness(reference, fast.embed(SAMPLES))
        if figures[precision].enough:
            break
    shelf.write_sheet(plain.dimension, figures)


def _save_graph(model: Any, shelf: Shelf) -> None:
    """Trace the whole model, pooling and normalising with it, over two texts of unequal length."""
    import torch

    class Whole(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            features = {"input_ids": input_ids, "attention_mask": attention_mask}
            embedded: torch.Tensor = self.model(features)["sentence_embedding"]
            return embedded

    ids = model.tokenizer(["one short text", "another, which is longer"], padding=True, return_tensors="pt")
    example = {"input_ids": ids["input_ids"], "attention_mask": ids["attention_mask"]}
    with torch.no_grad():
        graph = openvino().convert_model(Whole().eval(), example_input=example)
    openvino().save_model(graph, str(shelf.graph), compress_to_fp16=False)


def _save_tokenizer(model: Any, shelf: Shelf) -> None:
    tokenizer = model.tokenizer
    backend = tokenizer.backend_tokenizer
    backend.enable_truncation(min(model.max_seq_length or PIECES_MAX, tokenizer.model_max_length))
    backend.enable_padding(
        direction=tokenizer.padding_side,
        pad_id=tokenizer.pad_token_id,
        pad_token=tokenizer.pad_token,
        pad_type_id=tokenizer.pad_token_type_id,
        pad_to_multiple_of=PADDED_TO,
    )
    backend.save(str(shelf.tokenizer))


def _compare_pieces(model: Any, prefix: str, fast: FastForm) -> None:
    """Raise `NoFastForm` unless both forms read the samples as the same word pieces."""
    for text, pieces in zip(SAMPLES, fast.pieces(SAMPLES), strict=True):
        if model.preprocess([prefix + text])["input_ids"][0].tolist() != pieces:
            raise NoFastForm("the tokenizer reads texts otherwise without transformers")


def main() -> None:
    """Make it, and tell in one line of the error stream why it could not be made."""
    warnings.simplefilter("ignore")  # tracing a model warns about every branch that it takes
    told = json.loads(sys.argv[1])
    weights = Weights(told["name"], Path(told["folder"]), told["sha256"], told["prefix"])
    try:
        make(weights, Shelf(Path(sys.argv[2])))
    except Exception as error:  # noqa: BLE001  # whatever it is, the plain form still works
        sys.exit(" ".join(f"{error}".split()) or type(error).__name__)


if __name__ == "__main__":
    main()
