"""Small tiers are compared from memory: as an index would find them, each tier apart, as its version stands."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from knowledge import kept_vectors
from knowledge.contracts import Neighbour, Vectors
from knowledge.kept_vectors import KeptVectors, Near, similarities
from presence.bootstrap import Services
from tests.knowledge.notes import note, quotes, tell
from tests.stores import only_embedded

pytestmark = only_embedded("a Chroma server is asked about every tier")

PIANO = "I wrote Pilot Ladder on a rented piano."
SECRET = "Pilot Ladder was written in anger."
WHERE = "Where did you write Pilot Ladder?"
NOTES = {
    name: note(f"The {name} was tuned before the night in the chapel.") for name in ("organ", "harp", "drum", "bell")
}


@pytest.fixture
def asked(shelf: Services, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Of which tiers the index was asked."""
    tiers, index = list[int](), shelf.search._searched.space.vectors
    assert index is not None
    nearest = type(index).nearest

    def noting(space: Any, tier: int, vector: Vectors, limit: int) -> list[Neighbour]:
        tiers.append(tier)
        return nearest(space, tier, vector, limit)

    monkeypatch.setattr(type(index), "nearest", noting)
    return tiers


def near(services: Services, tier: int, **other: Any) -> Near | None:
    space = services.search._searched.space
    with services.database.reader(tier) as reader:
        return KeptVectors().of(reader, tier, "1", other.get("vector_of", space.vector_of))


def test_a_small_tier_is_compared_without_the_index(shelf: Services, tmp_path: Path, asked: list[int]) -> None:
    tell(shelf, tmp_path / "notes", a=note(PIANO), b=note(SECRET, tier="circle"))
    assert quotes(shelf, WHERE) == [PIANO]
    assert set(quotes(shelf, WHERE, 3)) == {PIANO, SECRET}
    assert asked == []


def test_it_finds_what_the_index_finds(shelf: Services, tmp_path: Path) -> None:
    tell(shelf, tmp_path / "notes", **NOTES)
    space = shelf.search._searched.space
    vector = space.embedder.embed(["Which harp was tuned?"])[0]
    kept = near(shelf, 0)
    assert kept is not None
    assert space.vectors is not None
    by_index = {one.passage_id: one.similarity for one in space.vectors.nearest(0, vector, 10)}
    found = kept.nearest(vector, 10)
    assert {one.passage_id: one.similarity for one in found} == pytest.approx(by_index, abs=1e-5)
    assert found == sorted(found, key=lambda one: -round(one.similarity, 5))
    assert kept.nearest(vector, 2) == found[:2]


def test_a_part_stands_as_long_as_its_version(shelf: Services, tmp_path: Path) -> None:
    tell(shelf, tmp_path / "notes", **NOTES)
    kept, vector_of = KeptVectors(), shelf.search._searched.space.vector_of
    held = []
    for version in ("1", "1", "2"):
        with shelf.database.reader(0) as reader:
            part = kept.of(reader, 0, version, vector_of)
        assert part is not None
        held.append(len(part.ids))
        tell(shelf, tmp_path / "more", **{f"more-{len(held)}": note(f"The viola was cold on night {len(held)}.")})
    assert held == [4, 4, 6]


def test_about_a_larger_tier_the_index_is_asked(
    shelf: Services, tmp_path: Path, asked: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_vectors, "KEPT_AT_EACH_TIER", 3)
    tell(shelf, tmp_path / "notes", **NOTES, secret=note(SECRET, tier="circle"))
    assert quotes(shelf, WHERE, 3)[0] == SECRET
    assert asked == [0]
    assert near(shelf, 0) is None


def test_a_tier_holds_its_own_passages_alone(shelf: Services, tmp_path: Path) -> None:
    tell(shelf, tmp_path / "notes", **NOTES, secret=note(SECRET, tier="circle"))
    for reads in (3, 4):
        with shelf.database.reader(reads) as reader:
            space = shelf.search._searched.space
            parts = [KeptVectors().of(reader, tier, "1", space.vector_of) for tier in range(5)]
        assert [len(part.ids) for part in parts if part is not None] == [4, 0, 0, 1, 0]
    kept = near(shelf, 0)
    assert kept is not None
    assert len(kept.ids) == 4


def test_what_is_published_and_taken_back_counts_at_once(shelf: Services, tmp_path: Path, asked: list[int]) -> None:
    tell(shelf, tmp_path / "notes", a=note(PIANO))
    assert quotes(shelf, WHERE) == [PIANO]
    tell(shelf, tmp_path / "more", b=note("Pilot Ladder came to me beside a harbour crane."))
    assert len(quotes(shelf, WHERE)) == 2
    for one in shelf.library.shelf.notes(away=True):
        shelf.library.shelf.retract(one.ident)
    assert quotes(shelf, WHERE) == []
    assert asked == []


def test_about_a_tier_with_a_passage_without_a_vector_the_index_is_asked(shelf: Services, tmp_path: Path) -> None:
    tell(shelf, tmp_path / "notes", **NOTES)
    vectors = iter([None, *[bytes(4 * 384)] * 3])
    assert near(shelf, 0, vector_of=lambda *_row: next(vectors)) is None


def test_an_embedder_keeps_no_vectors_of_another(shelf: Services, tmp_path: Path) -> None:
    tell(shelf, tmp_path / "notes", **NOTES)
    assert near(shelf, 0, vector_of=lambda _vector, embedder, *_next: None if embedder else b"") is None


def test_equally_near_passages_come_in_the_order_of_their_ids() -> None:
    rows = np.array([[1, 0], [0, 1], [1, 0]], dtype=np.float32)
    found = Near("1", ("a", "b", "c"), rows).nearest(np.array([1, 0], dtype=np.float32), 2)
    assert found == [Neighbour("a", 1.0), Neighbour("c", 1.0)]


def test_an_empty_tier_has_nothing_near() -> None:
    assert Near("1", (), np.zeros((0,), dtype=np.float32)).nearest(np.ones(2, dtype=np.float32), 5) == []


def test_how_near_a_passage_is_does_not_depend_on_where_it_stands_or_beside_which() -> None:
    chance = np.random.default_rng(7)
    rows = chance.standard_normal((77, 384)).astype(np.float32)
    near = dict(enumerate(similarities(rows, rows[0])))
    for _ in range(20):
        some = chance.permutation(77)[: chance.integers(1, 78)].tolist()
        assert similarities(rows[some], rows[0]).tolist() == [near[row] for row in some]
