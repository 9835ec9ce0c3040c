"""What is known of the last backup, outside of what it holds: when, where, how large, and what failed since."""

import json
import os
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from presence.home import Home

DAY_SECONDS = 24 * 3600
OLD_SECONDS = 7 * DAY_SECONDS
"""A backup that is older is worth a word."""


@dataclass(frozen=True, slots=True)
class LastBackup:
    """The last good backup, at Unix seconds; an empty `file` is one that somebody made in another way."""

    at: float
    file: str = ""
    size_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Failure:
    """Why the last try failed, and when."""

    at: float
    why: str


def last_backup(home: Home) -> LastBackup | None:
    """Give the last good backup, or None where none is known of."""
    try:
        at = home.backed_up.stat().st_mtime
    except OSError:
        return None
    told = _read(home.backed_up)
    return LastBackup(at, str(told.get("file", "")), int(told.get("size_bytes", 0)))


def last_failure(home: Home) -> Failure | None:
    """Give what failed since the last good backup, or None."""
    told = _read(home.backup_failed)
    return Failure(float(told["at"]), str(told["why"])) if {"at", "why"} <= told.keys() else None


def lacking(home: Home, now: float) -> list[tuple[int, str]]:
    """Say what is amiss with backups, as a number and words that go with it; nothing where all is well."""
    last = last_backup(home)
    days = 0 if last is None else int((now - last.at) // DAY_SECONDS)
    if last_failure(home) is not None:
        return [(1, "backup failed")]
    if last is None:
        return [(0, "backups so far")]
    return [(days, "days since the last backup")] if now - last.at > OLD_SECONDS else []


def note_backup(home: Home, file: Path, size_bytes: int, at: float) -> None:
    """Note a good backup; what failed before is over."""
    _write(home.backed_up, asdict(LastBackup(at, str(file), size_bytes)))
    os.utime(home.backed_up, (at, at))
    home.backup_failed.unlink(missing_ok=True)


def note_failure(home: Home, why: str, at: float | None = None) -> None:
    """Note that it failed. A disk that is full is no reason to fail once more."""
    with suppress(OSError):
        _write(home.backup_failed, {"at": time.time() if at is None else at, "why": why})


def _read(file: Path) -> dict[str, Any]:
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def _write(file: Path, value: dict[str, Any]) -> None:
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    beside.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    beside.replace(file)
