"""Zips too large for one reading: unpacked into a folder, each file then read by itself.

What is inside is believed in nothing: names stay below the folder, links and locked files are left out,
and how much comes out is counted while it comes.
"""

import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path

from knowledge.importers.zips import STUMBLES
from presence.bringing.names import safe_name

ENTRIES_MAX = 10_000
COPY_BYTES = 1024**2


def unpack(zipped: Path, folder: Path, *, file_bytes_max: int, bytes_max: int) -> list[str]:
    """Unpack what can be read into a folder, and take the zip away; gives sentences about what was left out.

    A zip that is broken, or has more in it than may be, stays as it is, for its reader to refuse.
    """
    try:
        with zipfile.ZipFile(zipped) as packed:
            members = [one for one in packed.infolist() if not one.is_dir()]
            if len(members) > ENTRIES_MAX or sum(one.file_size for one in members) > bytes_max:
                return [f"{zipped.name} has too much in it; bring in its folders one by one."]
            left = list(_unpacked(packed, members, folder, file_bytes_max))
    except STUMBLES:
        return [f"{zipped.name} is broken; pack it once more, or bring in the folder itself."]
    zipped.unlink()
    return left


def _unpacked(
    packed: zipfile.ZipFile, members: list[zipfile.ZipInfo], folder: Path, file_bytes_max: int
) -> Iterator[str]:
    for member in members:
        name = safe_name(member.filename)
        if name is None:
            continue
        if stat.S_ISLNK(member.external_attr >> 16) or member.flag_bits & 1:
            yield f"{name}: a link, or locked with a password; it was left out."
            continue
        target = folder.joinpath(name)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _copied(packed, member, target, file_bytes_max):
            target.unlink(missing_ok=True)
            yield f"{name}: larger than one file may be; it was left out."


def _copied(packed: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, bytes_max: int) -> bool:
    with packed.open(member) as source, target.open("wb") as file:
        while data := source.read(COPY_BYTES):
            if file.tell() + len(data) > bytes_max:
                return False
            file.write(data)
    return True
