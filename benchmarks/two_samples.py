"""Whether two samples could be of one kind: Kolmogorov and Smirnov's test, Mann and Whitney's, and how far apart."""

import math
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Sample = npt.NDArray[np.float64]

BOOTSTRAPS = 2_000
SPLITS = 200
_TERMS = 100
_LEVEL = 0.05


@dataclass(frozen=True, slots=True)
class Compared:
    """What the tests say of one sample beside another that was taken together with it, pair by pair.

    `slower` is the chance that one of the first is larger than one of the second, 0.5 where they are alike;
    `difference` the median of the pairs' differences, with its 95 % interval, in the samples' unit.
    """

    pairs: int
    ks_p: float
    mann_whitney_p: float
    slower: float
    median: float
    difference: float
    difference_low: float
    difference_high: float

    @property
    def p(self) -> float:
        """The smaller of the two, for having looked twice."""
        return min(1.0, 2 * min(self.ks_p, self.mann_whitney_p))

    def rounded(self) -> dict[str, Any]:
        """Give what is told."""
        return {
            name: value if isinstance(value, int) else float(f"{value:.4g}") for name, value in asdict(self).items()
        }


def compared(one: Sample, other: Sample, seed: int = 1) -> Compared:
    """Compare two samples of the same length."""
    mann_whitney_p, slower = mann_whitney(one, other)
    apart, choose = one - other, np.random.default_rng(seed)
    medians = np.median(choose.choice(apart, (BOOTSTRAPS, len(apart))), axis=1)
    low, high = (float(end) for end in np.percentile(medians, (2.5, 97.5)))
    median = float(np.median(other))
    return Compared(
        len(one), kolmogorov_smirnov(one, other), mann_whitney_p, slower, median, float(np.median(apart)), low, high
    )


def kolmogorov_smirnov(one: Sample, other: Sample) -> float:
    """Give the chance of distributions as far apart as these, were they of one kind (for large samples)."""
    both = np.concatenate([one, other])
    shares = [np.searchsorted(np.sort(sample), both, side="right") / len(sample) for sample in (one, other)]
    apart = float(np.max(np.abs(shares[0] - shares[1])))
    scaled = apart * math.sqrt(len(one) * len(other) / len(both))
    if scaled < 0.2:  # the sum converges slowly there, towards one
        return 1.0
    terms = ((-1) ** (k - 1) * math.exp(-2 * (k * scaled) ** 2) for k in range(1, _TERMS))
    return float(min(1.0, max(0.0, 2 * sum(terms))))


def mann_whitney(one: Sample, other: Sample) -> tuple[float, float]:
    """Give the chance of ranks as far apart as these, and that of one being larger than the other."""
    both = np.concatenate([one, other])
    _, place, ties = np.unique(both, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(ties) - (ties - 1) / 2)[place]
    wins = float(ranks[: len(one)].sum()) - len(one) * (len(one) + 1) / 2
    pairs, count = len(one) * len(other), len(both)
    spread = math.sqrt(pairs / 12 * (count + 1 - float((ties**3 - ties).sum()) / (count * (count - 1))))
    if not spread:
        return 1.0, 0.5
    return math.erfc(abs(wins - pairs / 2) / spread / math.sqrt(2)), wins / pairs


def false_alarms(sample: Sample, seed: int = 1) -> float:
    """Split one sample at random again and again: give how often the halves would be called different at 5 %."""
    choose, alarms = np.random.default_rng(seed), 0
    for _ in range(SPLITS):
        mixed = choose.permutation(sample)
        half = len(mixed) // 2
        one, other = mixed[:half], mixed[half : 2 * half]
        alarms += min(1.0, 2 * min(kolmogorov_smirnov(one, other), mann_whitney(one, other)[0])) < _LEVEL
    return alarms / SPLITS
