"""The shelf: the folder where fetched models stand, and beside them what is not whole yet."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from models.catalogue import Entry
from models.errors import DownloadFailed

# A file system that is filled to the last byte stops the node's database too.
MARGIN_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class Shelf:
    """A folder of models; it need not exist yet."""

    folder: Path

    def path(self, entry: Entry) -> Path:
        """Where the model stands when it is whole."""
        return self.folder / entry.file

    def has(self, entry: Entry) -> bool:
        """Whether the model is here."""
        return self.path(entry).is_file()

    def part(self, entry: Entry, sha256: str) -> Path:
        """Where it grows. The hash in the name keeps the halves of two different files apart."""
        return self.folder / f".{entry.file}.{sha256[:12]}.part"

    def begun_bytes(self, entry: Entry) -> int:
        """How much of it was fetched by a pull that was cut."""
        return sum(part.stat().st_size for part in self._parts(entry))

    def remove(self, entry: Entry) -> int:
        """Remove it, and what was begun of it; gives the bytes that this freed."""
        with self.taken():
            found = [path for path in (self.path(entry), *self._parts(entry)) if path.is_file()]
            freed = sum(path.stat().st_size for path in found)
            for path in found:
                path.unlink()
        return freed

    def require_room(self, bytes_more: int, size_bytes: int) -> None:
        """Refuse what would fill the disk, before the first byte."""
        needed = bytes_more + int(size_bytes * MARGIN_SHARE)
        free = shutil.disk_usage(self.folder).free
        if free < needed:
            raise DownloadFailed(
                f"{in_gb(needed)} are needed in {self.folder} and {in_gb(free)} are free: "
                f"{in_gb(needed - free)} are missing. Make room, then try again."
            )

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Hold the shelf alone, or raise `DownloadFailed`. The lock falls with the process, however it ends."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY)
        except OSError as error:
            raise DownloadFailed(f"{self.folder} cannot be used ({error.strerror}).") from error
        try:
            self._lock(folder)
            yield
        finally:
            os.close(folder)

    def _lock(self, folder: int) -> None:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise DownloadFailed(
                f"Another pull into {self.folder} is under way. Wait for it, then try again."
            ) from error

    def _parts(self, entry: Entry) -> list[Path]:
        return sorted(self.folder.glob(f".{entry.file}.*.part"))


def in_gb(count: int) -> str:
    """Say a number of bytes as people say it."""
    return f"{count / 1e9:.1f} GB" if count >= 50_000_000 else f"{count / 1e6:.1f} MB"
