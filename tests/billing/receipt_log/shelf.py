"""A log as its files alone, as a folder of static files would hold it."""

from collections.abc import Sequence

from billing.receipt_log import EMPTY_ROOT, Tiles, changed_bundles, changed_tiles, grown, leaf_hash, root_at


class Shelf:
    """Files by their path; written once, since nothing that is published changes."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.size = 0
        self.root = EMPTY_ROOT

    def read(self, path: str) -> bytes:
        return self.files[path]

    def tiles(self) -> Tiles:
        return Tiles(self.size, self.root, self.read)

    def grow(self, entries: Sequence[bytes]) -> None:
        """Append as a log does that remembers nothing but its files."""
        old_size, new_size = self.size, self.size + len(entries)
        old = self.tiles()
        hash_of = grown(old.hash_of, old_size, [leaf_hash(entry) for entry in entries])
        before = old.entries(old_size // 256) if old_size % 256 else []
        start = old_size - len(before)
        written = [*before, *entries]
        self._write(dict(changed_bundles(old_size, new_size, lambda index: written[index - start])))
        self._write(dict(changed_tiles(old_size, new_size, hash_of)))
        self.size, self.root = new_size, root_at(new_size, hash_of)

    def _write(self, files: dict[str, bytes]) -> None:
        assert not self.files.keys() & files.keys()
        self.files |= files
