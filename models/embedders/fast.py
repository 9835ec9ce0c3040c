"""The fast form: the whole model as one OpenVINO graph, at bf16 where the processor has it.

It needs neither torch nor transformers, which saves seconds of start and hundreds of megabytes; the
graph and the tokenizer were made and compared with the plain form by `models.embedders.making`.
"""

import os
import sys
import threading
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from models.embedders.batches import in_batches
from models.embedders.contracts import Vectors
from models.embedders.samples import SAMPLES
from models.embedders.shelf import Sheet, Shelf
from models.embedders.weights import Weights

BF16, F32 = "bf16", "f32"
Pieces = npt.NDArray[np.int64]
"""Ids of word pieces, or which of them count: a row for each text."""
COMPARED = 8
"""So many short texts are read by both graphs when they are opened."""
_DEVICE = "CPU"
_TELEMETRY = "openvino_telemetry"


def openvino() -> Any:  # it ships no types
    """Import OpenVINO with its reporting switched off, or raise `ImportError`.

    Left alone, importing it sends an event to its vendor's statistics. It does without that
    package when it cannot be imported, so we see to it that it cannot.
    """
    sys.modules[_TELEMETRY] = None  # type: ignore[assignment]  # the documented way to forbid an import
    import openvino as module

    return module


def precisions() -> tuple[str, ...]:
    """Give the precisions worth trying on this processor, the fastest first."""
    able = openvino().Core().get_property(_DEVICE, "OPTIMIZATION_CAPABILITIES")
    return (BF16, F32) if "BF16" in able else (F32,)


class FastForm:
    """Loads once; thread-safe, one call computes at a time on one thread."""

    def __init__(self, weights: Weights, shelf: Shelf, sheet: Sheet, precision: str) -> None:
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        self.name = weights.name
        self.dimension = sheet.dimension
        self.form = f"openvino {precision}"
        self._prefix = weights.prefix
        self._tokenizer = Tokenizer.from_file(str(shelf.tokenizer))
        self._graph, self._short = self._opened(shelf, precision)
        self._lock = threading.Lock()

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Give one unit row per text; the same text gives the same row, whoever asks."""
        with self._lock:
            return in_batches(texts, self.dimension, self._embed_batch)

    def pieces(self, texts: Sequence[str]) -> list[list[int]]:
        """Give the ids of each text's word pieces, cut and without padding."""
        encoded = self._tokenizer.encode_batch([self._prefix + text for text in texts])
        return [[i for i, kept in zip(e.ids, e.attention_mask, strict=True) if kept] for e in encoded]

    def _embed_batch(self, texts: list[str]) -> Vectors:
        encoded = self._tokenizer.encode_batch([self._prefix + text for text in texts])
        ids = np.array([one.ids for one in encoded], dtype=np.int64)
        mask = np.array([one.attention_mask for one in encoded], dtype=np.int64)
        short = self._short
        rows = self._graph(ids, mask) if short is None or ids.shape != short.shape else short(ids, mask)
        unit: Vectors = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return unit

    def _opened(self, shelf: Shelf, precision: str) -> "tuple[_Graph, _OfOneShape | None]":
        """Give the graph for whatever comes, and for one short text alone, which is what most questions are.

        The latter only where it gives the very same: what is found must not depend on who asks beside somebody.
        """
        model = openvino().Core().read_model(str(shelf.graph))
        graph = _Graph(_compiled(model, precision))
        pieces = (self._tokenizer.padding or {}).get("pad_to_multiple_of")
        if not pieces:
            return graph, None
        short = _OfOneShape(model, precision, (1, pieces))
        read = [self._tokenizer.encode(self._prefix + text) for text in SAMPLES]
        rows = [np.array([[one.ids], [one.attention_mask]], dtype=np.int64) for one in read if len(one.ids) == pieces]
        is_same = [np.array_equal(graph(*row), short(*row)) for row in rows[:COMPARED]]
        return graph, short if is_same and all(is_same) else None


class _Graph:
    """A graph for any number of texts of any length. Not thread-safe."""

    def __init__(self, compiled: Any) -> None:
        self._request = compiled.create_infer_request()

    def __call__(self, ids: Pieces, mask: Pieces) -> Vectors:
        self._request.infer([ids, mask])
        return np.array(self._request.get_output_tensor(0).data, dtype=np.float32)


class _OfOneShape:
    """The same graph for one shape, which it is not asked for each time: that takes a quarter less. Not thread-safe."""

    def __init__(self, model: Any, precision: str, shape: tuple[int, int]) -> None:
        self.shape = shape
        model.reshape({given: list(shape) for given in model.inputs})
        self._request = _compiled(model, precision).create_infer_request()
        self._given = [np.zeros(shape, dtype=np.int64) for _ in model.inputs]
        for place, given in enumerate(self._given):
            self._request.set_input_tensor(place, openvino().Tensor(given, shared_memory=True))

    def __call__(self, *given: Pieces) -> Vectors:
        for mine, yours in zip(self._given, given, strict=True):
            mine[:] = yours
        self._request.infer()
        return np.array(self._request.get_output_tensor(0).data, dtype=np.float32)


def _compiled(model: Any, precision: str) -> Any:
    settings = {
        "INFERENCE_PRECISION_HINT": precision,
        "INFERENCE_NUM_THREADS": 1,
        "NUM_STREAMS": 1,
        "ENABLE_CPU_PINNING": False,  # pinned to one core, it would queue behind whatever else runs there
    }
    return openvino().Core().compile_model(model, _DEVICE, settings)
