"""What the index in memory promises beyond the contract: it is exact, and settles ties by age."""

import numpy as np

from knowledge.memory import MemoryIndex


def test_equally_near_entries_come_in_the_order_they_were_put_in() -> None:
    index, vector = MemoryIndex(), np.eye(1, 384, dtype=np.float32)
    for name in ("b", "a", "c"):
        index.upsert(0, [name], vector)
    assert [neighbour.passage_id for neighbour in index.nearest(0, vector[0], 3)] == ["b", "a", "c"]
