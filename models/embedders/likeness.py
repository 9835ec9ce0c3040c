"""How alike two forms of one embedder are, and how alike they have to be.

Vectors of both forms are kept under one name and compared with each other, so the bounds are strict:
of 64 texts the worst must still point the same way, and neighbours must stay neighbours.
"""

import hashlib
import platform
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from models.embedders.contracts import Vectors

COSINE_MIN = 0.9999
OVERLAP_MIN = 0.99
NEIGHBOURS = 10
_TELLING = ("vendor_id", "cpu family", "model", "model name", "stepping", "flags", "Features", "CPU part")


@dataclass(frozen=True, slots=True)
class Likeness:
    """What was measured: the worst and mean cosine, and the mean share of common nearest texts."""

    cosine_min: float
    cosine_mean: float
    overlap_mean: float

    @property
    def enough(self) -> bool:
        """Whether the one form may answer for the other; a figure that is no number never is."""
        return self.cosine_min >= COSINE_MIN and self.overlap_mean >= OVERLAP_MIN

    def __str__(self) -> str:
        return f"lowest cosine {self.cosine_min:.6f}, common neighbours {self.overlap_mean:.3f}"


def likeness(reference: Vectors, candidate: Vectors) -> Likeness:
    """Compare two matrices of unit rows, row by row and as neighbourhoods."""
    cosines = np.einsum("ij,ij->i", reference, candidate, dtype=np.float64)
    shared = [
        len(np.intersect1d(ours, theirs)) / NEIGHBOURS
        for ours, theirs in zip(_nearest(reference), _nearest(candidate), strict=True)
    ]
    return Likeness(float(cosines.min()), float(cosines.mean()), float(np.mean(shared)))


def _nearest(rows: Vectors) -> npt.NDArray[np.intp]:
    similar = rows @ rows.T
    np.fill_diagonal(similar, -np.inf)
    return np.argsort(-similar, axis=1, kind="stable")[:, :NEIGHBOURS]


def processor() -> str:
    """Identify the processor by name and abilities: another one computes bf16 otherwise and is checked anew."""
    file = Path("/proc/cpuinfo")
    first = file.read_text(encoding="utf-8").split("\n\n")[0] if file.is_file() else platform.processor()
    told = [line for line in first.splitlines() if line.split("\t")[0].split(":")[0].strip() in _TELLING] or [first]
    return f"{platform.machine()}-{hashlib.sha256('|'.join(told).encode()).hexdigest()[:16]}"
