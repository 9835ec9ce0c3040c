"""A small embedder without weights: words hashed into a fixed number of signed buckets.

It knows no synonyms, only shared words and word beginnings; it loads in no time and is exact to
the last bit, which is what tests and tiny machines want.
"""

import hashlib
import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

_WORD = re.compile(r"[^\W_]+")
_STEM_CHARS = 5


class HashedEmbedder:
    """Deterministic and free of state."""

    name = "hashed-words-384"
    dimension = 384
    form = "hashed words"

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Give one unit row per text; a text without words is the first axis."""
        rows = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in _WORD.findall(text.lower()):
                digest = hashlib.blake2b(word[:_STEM_CHARS].encode(), digest_size=8).digest()
                bucket = int.from_bytes(digest[:4], "little") % self.dimension
                row[bucket] += 1.0 if digest[4] & 1 else -1.0
            if not row.any():
                row[0] = 1.0
        unit: npt.NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return unit
