"""all-MiniLM-L6-v2 through sentence-transformers; the weights come as a package and are verified.

English, 384 dimensions, 256 word pieces (longer texts are cut), 90 MB.
"""

from pathlib import Path

from models.embedders.plain import PlainForm
from models.embedders.weights import WEIGHTS_SHA256, minilm_weights, packaged_weights, verify_weights


class MiniLmEmbedder(PlainForm):
    """The plain form of the default weights."""

    def __init__(self, folder: Path | None = None) -> None:
        super().__init__(minilm_weights(folder))


__all__ = ["WEIGHTS_SHA256", "MiniLmEmbedder", "packaged_weights", "verify_weights"]
