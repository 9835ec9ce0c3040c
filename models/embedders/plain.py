"""The plain form: sentence-transformers on torch, 32-bit floats. Slow to load, and the reference for every other form.

One thread: on small shared machines a second one costs more than it gives.
"""

import os
import threading
from collections.abc import Sequence

import numpy as np

from models.embedders.batches import BATCH
from models.embedders.contracts import Vectors
from models.embedders.weights import Weights

FORM = "torch f32"


class PlainForm:
    """Loads once; thread-safe, one call computes at a time."""

    def __init__(self, weights: Weights, *, because: str = "") -> None:
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        import torch  # seconds and 300 MB that only this form should cost
        from sentence_transformers import SentenceTransformer

        torch.set_num_threads(1)
        self.name = weights.name
        self.form = f"{FORM}: {because}" if because else FORM
        self.model = SentenceTransformer(str(weights.folder), device="cpu")
        self.dimension = int(self.model.get_embedding_dimension() or 0)
        self._prefix = weights.prefix
        self._lock = threading.Lock()

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Give one unit row per text; the same text gives the same row, whoever asks."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        with self._lock:
            vectors = self.model.encode(
                list(texts),
                prompt=self._prefix or None,
                batch_size=BATCH,
                normalize_embeddings=True,
                show_progress_bar=False,
            )
        return np.asarray(vectors, dtype=np.float32)
