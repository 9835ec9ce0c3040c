"""The home of a node: one folder, owned by one process at a time."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from presence.errors import HomeOwned


@dataclass(frozen=True, slots=True)
class Home:
    """The places in a home."""

    folder: Path

    @property
    def database(self) -> Path:
        return self.folder / "presence.db"

    @property
    def chroma(self) -> Path:
        return self.folder / "chroma"

    @property
    def socket(self) -> Path:
        return self.folder / "presence.sock"

    @property
    def lock(self) -> Path:
        return self.folder / "owner.lock"

    @property
    def models(self) -> Path:
        return self.folder / "models"

    @property
    def log(self) -> Path:
        """The public log of receipts: static files, made from the database."""
        return self.folder / "log"

    @property
    def persona(self) -> Path:
        """The artist's files about how her presence speaks."""
        return self.folder / "persona"

    @property
    def uploads(self) -> Path:
        return self.folder / "uploads"

    @property
    def keys(self) -> Path:
        return self.folder / "keys"

    @property
    def backed_up(self) -> Path:
        """The last backup that was good, as JSON, or an empty file that somebody touched: its time says when."""
        return self.folder / "backed-up"

    @property
    def backup_failed(self) -> Path:
        """Why the last backup failed, as JSON; not there when it did not."""
        return self.folder / "backup-failed"

    @property
    def backups(self) -> Path:
        """Where backups are kept, unless the settings say another place."""
        return self.folder / "backups"

    @property
    def settings_file(self) -> Path:
        return self.folder / "presence.toml"

    @property
    def is_begun(self) -> bool:
        """Whether there is a presence in it."""
        return self.settings_file.exists() or self.database.exists()

    def prepare(self) -> None:
        """Make the folder, readable by its user only."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def owner(self) -> int | None:
        """Give the process that owns this home, or None."""
        try:
            with self.lock.open("rb+") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return self._noted_pid() or -1
        except OSError:
            return None
        return None

    @contextmanager
    def owned(self) -> Iterator[None]:
        """Own the home, or raise `HomeOwned`. The lock falls with the process, however it ends."""
        self.prepare()
        with self.lock.open("ab+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise HomeOwned(str(self.folder), self._noted_pid()) from error
            file.truncate(0)
            file.write(str(os.getpid()).encode())
            file.flush()
            yield

    def _noted_pid(self) -> int | None:
        try:
            return int(self.lock.read_text() or 0) or None
        except (OSError, ValueError):
            return None
