"""Files on their way in: a piece after the other, from where the last one stopped, whatever broke it off.

Each upload is two files under a random name, the bytes so far and what they are to become; how far it is
is how long the file is, so nothing has to be remembered.
"""

import errno
import json
import os
import re
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from io import FileIO
from pathlib import Path

from knowledge.errors import NoRoom, RecordingTooLarge, UnknownUpload, UploadBusy, WrongOffset

# What the database needs to go on must not be taken by recordings.
KEPT_FREE_BYTES = 256 * 1024**2
ABANDONED_SECONDS = 7 * 24 * 3600.0
_NAME = re.compile(r"[\w-]{22}")


@dataclass(frozen=True, slots=True)
class Wish:
    """What an upload is to become."""

    size_bytes: int
    tier: int
    title: str
    of_kind: str | None = None
    of_key: str | None = None


def free_bytes(folder: Path) -> int:
    """Give the room on the disk."""
    return shutil.disk_usage(folder).free


class Uploads:
    """One per node; thread-safe. Two pieces of one upload are never written at once."""

    def __init__(
        self,
        folder: Path,
        bytes_max: int,
        free: Callable[[Path], int] = free_bytes,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.folder, self.bytes_max = folder, bytes_max
        self._free, self._now = free, now
        self._busy: set[str] = set()
        self._lock = threading.Lock()

    def begin(self, wish: Wish) -> str:
        """Give the name of a new upload, or raise `RecordingTooLarge` or `NoRoom`."""
        if wish.size_bytes > self.bytes_max:
            raise RecordingTooLarge(self.bytes_max)
        self.folder.mkdir(mode=0o700, exist_ok=True)
        if self._room() < wish.size_bytes + sum(self._lacking(name) for name in self.names()):
            raise NoRoom
        name = secrets.token_urlsafe(16)
        descriptor = os.open(self.path(name), os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        os.close(descriptor)
        self._note(name).write_text(json.dumps(asdict(wish)), encoding="utf-8")
        return name

    def wish(self, name: str) -> Wish:
        """Give what an upload is to become, or raise `UnknownUpload`."""
        if not _NAME.fullmatch(name):
            raise UnknownUpload
        try:
            return Wish(**json.loads(self._note(name).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise UnknownUpload from error

    def offset(self, name: str) -> int:
        """Say how many bytes are here, or raise `UnknownUpload`."""
        try:
            return self.path(name).stat().st_size
        except OSError as error:
            raise UnknownUpload from error

    def path(self, name: str) -> Path:
        """Give the place of the bytes, during the upload and after it."""
        if not _NAME.fullmatch(name):
            raise UnknownUpload
        return self.folder / name

    def names(self) -> list[str]:
        """Give every upload that has not come to its end."""
        return sorted(note.stem for note in self.folder.glob("*.json"))

    @contextmanager
    def piece(self, name: str, offset: int) -> Iterator["Piece"]:
        """Open an upload for its next piece; raises `WrongOffset` or `UploadBusy`."""
        wish = self.wish(name)
        with self.alone(name):
            if offset != self.offset(name):
                raise WrongOffset(self.offset(name))
            with self.path(name).open("r+b", buffering=0) as file:
                file.seek(offset)
                yield Piece(file, wish.size_bytes - offset, lambda: self._room() > 0)

    @contextmanager
    def alone(self, name: str) -> Iterator[None]:
        """Keep everybody else away from an upload, or raise `UploadBusy`."""
        with self._lock:
            if name in self._busy:
                raise UploadBusy
            self._busy.add(name)
        try:
            yield
        finally:
            with self._lock:
                self._busy.discard(name)

    def settle(self, name: str) -> None:
        """Forget that these bytes were an upload: they are a recording now."""
        self._note(name).unlink(missing_ok=True)

    def discard(self, name: str) -> None:
        """Throw an upload or a recording's bytes away."""
        self._note(name).unlink(missing_ok=True)
        self.path(name).unlink(missing_ok=True)

    def sweep(self, kept: set[str]) -> None:
        """Throw away what was abandoned; `kept` are recordings. Bytes that nobody knows stay: a database may be old."""
        for name in self.names():
            path = self.path(name)
            if name in kept:
                self.settle(name)
            elif not path.exists() or self._now() - path.stat().st_mtime > ABANDONED_SECONDS:
                self.discard(name)

    def _note(self, name: str) -> Path:
        return self.folder / f"{name}.json"

    def _lacking(self, name: str) -> int:
        try:
            return max(0, self.wish(name).size_bytes - self.offset(name))
        except UnknownUpload:
            return 0

    def _room(self) -> int:
        return self._free(self.folder) - KEPT_FREE_BYTES


class Piece:
    """A piece that is being written; what was written stays when it is broken off."""

    def __init__(self, file: FileIO, room: int, is_room: Callable[[], bool]) -> None:
        self._file, self._room, self._is_room = file, room, is_room

    def write(self, data: bytes) -> None:
        """Add all of these bytes; raises `RecordingTooLarge` beyond what was announced, `NoRoom` on a full disk."""
        at = self._file.tell()
        if len(data) > self._room:
            raise RecordingTooLarge(at + self._room)
        if not self._is_room():
            raise NoRoom
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[self._file.write(rest) :]
        except OSError as error:
            self._file.truncate(at)
            self._file.seek(at)
            if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
                raise NoRoom from error
            raise
        self._room -= len(data)
