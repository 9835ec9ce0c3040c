"""Making a backup: copied as of one moment, sealed, read again to its end, and only then called by its name.

What lies in files is held first and the database copied then, so that it knows of all of them; recordings that came
meanwhile are held after it. Whatever breaks it off, nothing stands under the wanted name that is not whole.
"""

import fcntl
import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import text

from presence.database import Database
from presence.errors import BackupDoubtful, BackupFailed, NoRoomForBackup
from presence.home import Home
from presence.keeping.archive import NO_SPACE, About, Member, open_archive, write_archive
from presence.keeping.checking import faults, wrong_in
from presence.keeping.contents import COPIED, LINKED, Kept, held, settings_held
from presence.keeping.copying import copied, name_of, opened_copy, size_of
from trustgraph.sealed_stream import MODERATE

HALF_PREFIX = ".presence-backup-"
DOUBTFUL = ".doubtful"
KEPT_FREE_BYTES = 64 * 1024**2
"""What is left to the node itself."""

Told = Callable[[str, int, int], None]
"""Called with what is being done, how many bytes of it are done, and how many there are."""


def free_bytes(folder: Path) -> int:
    """Give the room on a disk."""
    return shutil.disk_usage(folder).free


@dataclass(frozen=True, slots=True)
class Source:
    """What is backed up: a home, its database (with the address, if it has one), and whose it is."""

    home: Home
    database: Database
    url: str | None
    called: Callable[[], str]
    free: Callable[[Path], int] = free_bytes
    strength: tuple[int, int] = MODERATE
    """How hard the passphrase is to try out, as Argon2id's operations and bytes of memory."""


@dataclass(frozen=True, slots=True)
class Made:
    """A good backup: where it is, how large, of how many files."""

    file: Path
    size_bytes: int
    files: int
    about: About


def made(source: Source, file: Path, passphrase: str, now: float, told: Told) -> Made:
    """Write a backup into a file; an older one of that name is replaced once the new one is good.

    Raises `NoRoomForBackup`, `BackupFailed`, or `BackupDoubtful` where the node itself is not sound.
    """
    home = source.home.folder
    try:
        for old in home.glob(f"{HALF_PREFIX}*/"):  # of a backup that was killed: a home has one owner
            shutil.rmtree(old, ignore_errors=True)
        with tempfile.TemporaryDirectory(prefix=HALF_PREFIX, dir=home) as staged, _half(file.parent) as half:
            return _made(source, file, passphrase, now, told, Path(staged), half)
    except OSError as error:
        if error.errno in NO_SPACE:
            raise NoRoomForBackup(str(file.parent), size_of(source.database)) from error
        raise BackupFailed(f"{file} could not be written ({error.strerror or type(error).__name__}).") from error


def _made(source: Source, file: Path, passphrase: str, now: float, told: Told, staged: Path, half: BinaryIO) -> Made:
    told("copying", 0, 0)
    kept, wrong = _held(source, staged)
    whole = sum(one.path.stat().st_size for one in kept)
    _look_for_room(file.parent, whole, source.free)
    dialect, revision = source.database.dialect, _revision(source.database)
    about = About(source.called(), now, version("presence"), dialect, revision, whole)
    members = write_archive(half, passphrase, about, kept, counted(told, "writing", whole), source.strength)
    half.flush()
    os.fsync(half.fileno())
    os.posix_fadvise(half.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)  # it is to be read from the disk
    (staged / name_of(dialect)).unlink()
    place = Path(half.name)
    wrong += _read_again(place, passphrase, members, staged, told)
    size = place.stat().st_size
    if wrong:
        doubtful = file.with_name(file.name + DOUBTFUL)
        place.replace(doubtful)
        raise BackupDoubtful(str(doubtful), wrong)
    place.replace(file)
    settle(file.parent)
    return Made(file, size, len(members), about)


def _held(source: Source, staged: Path) -> tuple[list[Kept], tuple[str, ...]]:
    """Hold everything that goes in; give also what is wrong with the database, where it is seen only now."""
    home = source.home
    _look_for_room(home.folder, size_of(source.database), source.free)
    kept = [*settings_held(home, staged), *held(home, staged, COPIED + LINKED)]
    copy = staged / name_of(source.database.dialect)
    wrong = copied(source.database, source.url, copy)
    known = {one.name for one in kept}
    kept += [one for one in held(home, staged, ("uploads",)) if one.name not in known]
    return [*kept, Kept(copy.name, copy)], wrong


def checked(file: Path, passphrase: str, staged: Path, told: Told) -> tuple[About, int, tuple[str, ...]]:
    """Read a backup whole and look at the database in it; give what it is of, how many files, and what is wrong.

    `staged` is a folder to unpack the database into. Raises `BackupUnreadable`.
    """
    about, members = _read(file, passphrase, staged, told)
    return about, len(members), looked_at(about.dialect, staged / name_of(about.dialect))


def looked_at(dialect: str, file: Path, url: str | None = None) -> tuple[str, ...]:
    """Say what is wrong with a copy of a database: in a file, or put back at a URL."""
    with opened_copy(dialect, file, url) as database:
        if database is None:
            return ()
        with database.snapshot() as connection:
            damaged = faults(connection, dialect)
        return damaged or wrong_in(database.snapshot)


def _read_again(file: Path, passphrase: str, members: list[Member], staged: Path, told: Told) -> tuple[str, ...]:
    about, found = _read(file, passphrase, staged, told)
    if found != members:
        raise BackupFailed("What was written is not what was read again. Look at the disk.")
    return looked_at(about.dialect, staged / name_of(about.dialect))


def _read(file: Path, passphrase: str, staged: Path, told: Told) -> tuple[About, list[Member]]:
    with open_archive(file, passphrase) as archive:
        database = name_of(archive.about.dialect)
        moved = counted(told, "checking", archive.about.whole_bytes)
        return archive.about, archive.members(lambda name: staged / name if name == database else None, moved)


@contextmanager
def _half(folder: Path) -> Iterator[BinaryIO]:
    """Open a file of no name in the folder; it goes, unless somebody gave it one. Earlier ones of the dead go now."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for old in folder.glob(f"{HALF_PREFIX}*.part"):
        with suppress(OSError), old.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # whoever lives holds hers
            old.unlink()
    place = folder / f"{HALF_PREFIX}{secrets.token_hex(8)}.part"
    with open(place, "x+b", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            yield file
        finally:
            place.unlink(missing_ok=True)


def settle(folder: Path) -> None:
    """See to it that a new name outlives a loss of power."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _look_for_room(folder: Path, needed_bytes: int, free: Callable[[Path], int]) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if free(folder) < needed_bytes + KEPT_FREE_BYTES:
        raise NoRoomForBackup(str(folder), needed_bytes + KEPT_FREE_BYTES)


def _revision(database: Database) -> str:
    with database.records() as records:
        return str(records.execute(text("SELECT version_num FROM alembic_version")).scalar_one())


def counted(told: Told, what: str, whole: int) -> Callable[[int], None]:
    done = 0

    def moved(more: int) -> None:
        nonlocal done
        done += more
        told(what, done, whole)

    return moved
