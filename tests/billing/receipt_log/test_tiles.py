"""Tiles: their names, what a growing log adds, and a reader that has nothing but files."""

import random
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing.receipt_log import (
    EMPTY_ROOT,
    LogProofWrong,
    Tiles,
    bundle_of,
    bundle_path,
    changed_bundles,
    changed_tiles,
    consistency_proof,
    entries_of,
    grown,
    hashes_of,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_at,
    tile_path,
    verify_consistency,
    verify_inclusion,
)
from tests.billing.receipt_log.shelf import Shelf

ENTRIES = [b"entry %d" % number for number in range(1400)]
HASH_OF = hashes_of([leaf_hash(entry) for entry in ENTRIES])

# All entries alike, so that the root of a subtree depends on its level alone, and a log may be of any size.
ALIKE = [leaf_hash(b"alike")]
for _ in range(63):
    ALIKE.append(node_hash(ALIKE[-1], ALIKE[-1]))


def alike(level: int, index: int) -> bytes:
    return ALIKE[level]


def built(size: int) -> Shelf:
    shelf = Shelf()
    shelf.grow(ENTRIES[:size])
    return shelf


Reading = Callable[[Tiles], None]


def read_hashes(tiles: Tiles) -> None:
    for level in range(12):
        for index in range(tiles.size >> level):
            tiles.hash_of(level, index)


def read_entries(tiles: Tiles) -> None:
    for index in range(-(-tiles.size // 256)):
        tiles.entries(index)


class TestNames:
    @pytest.mark.parametrize(
        ("path", "name"),
        [
            (tile_path(0, 0), "tile/0/000"),
            (tile_path(0, 1, 5), "tile/0/001.p/5"),
            (tile_path(5, 999), "tile/5/999"),
            (tile_path(5, 1000), "tile/5/x001/000"),
            (tile_path(0, 1234067), "tile/0/x001/x234/067"),
            (tile_path(63, 123456078, 2), "tile/63/x123/x456/078.p/2"),
            (tile_path(1, 1_000_000_000, 255), "tile/1/x001/x000/x000/000.p/255"),
            (bundle_path(3057500), "tile/entries/x003/x057/500"),
            (bundle_path(7, 1), "tile/entries/007.p/1"),
        ],
    )
    def test_are_those_of_the_specification(self, path: str, name: str) -> None:
        assert path == name

    @pytest.mark.parametrize(
        "place", [(-1, 0), (64, 0), (0, -1), (0, 2**63), (0, 0, 0), (0, 0, -1), (0, 0, 257)], ids=str
    )
    def test_what_has_no_name(self, place: tuple[int, ...]) -> None:
        with pytest.raises(LogProofWrong, match="There is no"):
            tile_path(*place)


class TestBundles:
    def test_each_entry_stands_after_its_length(self) -> None:
        assert bundle_of([b"", b"ab", b"x" * 258]) == b"\0\0" + b"\0\2ab" + b"\1\2" + b"x" * 258

    @given(st.lists(st.binary(max_size=300), max_size=20))
    def test_are_read_as_they_were_written(self, entries: list[bytes]) -> None:
        assert entries_of(bundle_of(entries)) == entries

    @given(st.binary(max_size=400))
    def test_of_anybody_are_read_in_one_way_or_refused(self, data: bytes) -> None:
        try:
            entries = entries_of(data)
        except LogProofWrong:
            return
        assert bundle_of(entries) == data

    @pytest.mark.parametrize("data", [b"\0", b"\0\1", b"\0\2a", b"\0\1ab"])
    def test_that_end_within_an_entry_are_refused(self, data: bytes) -> None:
        with pytest.raises(LogProofWrong, match="ends within"):
            entries_of(data)

    def test_an_entry_has_a_largest_length(self) -> None:
        assert len(bundle_of([b"x" * 65535])) == 65537
        with pytest.raises(LogProofWrong, match="65536 bytes"):
            bundle_of([b"x" * 65536])


class TestGrowth:
    def test_seventy_thousand_entries_are_the_tiles_of_the_specification(self) -> None:
        files = dict(changed_tiles(0, 70_000, alike))
        full = [path for path in files if ".p/" not in path]
        assert sorted(files.keys() - set(full)) == ["tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"]
        assert len([path for path in full if path.startswith("tile/0/")]) == 273
        assert [path for path in full if not path.startswith("tile/0/")] == ["tile/1/000"]
        assert files["tile/1/001.p/17"] == ALIKE[8] * 17

    def test_256_entries_are_a_full_tile_and_one_hash_above_it(self) -> None:
        files = dict(changed_tiles(0, 256, HASH_OF))
        assert files == {
            "tile/0/000": b"".join(HASH_OF(0, index) for index in range(256)),
            "tile/1/000.p/1": HASH_OF(8, 0),
        }
        assert list(dict(changed_bundles(0, 256, ENTRIES.__getitem__))) == ["tile/entries/000"]

    @pytest.mark.parametrize("size", [0, 1, 255, 256, 257])
    def test_nothing_changes_when_nothing_grows(self, size: int) -> None:
        assert not list(changed_tiles(size, size, HASH_OF))
        assert not list(changed_bundles(size, size, ENTRIES.__getitem__))

    @pytest.mark.parametrize("sizes", [(2, 1), (-1, 1), (0, 2**63)], ids=str)
    def test_a_log_does_not_shrink(self, sizes: tuple[int, int]) -> None:
        with pytest.raises(LogProofWrong, match="does not grow"):
            list(changed_tiles(*sizes, HASH_OF))
        with pytest.raises(LogProofWrong, match="does not grow"):
            list(changed_bundles(*sizes, ENTRIES.__getitem__))

    def test_a_large_log_grows_by_what_is_new(self) -> None:
        size = 10**12
        paths = [path for path, _ in changed_tiles(size, size + 1, alike)]
        assert paths == ["tile/0/x003/x906/x250/000.p/1"]
        assert [path for path, _ in changed_tiles(size - 1, size, alike)][:2] == [
            "tile/0/x003/x906/x249/999",
            "tile/1/x015/x258/789.p/16",
        ]

    @settings(max_examples=25, deadline=None)
    @given(st.lists(st.one_of(st.integers(0, 400), st.sampled_from([1, 255, 256, 257, 512])), min_size=1, max_size=12))
    def test_random_batches_give_the_files_of_building_at_once(self, batches: list[int]) -> None:
        shelf = Shelf()
        for count in batches:
            shelf.grow(ENTRIES[shelf.size : shelf.size + count])
        at_once = built(shelf.size)
        assert shelf.root == at_once.root == root_at(shelf.size, HASH_OF)
        assert at_once.files.items() <= shelf.files.items()
        for path in shelf.files.keys() - at_once.files.keys():
            assert ".p/" in path

    def test_what_grew_answers_for_old_and_new_alike(self) -> None:
        hash_of = grown(HASH_OF, 300, [leaf_hash(entry) for entry in ENTRIES[300:700]])
        for level in range(10):
            for index in range(700 >> level):
                assert hash_of(level, index) == HASH_OF(level, index)
        for level, index in [(0, 700), (0, -1), (2, 175), (9, 1)]:
            with pytest.raises(LogProofWrong, match="no complete subtree"):
                hash_of(level, index)


class TestReading:
    @pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 511, 512, 700, 1400])
    def test_every_hash_and_entry_is_found(self, size: int) -> None:
        tiles = built(size).tiles()
        for level in range(11):
            assert [tiles.hash_of(level, index) for index in range(size >> level)] == [
                HASH_OF(level, index) for index in range(size >> level)
            ]
        assert [tiles.entry(index) for index in range(size)] == ENTRIES[:size]

    def test_files_alone_give_every_proof(self) -> None:
        shelf = built(700)
        tiles = shelf.tiles()
        for index in range(700):
            proof = inclusion_proof(index, 700, tiles.hash_of)
            assert verify_inclusion(leaf_hash(ENTRIES[index]), index, 700, proof, shelf.root)
            old = consistency_proof(index, 700, tiles.hash_of)
            assert verify_consistency(index, 700, root_at(index, HASH_OF), shelf.root, old)

    def test_a_proof_in_a_large_log_reads_few_files_and_none_twice(self) -> None:
        size, index, paths = 1_000_000_000, 123_456_789, list[str]()

        def read(path: str) -> bytes:
            paths.append(path)
            _, level, _ = path.split("/", 2)
            return ALIKE[int(level) * 8] * (int(path.rpartition(".p/")[2]) if ".p/" in path else 256)

        tiles = Tiles(size, root_at(size, alike), read)
        assert len(paths) == 3
        assert all(".p/" in path for path in paths)
        assert verify_inclusion(
            ALIKE[0], index, size, inclusion_proof(index, size, tiles.hash_of), root_at(size, alike)
        )
        assert len(paths) == len(set(paths)) == 6
        assert "tile/0/x482/253" in paths

    def test_the_files_of_a_later_log_serve_an_older_checkpoint(self) -> None:
        shelf = Shelf()
        shelf.grow(ENTRIES[:300])
        shelf.grow(ENTRIES[300:1400])
        shelf.files = {path: data for path, data in shelf.files.items() if ".p/44" not in path}
        older = Tiles(300, root_at(300, HASH_OF), shelf.read)
        assert [older.entry(index) for index in range(300)] == ENTRIES[:300]
        assert older.hash_of(0, 299) == HASH_OF(0, 299)

    @pytest.mark.parametrize(("level", "index"), [(0, 700), (0, -1), (-1, 0), (3, 87), (10, 0), (64, 0), (2**70, 0)])
    def test_a_hash_that_the_log_has_not(self, level: int, index: int) -> None:
        with pytest.raises(LogProofWrong, match="no complete subtree"):
            built(700).tiles().hash_of(level, index)

    @pytest.mark.parametrize("index", [700, 768, -1, 2**70])
    def test_an_entry_that_the_log_has_not(self, index: int) -> None:
        with pytest.raises(LogProofWrong, match="There is no entry"):
            built(700).tiles().entry(index)
        with pytest.raises(LogProofWrong, match="has no file"):
            built(700).tiles().entries(3 if index > 0 else -1)

    @pytest.mark.parametrize("size", [-1, 2**63])
    def test_a_size_that_no_log_has(self, size: int) -> None:
        with pytest.raises(LogProofWrong, match="cannot have"):
            Tiles(size, EMPTY_ROOT, Shelf().read)


class TestFilesThatAreWrong:
    SHELF = built(700)

    def refused(self, files: dict[str, bytes], *readings: Reading, size: int = 700, root: bytes | None = None) -> bool:
        """Whether these files are refused, be it at the right edge or by one of these readings."""
        try:
            tiles = Tiles(size, self.SHELF.root if root is None else root, files.__getitem__)
            for reading in readings or (read_hashes, read_entries):
                reading(tiles)
        except LogProofWrong:
            return True
        return False

    def one_refused(self, files: dict[str, bytes], path: str) -> bool:
        """Whether what is wrong with this one is found by whoever reads files of its kind alone."""
        return self.refused(files, read_entries if "entries" in path else read_hashes)

    def test_right_ones_are_read(self) -> None:
        assert not self.refused(self.SHELF.files)

    @pytest.mark.parametrize("path", SHELF.files)
    @pytest.mark.parametrize(
        "wrong",
        [
            lambda data: bytes([data[0] ^ 1]) + data[1:],
            lambda data: data[:-1] + bytes([data[-1] ^ 128]),
            lambda data: data[:-1],
            lambda data: data[:-32],
            lambda data: data + bytes(32),
            lambda data: data + data[-32:],
            lambda data: data + b"\0\0",
            lambda data: data[32:] + data[:32],
            lambda data: b"",
        ],
        ids=[
            "first bit",
            "last bit",
            "a byte short",
            "a hash short",
            "longer",
            "again",
            "an entry more",
            "order",
            "empty",
        ],
    )
    def test_a_changed_one_is_refused(self, path: str, wrong: Callable[[bytes], bytes]) -> None:
        assert self.one_refused({**self.SHELF.files, path: wrong(self.SHELF.files[path])}, path)

    @pytest.mark.parametrize("path", SHELF.files)
    def test_any_flipped_bit_is_refused(self, path: str) -> None:
        data = self.SHELF.files[path]
        for _ in range(5):
            place = random.randrange(len(data) * 8)
            wrong = bytearray(data)
            wrong[place // 8] ^= 1 << place % 8
            assert self.one_refused({**self.SHELF.files, path: bytes(wrong)}, path), (path, place)

    @pytest.mark.parametrize("path", SHELF.files)
    def test_a_missing_one_is_refused(self, path: str) -> None:
        files = {**self.SHELF.files}
        del files[path]
        assert self.one_refused(files, path)

    def test_a_file_that_cannot_be_opened_is_refused(self) -> None:
        def read(path: str) -> bytes:
            raise FileNotFoundError(path)

        with pytest.raises(LogProofWrong, match=r"no file tile/0/002.p/188"):
            Tiles(700, self.SHELF.root, read)

    def test_two_tiles_changed_places(self) -> None:
        files = self.SHELF.files
        assert self.refused({**files, "tile/0/000": files["tile/0/001"], "tile/0/001": files["tile/0/000"]})

    def test_a_full_file_in_place_of_a_partial_one_has_to_be_full(self) -> None:
        files = {**self.SHELF.files}
        for kind in ("0", "entries"):
            files[f"tile/{kind}/002"] = files.pop(f"tile/{kind}/002.p/188")
        assert self.refused(files)
        full = built(768).files
        assert not self.refused({**self.SHELF.files, "tile/0/002": full["tile/0/002"]})
        partial = {path: data for path, data in self.SHELF.files.items() if "002.p" not in path}
        assert not self.refused({**partial, **{path: full[path] for path in ("tile/0/002", "tile/entries/002")}})

    @pytest.mark.parametrize("size", [0, 1, 188, 512, 699, 701, 956])
    def test_another_size_or_root_is_refused(self, size: int) -> None:
        assert self.refused(self.SHELF.files, size=size)
        assert self.refused(self.SHELF.files, root=root_at(size, HASH_OF))
        assert self.refused(self.SHELF.files, root=b"")

    def test_an_entry_hidden_behind_the_last_is_refused(self) -> None:
        files = {**self.SHELF.files}
        files["tile/entries/002.p/188"] += bundle_of([b"one more"])
        assert self.refused(files)
