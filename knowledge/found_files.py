"""The files of an import: which there are, what they are called, and what they hold, as a hash."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from knowledge.errors import ImportRefused


def found_files(path: Path) -> Iterator[tuple[Path, str]]:
    """Give every file below a path with its name relative to it; hidden ones and links are not followed."""
    if path.is_file():
        yield path, path.name
        return
    for found in sorted(path.rglob("*")):
        relative = found.relative_to(path)
        if found.is_symlink() or not found.is_file() or any(part.startswith(".") for part in relative.parts):
            continue
        yield found, relative.as_posix()


def readable(name: str) -> str:
    """Write a file's name as text, also one whose bytes are none."""
    return name.encode("utf-8", errors="backslashreplace").decode("utf-8")


def hashed(path: Path, bytes_max: int) -> str:
    """Give the SHA-256 of a file, or raise `ImportRefused` when it is too large or cannot be opened."""
    try:
        size = path.stat().st_size
        if size > bytes_max:
            raise ImportRefused(
                f"It has {size / 1e6:,.0f} MB and one file may have {bytes_max / 1e6:,.0f} MB; cut it into parts."
            )
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ImportRefused(f"The file could not be opened ({error.strerror}).") from error
