"""What of a home goes into a backup: what cannot be made again. Indexes, models and what was looked up can.

`keys/head.json` stays out on purpose: it names the last entry of the log of trust that was seen, and whoever puts an
older database in its place has to hear the artist's word before anybody is let in by it.
"""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from presence.home import Home

COPIED = ("keys", "persona", "log")
"""Small, and written to while the node is open: copied first."""
LINKED = ("uploads", "brought")
"""Large, and never changed once they are whole: held by a second name, so that what goes meanwhile is still here."""
SETTINGS = "presence.toml"
_NEVER = ("keys/head.json",)
_ASIDE = re.compile(r"\.(?:\d+|part)$|^\.|\.toml\.new$")
"""Files that are being written, beside the one that they become."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file: its name in the backup, with slashes, and where its bytes are now."""

    name: str
    path: Path


def belongs(name: str) -> bool:
    """Whether a file of this name has its place in a home, and nowhere outside of it."""
    parts = PurePosixPath(name).parts
    plain = name == "/".join(parts) and ".." not in parts and "\\" not in name and "\0" not in name
    return plain and name not in _NEVER and (name == SETTINGS or (len(parts) > 1 and parts[0] in COPIED + LINKED))


def held(home: Home, folder: Path, rooms: tuple[str, ...]) -> list[Kept]:
    """Put what lies in these rooms of a home into a folder, as it is now; give what is there."""
    found = []
    for name, path in _files(home.folder, rooms):
        place = folder / name
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileNotFoundError):  # it has just gone
            found.append(Kept(name, _copied(path, place) if name.split("/")[0] in COPIED else _linked(path, place)))
    return found


def settings_held(home: Home, folder: Path) -> list[Kept]:
    """The same for the settings."""
    with suppress(FileNotFoundError):
        return [Kept(SETTINGS, _copied(home.settings_file, folder / SETTINGS))]
    return []


def _files(home: Path, rooms: tuple[str, ...]) -> Iterator[tuple[str, Path]]:
    for room in rooms:
        for where, folders, names in os.walk(home / room):
            folders.sort()
            # An upload that is under way has a note beside it, which goes when it is whole.
            half = {Path(name).stem for name in names if name.endswith(".json")} if room == "uploads" else set()
            for name in sorted(names):
                path = Path(where) / name
                told = path.relative_to(home).as_posix()
                if path.is_file() and belongs(told) and not _ASIDE.search(name) and Path(name).stem not in half:
                    yield told, path


def _copied(path: Path, place: Path) -> Path:
    shutil.copyfile(path, place)
    return place


def _linked(path: Path, place: Path) -> Path:
    try:
        place.hardlink_to(path.resolve())
    except FileExistsError:
        return place
    except FileNotFoundError:
        raise
    except OSError:  # on another disk, or one that knows no second names
        return path
    return place
