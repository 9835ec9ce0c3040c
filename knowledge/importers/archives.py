"""Zips of files that can be read: every member is read by its own format, under its own name.

A zip can unpack to a thousand times its size, hold itself, point outside or be locked; it is looked at
from outside first, and what is strange about it is refused or left out with the reason. What a computer
of somebody else put in on its own (resource forks, dot files) is nobody's material and is skipped.
"""

import stat
import time
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import PurePosixPath, PureWindowsPath

from knowledge.errors import ImportRefused
from knowledge.importers import read_file, substack
from knowledge.importers.record import ImportedDoc
from knowledge.importers.sniffed import Sniffed
from knowledge.importers.zips import STUMBLES

ENTRIES_MAX = 10_000
RATIO_MAX = 100
RATIO_FROM_BYTES = 1_000_000
UNPACKED_BYTES_MAX = 500_000_000
MEMBER_BYTES_MAX = 50_000_000
# The process that reads one file has a minute; what is not read by then is named rather than lost with the rest.
SECONDS_MAX = 40.0
_NAMED_MAX = 10
_OF_OTHER_PROGRAMS = ("[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF", "Index/Document.iwa", "Index.zip")
_NESTED = "An archive inside the archive is not opened; unpack it and import it by itself."
_OUT_OF_TIME = "Reading the archive took too long; unpack it and import its folder."


def is_it(file: Sniffed) -> bool:
    return file.data.startswith((b"PK\x03\x04", b"PK\x05\x06")) and not _is_of_a_program(file.data)


def read(file: Sniffed) -> Sequence[ImportedDoc]:
    """Read every member; `part` is the member's name. Without one that can be read the zip is refused."""
    reasons: dict[str, list[str]] = {}
    try:
        with zipfile.ZipFile(BytesIO(file.data)) as packed:
            members = _checked(packed, len(file.data))
            documents = list(_documents(packed, members, reasons))
    except STUMBLES:
        raise ImportRefused("This zip is broken; pack it once more, or import the folder itself.") from None
    left_out = tuple(_sentence(reason, names) for reason, names in reasons.items())
    if not documents:
        raise ImportRefused(" ".join(["Nothing in this zip could be read.", *left_out]))
    return [replace(documents[0], left_out=(*documents[0].left_out, *left_out)), *documents[1:]]


def _is_of_a_program(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(BytesIO(data)) as packed:
            names = set(packed.namelist())
    except STUMBLES:
        return False
    return any(name in names for name in _OF_OTHER_PROGRAMS)


def _checked(packed: zipfile.ZipFile, size: int) -> list[zipfile.ZipInfo]:
    """Give the files in it, or refuse the whole for what it would unpack to."""
    entries = packed.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > ENTRIES_MAX:
        raise ImportRefused(f"This zip has more than {ENTRIES_MAX:,} files; import its folders one by one.")
    if unpacked > UNPACKED_BYTES_MAX:
        raise ImportRefused(f"This zip unpacks to more than {UNPACKED_BYTES_MAX // 1_000_000} MB; import its folders.")
    if unpacked > RATIO_FROM_BYTES and unpacked > RATIO_MAX * size:
        raise ImportRefused("This zip unpacks to far more than its size, as no folder of notes does; it is not opened.")
    return [entry for entry in entries if not entry.is_dir() and not _is_machinery(entry.filename)]


def _is_machinery(name: str) -> bool:
    parts = PurePosixPath(name).parts
    hidden = any(part.startswith(".") and not part.startswith("..") for part in parts)
    return hidden or "__MACOSX" in parts or parts[-1:] == ("Thumbs.db",)


def _documents(
    packed: zipfile.ZipFile, members: list[zipfile.ZipInfo], reasons: dict[str, list[str]]
) -> Iterator[ImportedDoc]:
    started, index = time.monotonic(), dict[str, substack.Row]()
    for member in sorted(members, key=lambda member: (not member.filename.endswith(".csv"), member.filename)):
        name = member.filename
        try:
            if time.monotonic() - started > SECONDS_MAX:
                raise ImportRefused(_OUT_OF_TIME)
            data = _unpacked(packed, member)
            file = Sniffed(data, PurePosixPath(name))
            if substack.is_it(file):
                index |= substack.index_of(file)
                continue
            for document in read_file(data, name):
                yield _joined(replace(document, part=_part(name, document.part)), index)
        except ImportRefused as refusal:
            reasons.setdefault(refusal.reason, []).append(name)


def _unpacked(packed: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    refusal = _refusal(member)
    if refusal:
        raise ImportRefused(refusal)
    try:
        with packed.open(member) as stream:
            data = stream.read(MEMBER_BYTES_MAX + 1)
    except STUMBLES:
        raise ImportRefused("This file is damaged inside the zip.") from None
    if is_it(Sniffed(data, PurePosixPath(member.filename))):
        raise ImportRefused(_NESTED)
    return data


def _refusal(member: zipfile.ZipInfo) -> str:
    """Why a member is not even unpacked, "" where it is."""
    if _points_outside(member.filename):
        return "A name that points out of the archive is not followed."
    if stat.S_ISLNK(member.external_attr >> 16):
        return "A link to another file is not followed."
    if member.flag_bits & 1:
        return "This file is locked with a password; pack it without one."
    if member.file_size > MEMBER_BYTES_MAX:
        return f"A file may have {MEMBER_BYTES_MAX // 1_000_000} MB at most."
    if member.file_size > RATIO_FROM_BYTES and member.file_size > RATIO_MAX * max(member.compress_size, 1):
        return "It unpacks to far more than its size, as no note does."
    return ""


def _points_outside(name: str) -> bool:
    windows = PureWindowsPath(name)
    return name.startswith(("/", "\\")) or bool(windows.drive) or ".." in windows.parts


def _part(name: str, part: str) -> str:
    return f"{name}: {part}" if part else name


def _joined(document: ImportedDoc, index: dict[str, substack.Row]) -> ImportedDoc:
    row = index.get(PurePosixPath(document.part).name)
    return substack.joined(document, row) if row else document


def _sentence(reason: str, names: list[str]) -> str:
    more = f" and {len(names) - _NAMED_MAX} more" if len(names) > _NAMED_MAX else ""
    return f"{', '.join(names[:_NAMED_MAX])}{more}: {reason}"
