"""Whether everything would be there again after the disk is lost."""

import time
from collections.abc import Iterator
from pathlib import Path

from presence.home import Home
from presence.keeping.noted import DAY_SECONDS, OLD_SECONDS, LastBackup, last_backup, last_failure
from presence.settings import Settings
from presence.sight.checked import Checked

_EVERY = "Set keeping.every_hours and keeping.passphrase_file in presence.toml: docs/guides/keeping.md."
_AGAIN = "Make a new one: presence backup FILE"


def backup_checks(settings: Settings, home: Home) -> Iterator[Checked]:
    """Look at the schedule, at the last backup, and at where it lies."""
    every = settings.keeping.every_hours
    if every is None:
        yield Checked("backup", "wrong", "Nobody makes backups by themselves here.", _EVERY)
    else:
        yield Checked("backup", "ok", f"One is made every {every:g} hours.")
    if (failure := last_failure(home)) is not None:
        yield Checked("backup", "wrong", f"The last backup failed: {failure.why}", "presence backup tries again.")
    last = last_backup(home)
    if last is None:
        yield Checked("backup", "wrong", "There is no backup yet.", _AGAIN)
        return
    yield _age(last, OLD_SECONDS if every is None else max(2 * every * 3600, DAY_SECONDS))
    yield _file(last, home)


def _age(last: LastBackup, old_seconds: float) -> Checked:
    age = time.time() - last.at
    said = f"The last one is {age / DAY_SECONDS:,.0f} days old." if age > DAY_SECONDS else "The last one is of today."
    return Checked("backup", *(("wrong", said, _AGAIN) if age > old_seconds else ("ok", said, "")))


def _file(last: LastBackup, home: Home) -> Checked:
    file = Path(last.file)
    if not last.file:
        said = "The last one was made in another way: whether it can be read is not known here."
        return Checked("backup", "unknown", said, "Restore it into an empty home somewhere, once.")
    if not file.is_file():
        do = "Put the disk back, or make a new one. Where it was taken to, presence backup --check FILE tries it."
        return Checked("backup", "unknown", f"{file} is not there any more.", do)
    if file.stat().st_size != last.size_bytes:
        return Checked("backup", "wrong", f"{file} is not as long as it was when it was made.", _AGAIN)
    if file.stat().st_dev == home.folder.stat().st_dev:
        do = "Let keeping.folder name another disk, or fetch a copy every week from the studio's page of backups."
        return Checked(
            "backup", "note", "It was read back when it was made, and lies on the same disk as the home.", do
        )
    return Checked("backup", "ok", "It was read back when it was made, and lies on another disk than the home.")
