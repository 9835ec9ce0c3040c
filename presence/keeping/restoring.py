"""Putting a backup back: read whole and looked at beside its place, then put there at once, and never over anything.

What is older than this version is brought up to it on the way. Who is let in is doubtful afterwards, until the artist
has signed the head of the log of trust: what she took back since the backup is not in it.
"""

import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from presence.database import open_database
from presence.errors import BackupFailed, BackupTooNew, BackupUnreadable, NoRoomForBackup, NotEmptyHere
from presence.home import Home
from presence.keeping.archive import NO_SPACE, About, open_archive
from presence.keeping.contents import belongs
from presence.keeping.copying import name_of, put_back_postgresql
from presence.keeping.making import KEPT_FREE_BYTES, Told, counted, free_bytes, looked_at, settle
from presence.migrations import knows, upgrade

_PREFIX = ".presence-restoring-"


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back: what the backup is of, how many files, and what is wrong with the database in it."""

    about: About
    files: int
    wrong: tuple[str, ...]


def restored(
    file: Path,
    home: Home,
    passphrase: str,
    told: Told,
    *,
    url: str | None = None,
    free: Callable[[Path], int] = free_bytes,
) -> Restored:
    """Put a backup into an empty home; with `url`, its database into an empty PostgreSQL.

    Raises `NotEmptyHere`, `BackupUnreadable`, `BackupTooNew`, `NoRoomForBackup` or `BackupFailed`; nothing is there
    then that was not before.
    """
    home = Home(home.folder.resolve())
    _look_whether_empty(home)
    beside = _beside(home)
    try:
        beside.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=_PREFIX, dir=beside, ignore_cleanup_errors=True) as folder:
            staged = Path(folder) / "home"
            staged.mkdir(mode=0o700)
            about, files = _unpacked(file, passphrase, staged, told, url, free)
            wrong = _brought_up(about, staged, url, told)
            _settle_all(staged)
            _put_there(staged, home)
    except OSError as error:
        if error.errno in NO_SPACE:
            raise NoRoomForBackup(str(beside), file.stat().st_size) from error
        raise BackupFailed(f"{home.folder} could not be filled ({error.strerror or type(error).__name__}).") from error
    return Restored(about, files, wrong)


def _look_whether_empty(home: Home) -> None:
    folder = home.folder
    if folder.exists() and not folder.is_dir():
        raise NotEmptyHere(str(folder))
    if folder.is_dir() and any(not one.name.startswith(_PREFIX) for one in folder.iterdir()):
        raise NotEmptyHere(str(folder))


def _beside(home: Home) -> Path:
    """Give the folder to unpack in: beside the home, or within one that cannot be replaced, as a mounted one."""
    parent = home.folder.parent
    if os.path.ismount(home.folder) or (home.folder.exists() and not os.access(parent, os.W_OK)):
        for old in home.folder.glob(f"{_PREFIX}*"):  # of one that was broken off
            shutil.rmtree(old, ignore_errors=True)
        return home.folder
    return parent


def _unpacked(
    file: Path, passphrase: str, staged: Path, told: Told, url: str | None, free: Callable[[Path], int]
) -> tuple[About, int]:
    with open_archive(file, passphrase) as archive:
        about = archive.about
        _look_whether_fitting(about, url)
        if free(staged) < about.whole_bytes + KEPT_FREE_BYTES:
            raise NoRoomForBackup(str(staged.parent.parent), about.whole_bytes + KEPT_FREE_BYTES)
        database = name_of(about.dialect)

        def place(name: str) -> Path:
            if name != database and not belongs(name):
                raise BackupUnreadable(file.name, "It holds something that is not of a home.")
            return staged / name

        members = archive.members(place, counted(told, "restoring", about.whole_bytes))
    if not (staged / database).is_file():
        raise BackupUnreadable(file.name, "It holds no database.")
    return about, len(members)


def _look_whether_fitting(about: About, url: str | None) -> None:
    if not knows(about.revision):
        raise BackupTooNew(about.version)
    if about.dialect == "sqlite" and url is not None:
        raise BackupFailed("This backup holds an SQLite database. Restore it without PRESENCE_DATABASE_URL.")
    if about.dialect != "sqlite" and url is None:
        raise BackupFailed(
            "This backup holds a PostgreSQL database. Make an empty one, and name it in PRESENCE_DATABASE_URL."
        )


def _brought_up(about: About, staged: Path, url: str | None, told: Told) -> tuple[str, ...]:
    told("bringing up to date", 0, 0)
    file = staged / name_of(about.dialect)
    if url is not None:
        put_back_postgresql(url, file)
        file.unlink()
    database = open_database(url, file)
    try:
        upgrade(database.owner)
    finally:
        database.close()
    return looked_at(about.dialect, file, url)


def _settle_all(staged: Path) -> None:
    for where, _, names in os.walk(staged):
        for name in names:
            descriptor = os.open(Path(where) / name, os.O_RDONLY)
            os.fsync(descriptor)
            os.close(descriptor)
        settle(Path(where))


def _put_there(staged: Path, home: Home) -> None:
    if staged.parent.parent != home.folder:
        staged.replace(home.folder)  # at once; an empty folder may stand there
        settle(home.folder.parent)
        return
    # Into a mounted home one by one, the database last: without it, nobody takes this for a home.
    for one in sorted(staged.iterdir(), key=lambda path: path.name == home.database.name):
        one.replace(home.folder / one.name)
    settle(home.folder)
