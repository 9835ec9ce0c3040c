"""The one file: a tar, compressed, sealed; first what it is about, last what every member has to be.

A file that was changed or cut does not open at all. The hashes at the end find what a disk or a memory spoilt.
"""

import errno
import gzip
import hashlib
import io
import json
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, BinaryIO

from presence.errors import BackupUnreadable
from presence.keeping.contents import Kept
from trustgraph.errors import SealedFileWrong
from trustgraph.sealed_stream import MODERATE, SealedReader, SealedWriter

ABOUT, MANIFEST = "about.json", "manifest.json"
TEXT_BYTES_MAX = 256 * 1024**2
_QUICKLY = 3
"""Recordings do not get any smaller, and the node has other things to do."""
NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)

Moved = Callable[[int], None]
"""Called with how many bytes more have been moved."""


@dataclass(frozen=True, slots=True)
class About:
    """What a backup is of: whose, when (Unix seconds), by which version, from which database, how many bytes in all."""

    artist: str
    made_at: float
    version: str
    dialect: str
    revision: str
    whole_bytes: int


@dataclass(frozen=True, slots=True)
class Member:
    """A file as it was put in."""

    name: str
    size_bytes: int
    sha256: str


class _Hashed(io.RawIOBase):
    """Reads on, and knows what it has read."""

    def __init__(self, file: BinaryIO, moved: Moved) -> None:
        self._file, self._moved, self._hash = file, moved, hashlib.sha256()

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self._hash.update(data)
        self._moved(len(data))
        return data

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()


def write_archive(
    file: BinaryIO, passphrase: str, about: About, kept: list[Kept], moved: Moved, strength: tuple[int, int] = MODERATE
) -> list[Member]:
    """Write all of it into a file; give what was put in. Raises `OSError` as the disk does."""
    sealed = SealedWriter(file, passphrase, strength)
    # Nothing about the machine or the time of each file goes along.
    with (
        gzip.GzipFile(filename="", fileobj=sealed, mode="wb", compresslevel=_QUICKLY, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as tar,
    ):
        _put_text(tar, ABOUT, asdict(about))
        members = [_put_in(tar, one, moved) for one in kept]
        _put_text(tar, MANIFEST, {"members": [asdict(one) for one in members]})
    sealed.finish()
    return members


class ReadArchive:
    """A backup that is being read, once and in order."""

    def __init__(self, file: Path, tar: tarfile.TarFile, about: About) -> None:
        self.about = about
        self._file, self._tar = file, tar

    def members(self, place: Callable[[str], Path | None], moved: Moved) -> list[Member]:
        """Read every member, into the place that is given for it or into nothing, and compare with what it has to be.

        Raises `BackupUnreadable`; whoever gave places throws away what is there then.
        """
        found: list[Member] = []
        told: list[Member] | None = None
        while (entry := self._tar.next()) is not None:
            if told is not None or not entry.isreg():
                raise BackupUnreadable(self._file.name, _NOT_ITS_LIST)
            source = self._tar.extractfile(entry)
            if source is None:
                raise BackupUnreadable(self._file.name, _NOT_ITS_LIST)
            if entry.name == MANIFEST:
                told = [Member(**one) for one in json.loads(source.read(TEXT_BYTES_MAX))["members"]]
            else:
                found.append(_taken_out(entry, source, place(entry.name), moved))
        if told is None or found != told:
            raise BackupUnreadable(self._file.name, _NOT_ITS_LIST)
        return found


@contextmanager
def open_archive(file: Path, passphrase: str) -> Iterator[ReadArchive]:
    """Open a backup, and see to it that it ends as it was written. Raises `BackupUnreadable`."""
    try:
        with file.open("rb") as opened, io.BufferedReader(SealedReader(opened, passphrase), 1024**2) as sealed:
            with gzip.GzipFile(fileobj=sealed, mode="rb") as packed:
                with tarfile.open(fileobj=packed, mode="r|") as tar:
                    yield ReadArchive(file, tar, _about(tar))
                while packed.read(1024**2):
                    pass
            while sealed.read(1024**2):
                pass
    except SealedFileWrong as error:
        raise BackupUnreadable(file.name, str(error)) from error
    except (tarfile.TarError, zlib.error, gzip.BadGzipFile, EOFError, ValueError, KeyError, TypeError) as error:
        raise BackupUnreadable(file.name, _NOT_ITS_LIST) from error
    except OSError as error:
        if error.errno in NO_SPACE or error.errno is None:
            raise
        raise BackupUnreadable(file.name, f"It cannot be read ({error.strerror}).") from error


_NOT_ITS_LIST = "What is in it is not what it says that is in it."


def _about(tar: tarfile.TarFile) -> About:
    entry = tar.next()
    source = None if entry is None or entry.name != ABOUT else tar.extractfile(entry)
    if source is None:
        raise ValueError(ABOUT)
    return About(**json.loads(source.read(TEXT_BYTES_MAX)))


def _put_in(tar: tarfile.TarFile, one: Kept, moved: Moved) -> Member:
    with one.path.open("rb") as source:
        entry = tarfile.TarInfo(one.name)
        entry.size, entry.mode = source.seek(0, io.SEEK_END), 0o600
        source.seek(0)
        hashed = _Hashed(source, moved)
        tar.addfile(entry, hashed)
    return Member(one.name, entry.size, hashed.sha256)


def _put_text(tar: tarfile.TarFile, name: str, value: dict[str, object]) -> None:
    data = json.dumps(value, ensure_ascii=False).encode()
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(data), 0o600
    tar.addfile(entry, io.BytesIO(data))


def _taken_out(entry: tarfile.TarInfo, source: IO[bytes], place: Path | None, moved: Moved) -> Member:
    hashed, size = hashlib.sha256(), 0
    with _opened(place) as target:
        while data := source.read(1024**2):
            hashed.update(data)
            size += len(data)
            moved(len(data))
            if target is not None:
                target.write(data)
    return Member(entry.name, size, hashed.hexdigest())


@contextmanager
def _opened(place: Path | None) -> Iterator[BinaryIO | None]:
    if place is None:
        yield None
        return
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with place.open("xb") as file:
        place.chmod(0o600)
        yield file
