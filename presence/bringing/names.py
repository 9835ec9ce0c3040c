"""Names of files as somebody's browser or zip tells them, made harmless: no way out, nothing hidden."""

import re
from pathlib import PurePosixPath

PART_BYTES_MAX = 180
DEPTH_MAX = 12
_BETWEEN = re.compile(r"[/\\]+")
_NOT_WRITTEN = re.compile(r"[\x00-\x1f\x7f:*?\"<>|]+")
_MACHINERY = {"__macosx", "thumbs.db", "desktop.ini"}


def safe_name(told: str) -> PurePosixPath | None:
    """Give a relative name below which a file may lie; None for what a computer put there on its own."""
    parts = [part.strip() for part in _BETWEEN.split(told) if part.strip() not in ("", ".", "..")]
    if not parts or any(part.startswith(".") or part.lower() in _MACHINERY for part in parts):
        return None
    return PurePosixPath(*map(_short, parts[-DEPTH_MAX:]))


def file_name(title: str, ending: str) -> str:
    """Write a title as the name of a file: “Night ferry, part 2” is `night-ferry-part-2.md`."""
    words = re.sub(r"[^\w]+", "-", title.lower()).strip("-_")
    return _short(words or "note", PART_BYTES_MAX // 3) + ending


def _short(part: str, bytes_max: int = PART_BYTES_MAX) -> str:
    """Keep the ending, which says what a file is."""
    part = _NOT_WRITTEN.sub("_", part)
    stem, dot, ending = part.rpartition(".")
    if not dot or len(ending) > 10:
        stem, dot, ending = part, "", ""
    kept = stem.encode()[: bytes_max - len((dot + ending).encode())].decode(errors="ignore")
    return (kept or "_") + dot + ending
