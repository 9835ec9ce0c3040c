"""What every embedder is, whatever computes it."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
"""Shape (n, dimension), rows of unit length."""


class Embedder(Protocol):
    """Turns texts into unit vectors; the same text gives the same row, whoever asks."""

    @property
    def name(self) -> str:
        """Identifies the weights: two forms of the same weights bear one name."""
        ...

    @property
    def dimension(self) -> int:
        """Columns of every matrix that `embed` gives."""
        ...

    @property
    def form(self) -> str:
        """Say what computes, and where it is not the fast form, why: one line for people."""
        ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Give one row of unit length per text, float32."""
        ...
