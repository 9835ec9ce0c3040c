"""One suite for every vector index: in memory, Chroma in this process, Chroma behind an address."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest

from knowledge import VectorIndex
from knowledge.contracts import TIERS, Vectors, VectorSpace
from knowledge.memory import MemoryIndex
from tests.contracts.chroma_server import chroma_server

DIMENSION = 384


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VectorIndex]:
    from knowledge.chroma import ChromaIndex

    with chroma_server(tmp_path_factory.mktemp("chroma-server")) as address:
        yield ChromaIndex.server(address)


@pytest.fixture(
    params=[
        "memory",
        pytest.param("embedded", marks=pytest.mark.slow),
        pytest.param("server", marks=pytest.mark.slow),
    ]
)
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[VectorIndex]:
    if request.param == "memory":
        yield MemoryIndex()
        return
    if request.param == "embedded":
        from knowledge.chroma import ChromaIndex

        yield ChromaIndex.embedded(tmp_path / "chroma")
        return
    shared: VectorIndex = request.getfixturevalue("served")
    yield shared
    for name in shared.spaces():
        shared.drop(name)


def unit_vectors(count: int, seed: int = 1) -> Vectors:
    rows = np.random.default_rng(seed).normal(size=(count, DIMENSION)).astype(np.float32)
    unit: Vectors = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit


def test_a_new_compartment_is_empty(index: VectorIndex) -> None:
    assert index.ids(0) == set()
    assert index.nearest(0, unit_vectors(1)[0], 5) == []


def test_a_compartment_never_marked_has_no_version(index: VectorIndex) -> None:
    assert not index.version(0)


def test_the_nearest_comes_first_with_its_cosine(index: VectorIndex) -> None:
    vectors = unit_vectors(20)
    index.upsert(0, [f"p{row}" for row in range(20)], vectors)
    found = index.nearest(0, vectors[7], 3)
    assert found[0].passage_id == "p7"
    assert found[0].similarity == pytest.approx(1.0, abs=1e-5)
    expected = np.sort(vectors @ vectors[7])[::-1][:3]
    assert [neighbour.similarity for neighbour in found] == pytest.approx(list(expected), abs=1e-5)


def test_no_more_are_given_than_asked_for_or_than_there_are(index: VectorIndex) -> None:
    index.upsert(0, ["a", "b", "c"], unit_vectors(3))
    assert len(index.nearest(0, unit_vectors(1)[0], 2)) == 2
    assert len(index.nearest(0, unit_vectors(1)[0], 50)) == 3


def test_a_tier_never_shows_in_another(index: VectorIndex) -> None:
    vectors = unit_vectors(2)
    index.upsert(0, ["public"], vectors[:1])
    index.upsert(3, ["circle"], vectors[1:])
    assert [neighbour.passage_id for neighbour in index.nearest(0, vectors[1], 10)] == ["public"]
    assert index.ids(0) == {"public"}
    assert index.ids(3) == {"circle"}


def test_an_id_put_in_again_takes_the_new_vector(index: VectorIndex) -> None:
    older, newer = unit_vectors(2)
    index.upsert(0, ["a"], older[np.newaxis])
    index.upsert(0, ["a"], newer[np.newaxis])
    assert index.ids(0) == {"a"}
    assert index.nearest(0, newer, 1)[0].similarity == pytest.approx(1.0, abs=1e-5)


def test_a_deleted_id_is_found_no_more(index: VectorIndex) -> None:
    vectors = unit_vectors(3)
    index.upsert(0, ["a", "b", "c"], vectors)
    index.delete(0, ["b"])
    assert index.ids(0) == {"a", "c"}
    assert "b" not in [neighbour.passage_id for neighbour in index.nearest(0, vectors[1], 3)]


def test_deleting_what_is_not_there_changes_nothing(index: VectorIndex) -> None:
    index.upsert(0, ["a"], unit_vectors(1))
    index.delete(0, ["nobody"])
    index.delete(0, [])
    assert index.ids(0) == {"a"}


def test_putting_in_nothing_changes_nothing(index: VectorIndex) -> None:
    index.upsert(0, [], np.zeros((0, DIMENSION), dtype=np.float32))
    assert index.ids(0) == set()


def test_a_mark_is_kept_tier_by_tier(index: VectorIndex) -> None:
    index.mark(1, "first")
    index.mark(2, "second")
    index.mark(1, "third")
    assert index.version(1) == "third"
    assert index.version(2) == "second"
    assert not index.version(0)


def test_a_mark_stays_when_entries_come_and_go(index: VectorIndex) -> None:
    index.mark(0, "version")
    index.upsert(0, ["a"], unit_vectors(1))
    index.delete(0, ["a"])
    assert index.version(0) == "version"


def test_a_mark_changes_no_entry(index: VectorIndex) -> None:
    vectors = unit_vectors(3)
    index.upsert(0, ["a", "b", "c"], vectors)
    index.mark(0, "version")
    assert index.nearest(0, vectors[2], 1)[0].passage_id == "c"


def test_more_entries_than_one_batch_are_all_kept(index: VectorIndex) -> None:
    count = 6_000
    index.upsert(0, [f"p{row}" for row in range(count)], unit_vectors(count))
    assert len(index.ids(0)) == count
    index.delete(0, [f"p{row}" for row in range(1, count)])
    assert index.ids(0) == {"p0"}


def held(space: VectorSpace) -> list[set[str]]:
    return [space.ids(tier) for tier in TIERS]


def test_spaces_have_dimensions_entries_and_marks_of_their_own(index: VectorIndex) -> None:
    other = index.space("other-1")
    index.upsert(0, ["a"], unit_vectors(1))
    index.mark(0, "first")
    other.upsert(0, ["b"], np.eye(1, 3, dtype=np.float32))
    assert (held(index)[0], held(other)[0]) == ({"a"}, {"b"})
    assert (index.version(0), bool(other.version(0))) == ("first", False)
    assert [n.passage_id for n in other.nearest(0, np.eye(1, 3, dtype=np.float32)[0], 9)] == ["b"]


def test_a_space_asked_for_again_is_the_same_one(index: VectorIndex) -> None:
    index.space("other-1").upsert(2, ["a"], unit_vectors(1))
    assert index.space("other-1").ids(2) == {"a"}
    assert index.space("").ids(2) == index.ids(2) == set()


def test_a_tier_of_a_space_never_shows_in_another_tier_or_space(index: VectorIndex) -> None:
    vectors = unit_vectors(2)
    index.space("one").upsert(3, ["circle"], vectors[:1])
    index.space("two").upsert(0, ["public"], vectors[1:])
    assert held(index.space("one")) == [set(), set(), set(), {"circle"}, set()]
    assert held(index.space("two")) == [{"public"}, set(), set(), set(), set()]
    assert index.space("one").nearest(0, vectors[0], 5) == []


@pytest.mark.parametrize(("dropped", "stays"), [("", "other-1"), ("other-1", ""), ("other-1", "other")])
def test_a_dropped_space_is_gone_and_the_others_stay(index: VectorIndex, dropped: str, stays: str) -> None:
    for name in (dropped, stays):
        index.space(name).upsert(1, ["a"], unit_vectors(1))
        index.space(name).mark(1, "version")
    assert index.spaces() == {dropped, stays}
    index.drop(dropped)
    assert index.spaces() == {stays}
    assert index.space(stays).ids(1) == {"a"}
    assert (index.space(dropped).ids(1), bool(index.space(dropped).version(1))) == (set(), False)


def test_a_dropped_space_takes_vectors_of_another_dimension(index: VectorIndex) -> None:
    for name in ("", "other-1"):
        index.space(name).upsert(0, ["a"], unit_vectors(1))
        index.drop(name)
        index.space(name).upsert(0, ["b"], np.eye(1, 3, dtype=np.float32))
        assert index.space(name).ids(0) == {"b"}


def test_dropping_a_space_that_is_not_there_changes_nothing(index: VectorIndex) -> None:
    index.upsert(0, ["a"], unit_vectors(1))
    index.drop("nobody")
    assert index.ids(0) == {"a"}


@pytest.mark.slow
def test_memory_the_folder_and_the_server_give_the_same(tmp_path: Path, served: VectorIndex) -> None:
    """Over 1,500 vectors the graph of Chroma finds what a matrix does, after changes too, but for one in a hundred.

    The graph is built by several threads, so that it is another one each time.
    """
    from knowledge.chroma import ChromaIndex

    vectors, asked = unit_vectors(1_500), unit_vectors(20, seed=2)
    ids = [f"p{row}" for row in range(1_500)]
    found: list[list[dict[str, float]]] = []
    for space in (MemoryIndex(), ChromaIndex.embedded(tmp_path / "chroma"), served.space("same")):
        space.upsert(2, ids, vectors)
        space.delete(2, ids[:100])
        space.upsert(2, ids[100:200], unit_vectors(100, seed=3))
        nearest = [space.nearest(2, vector, 10) for vector in asked]
        found.append([{near.passage_id: near.similarity for near in each} for each in nearest])
    served.drop("same")
    exact, *searched = found
    for given in searched:
        pairs = zip(given, exact, strict=True)
        both = [(near[one], known[one]) for near, known in pairs for one in near.keys() & known.keys()]
        assert len(both) >= 0.99 * sum(map(len, exact))
        assert [near for near, _ in both] == pytest.approx([known for _, known in both], abs=1e-5)


@pytest.mark.slow
def test_a_folder_of_an_earlier_version_is_searched_as_widely_from_the_next_opening_on(tmp_path: Path) -> None:
    import chromadb

    from knowledge.chroma import SEARCH_WIDTH, ChromaIndex

    client = chromadb.PersistentClient(str(tmp_path / "chroma"))
    client.create_collection(
        "tier-0", embedding_function=None, configuration={"hnsw": {"space": "cosine", "ef_search": 10}}
    )
    widths = list[int]()
    for _ in range(20):  # where Chroma is busy, it is tried again at the next opening
        index = ChromaIndex(lambda: client)
        index.mark(0, "version")
        widths.append(client.get_collection("tier-0").configuration_json["hnsw"]["ef_search"])
        if widths[-1] == SEARCH_WIDTH:
            break
    assert widths[-1] == SEARCH_WIDTH
    assert index.version(0) == "version"


@pytest.mark.slow
def test_a_folder_opened_again_holds_what_it_held(tmp_path: Path) -> None:
    """In two processes, as a restart would: one process keeps its store open until it ends."""
    program = (
        "import sys, pathlib, numpy as np\n"
        "from knowledge.chroma import ChromaIndex\n"
        "index = ChromaIndex.embedded(pathlib.Path(sys.argv[1]))\n"
        "if sys.argv[2] == 'write':\n"
        "    index.upsert(1, ['a'], np.eye(1, 384, dtype=np.float32)); index.mark(1, 'version')\n"
        "else:\n"
        "    print(index.version(1), sorted(index.ids(1)), sorted(index.ids(0)))\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "chroma")]
    subprocess.run([*command, "write"], check=True)
    read = subprocess.run([*command, "read"], check=True, capture_output=True, text=True)
    assert read.stdout.strip() == "version ['a'] []"


@pytest.mark.slow
def test_a_server_that_does_not_answer_is_unavailable() -> None:
    from knowledge.chroma import ChromaIndex
    from knowledge.errors import IndexUnavailable

    with pytest.raises(IndexUnavailable):
        ChromaIndex.server("http://127.0.0.1:9")


@pytest.mark.slow
def test_a_server_that_goes_away_is_unavailable(tmp_path: Path) -> None:
    from knowledge.chroma import ChromaIndex
    from knowledge.errors import IndexUnavailable

    with chroma_server(tmp_path) as address:
        index = ChromaIndex.server(address)
        index.upsert(0, ["a"], unit_vectors(1))
    with pytest.raises(IndexUnavailable):
        index.nearest(0, unit_vectors(1)[0], 1)


@pytest.mark.slow
def test_a_line_that_is_closed_is_gone_and_opened_again_when_it_is_needed(tmp_path: Path) -> None:
    from knowledge.chroma import ChromaIndex

    with chroma_server(tmp_path / "chroma") as address:
        port = int(address.rpartition(":")[2])

        def lines() -> int:
            return sum(bool(one.raddr) and one.raddr.port == port for one in psutil.Process().net_connections())

        index = ChromaIndex.server(address)
        index.upsert(0, ["a"], unit_vectors(1))
        assert lines() > 0
        index.close()
        index.close()
        assert lines() == 0
        assert index.spaces() == {""}
        index.close()


@pytest.mark.slow
def test_a_folder_that_cannot_be_opened_is_unavailable(tmp_path: Path) -> None:
    from knowledge.chroma import ChromaIndex
    from knowledge.errors import IndexUnavailable

    (tmp_path / "chroma").mkdir()
    (tmp_path / "chroma" / "chroma.sqlite3").write_bytes(b"this is no database, whatever its name says" * 50)
    with pytest.raises(IndexUnavailable):
        ChromaIndex.embedded(tmp_path / "chroma")
