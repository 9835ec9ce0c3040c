"""Groups texts that mean much the same, by their vectors: the likest join first, and a group holds as a whole.

Agglomerative with average linkage: two groups join while the mean likeness between their members is high
enough, so that a chain of half-likes does not pull everything into one.
"""

import numpy as np

from knowledge.contracts import Vectors

LIKENESS_MIN = 0.8
_DUST = 1e-6  # vectors are of single precision


def likeness_groups(vectors: Vectors, least: float = LIKENESS_MIN) -> list[list[int]]:
    """Give the rows of a matrix of unit vectors in groups, each in order, the groups by their first row."""
    members = [[row] for row in range(len(vectors))]
    likeness = (vectors @ vectors.T).astype(np.float64)
    np.fill_diagonal(likeness, -np.inf)
    while len(vectors) > 1:
        one, other = sorted(int(place) for place in np.unravel_index(np.argmax(likeness), likeness.shape))
        if likeness[one, other] < least - _DUST:
            break
        _join(likeness, one, other, len(members[one]), len(members[other]))
        members[one] += members[other]
        members[other] = []
    return sorted(sorted(group) for group in members if group)


def _join(
    likeness: "np.ndarray[tuple[int, int], np.dtype[np.float64]]", one: int, other: int, own: int, its: int
) -> None:
    """Let one row speak for two groups, each by its weight; the other row speaks no more."""
    joined = (own * likeness[one] + its * likeness[other]) / (own + its)
    likeness[one, :] = likeness[:, one] = joined
    likeness[other, :] = likeness[:, other] = -np.inf
    likeness[one, one] = -np.inf
