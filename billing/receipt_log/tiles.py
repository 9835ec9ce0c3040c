"""The log as static files: tiles of 256 hashes and bundles of 256 entries, after C2SP tlog-tiles.

A full tile never changes. The right edge of a log lies in partial tiles whose names carry their width,
so that they never change either: a growing log only adds files. `Tiles` reads them back for one
checkpoint and believes no hash before the files above it have led to the checkpoint's root.
"""

import struct
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from billing.receipt_log.errors import LogProofWrong
from billing.receipt_log.tree import HASH_BYTES, SIZE_MAX, HashOf, hashes_of, leaf_hash, node_hash, root_at, root_of

TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT
ENTRY_BYTES_MAX = 0xFFFF  # the length of an entry is written as uint16

# Gives the bytes of a file, or raises LookupError or OSError where there is none.
Read = Callable[[str], bytes]


def tile_path(level: int, index: int, width: int = TILE_WIDTH) -> str:
    """Name the tile of these hashes; a width below 256 makes it a partial one."""
    if not 0 <= level < 64:
        raise LogProofWrong(f"There is no tile level {level}.")
    return f"tile/{level}/{_place(index, width)}"


def bundle_path(index: int, width: int = TILE_WIDTH) -> str:
    """Name the bundle of the entries under the tile of level 0 with this index."""
    return f"tile/entries/{_place(index, width)}"


def changed_tiles(old_size: int, new_size: int, hash_of: HashOf) -> Iterator[tuple[str, bytes]]:
    """Give the tiles that a log of `new_size` has and the same log at `old_size` had not, the lowest first."""
    _growth(old_size, new_size)
    for level in range(_levels(new_size)):
        height = level * TILE_HEIGHT
        for index, width in _widths(old_size >> height, new_size >> height):
            hashes = range(index * TILE_WIDTH, index * TILE_WIDTH + width)
            yield tile_path(level, index, width), b"".join(hash_of(height, place) for place in hashes)


def changed_bundles(old_size: int, new_size: int, entry_of: Callable[[int], bytes]) -> Iterator[tuple[str, bytes]]:
    """Give the bundles that a log of `new_size` has and the same log at `old_size` had not."""
    _growth(old_size, new_size)
    for index, width in _widths(old_size, new_size):
        entries = range(index * TILE_WIDTH, index * TILE_WIDTH + width)
        yield bundle_path(index, width), bundle_of([entry_of(place) for place in entries])


def bundle_of(entries: Sequence[bytes]) -> bytes:
    """Write entries behind one another, each after its length."""
    for entry in entries:
        if len(entry) > ENTRY_BYTES_MAX:
            raise LogProofWrong(f"An entry of the log has {len(entry)} bytes; at most {ENTRY_BYTES_MAX} fit.")
    return b"".join(struct.pack(">H", len(entry)) + entry for entry in entries)


def entries_of(bundle: bytes) -> list[bytes]:
    """Read the entries of a bundle; a length that does not fit is refused."""
    entries, place = [], 0
    while place < len(bundle):
        start = place + 2
        place = start + int.from_bytes(bundle[place:start], "big")
        if place > len(bundle):
            raise LogProofWrong("A bundle of entries ends within an entry.")
        entries.append(bundle[start:place])
    return entries


def grown(old: HashOf, old_size: int, new_leaves: Sequence[bytes]) -> HashOf:
    """Answer for a log whose first `old_size` leaves `old` answers for, and these leaf hashes after them."""
    known: dict[tuple[int, int], bytes] = {}
    size = old_size + len(new_leaves)

    def hash_of(level: int, index: int) -> bytes:
        if 0 <= index < old_size >> level:
            return old(level, index)
        if not 0 <= index < size >> level:
            raise LogProofWrong(f"There is no complete subtree {index} of level {level} over {size} entries.")
        if level == 0:
            return new_leaves[index - old_size]
        if (level, index) not in known:
            known[level, index] = node_hash(hash_of(level - 1, 2 * index), hash_of(level - 1, 2 * index + 1))
        return known[level, index]

    return hash_of


class Tiles:
    """Reads hashes and entries out of the files of a log, each proven against one size and root.

    The checkpoint that gives size and root is for the caller to verify. Every tile is read once.
    """

    def __init__(self, size: int, root: bytes, read: Read) -> None:
        """Read the right edge, at most one partial tile of each level, and check it against the root."""
        self.size = size
        self._read = read
        self._tiles: dict[tuple[int, int], HashOf] = {}
        # The subtrees that make up the root are the partial tiles, whole: with the root they are all proven.
        for level in range(_levels(size)):
            index, width = divmod(size >> level * TILE_HEIGHT, TILE_WIDTH)
            if width:
                self._tiles[level, index] = hashes_of(self._hashes(level, index))
        if root_at(size, self.hash_of) != root:
            raise LogProofWrong("The tiles of the log do not lead to the root of its checkpoint.")

    def hash_of(self, level: int, index: int) -> bytes:
        """Give the root of a complete subtree; this method is the `HashOf` that proofs are made with."""
        if level < 0 or not 0 <= index < self.size >> level:
            raise LogProofWrong(f"There is no complete subtree {index} of level {level} over {self.size} entries.")
        tile_level, height = divmod(level, TILE_HEIGHT)
        tile, place = divmod(index, TILE_WIDTH >> height)
        return self._tile(tile_level, tile)(height, place)

    def entry(self, index: int) -> bytes:
        """Give one entry, proven with its whole bundle."""
        if not 0 <= index < self.size:
            raise LogProofWrong(f"There is no entry {index} in a log of {self.size} entries.")
        return self.entries(index // TILE_WIDTH)[index % TILE_WIDTH]

    def entries(self, index: int) -> list[bytes]:
        """Give the entries of one bundle, each hashed and found in its tile."""
        width = self._width(0, index)
        bundle, width_read = self._file(bundle_path, index, width)
        found = entries_of(bundle)
        start = index * TILE_WIDTH
        expected = [self.hash_of(0, place) for place in range(start, start + width)]
        if len(found) != width_read or [leaf_hash(entry) for entry in found[:width]] != expected:
            raise LogProofWrong(f"The entries of {bundle_path(index, width_read)} are not those of the log.")
        return found[:width]

    def _tile(self, level: int, index: int) -> HashOf:
        """Give a tile that leads to the root: a full one by the tile above it, the others do already."""
        if (level, index) not in self._tiles:
            hashes = self._hashes(level, index)
            if root_of(hashes) != self.hash_of((level + 1) * TILE_HEIGHT, index):
                raise LogProofWrong(f"{tile_path(level, index)} is not what the tile above it says.")
            self._tiles[level, index] = hashes_of(hashes)
        return self._tiles[level, index]

    def _hashes(self, level: int, index: int) -> list[bytes]:
        width = self._width(level, index)
        data, width_read = self._file(partial(tile_path, level), index, width)
        if len(data) != width_read * HASH_BYTES:
            raise LogProofWrong(f"{tile_path(level, index, width_read)} has not the length of {width_read} hashes.")
        return [data[place : place + HASH_BYTES] for place in range(0, width * HASH_BYTES, HASH_BYTES)]

    def _width(self, level: int, index: int) -> int:
        width = min(TILE_WIDTH, (self.size >> level * TILE_HEIGHT) - index * TILE_WIDTH)
        if index < 0 or width <= 0:
            raise LogProofWrong(f"A log of {self.size} entries has no file {index} at tile level {level}.")
        return width

    def _file(self, path_of: Callable[[int, int], str], index: int, width: int) -> tuple[bytes, int]:
        """Read a file; a log may have dropped a partial one since the full one is there."""
        for width_read in sorted({width, TILE_WIDTH}):
            try:
                return self._read(path_of(index, width_read)), width_read
            except (LookupError, OSError):
                continue
        raise LogProofWrong(f"The log has no file {path_of(index, width)}.")


def _place(index: int, width: int) -> str:
    if not (0 <= index <= SIZE_MAX and 1 <= width <= TILE_WIDTH):
        raise LogProofWrong(f"There is no file {index} of width {width} in a log.")
    parts = [f"{index % 1000:03d}"]
    while index := index // 1000:
        parts.append(f"x{index % 1000:03d}")
    suffix = "" if width == TILE_WIDTH else f".p/{width}"
    return "/".join(reversed(parts)) + suffix


def _growth(old_size: int, new_size: int) -> None:
    if not 0 <= old_size <= new_size <= SIZE_MAX:
        raise LogProofWrong(f"A log of {old_size} entries does not grow into one of {new_size}.")


def _levels(size: int) -> int:
    """Count the levels on which a log of this size has tiles."""
    if not 0 <= size <= SIZE_MAX:
        raise LogProofWrong(f"A log cannot have {size} entries.")
    return -(-size.bit_length() // TILE_HEIGHT)


def _widths(old_count: int, new_count: int) -> Iterator[tuple[int, int]]:
    """Give the files, with their widths, in which one row grows."""
    if old_count < new_count:
        for index in range(old_count // TILE_WIDTH, -(-new_count // TILE_WIDTH)):
            yield index, min(TILE_WIDTH, new_count - index * TILE_WIDTH)
