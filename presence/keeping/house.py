"""Backups of this node: one at a time, by hand or by the clock, and the old ones thinned out."""

import re
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import structlog

from presence.errors import BackupFailed, BackupUnderWay, PassphraseNeeded, PresenceError, UnknownBackup
from presence.keeping.making import DOUBTFUL, Made, Source, Told, made
from presence.keeping.noted import last_backup, last_failure, note_backup, note_failure
from presence.settings import BACKUP_PASSPHRASE_CHARS_MIN, KeepingSettings

log = structlog.get_logger()

SUFFIX = ".presence-backup"
LOOK_SECONDS = 30.0
AGAIN_SECONDS = 3600.0
"""How long is waited after one that failed."""
HOUR_SECONDS = 3600.0
DOUBTFUL_KEPT = 2
_NAME = re.compile(r"presence-\d{8}-\d{6}" + re.escape(SUFFIX))


@dataclass(frozen=True, slots=True)
class Stored:
    """A backup in the folder: its name, its size, and when it was made (Unix seconds)."""

    name: str
    size_bytes: int
    at: float


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A backup that is being made: what is done now, and how far that is, in hundredths."""

    doing: str
    percent: int


class Keeping:
    """One per node; thread-safe."""

    def __init__(
        self,
        source: Source,
        chosen: KeepingSettings,
        now: Callable[[], float] = time.time,
        leads: Callable[[], bool] = lambda: True,
    ) -> None:
        self._leads = leads
        self._source, self._chosen, self._now = source, chosen, now
        self._one = threading.Lock()
        self._closed = threading.Event()
        self._threads: list[threading.Thread] = []
        self.under_way: UnderWay | None = None
        self.began_at = now()

    @property
    def folder(self) -> Path:
        """Where backups are kept."""
        return self._chosen.folder or self._source.home.backups

    @property
    def has_passphrase(self) -> bool:
        """Whether the settings say what backups are sealed with."""
        return self._chosen.passphrase is not None

    @property
    def every_hours(self) -> float | None:
        """How often one is made by itself, in hours."""
        return self._chosen.every_hours

    def new_file(self) -> Path:
        """Give the place of the next backup in the folder."""
        return self.folder / f"presence-{time.strftime('%Y%m%d-%H%M%S', time.gmtime(self._now()))}{SUFFIX}"

    def stored(self) -> list[Stored]:
        """Give the backups in the folder, the newest first."""
        found = [one for one in self.folder.glob(f"presence-*{SUFFIX}") if _NAME.fullmatch(one.name)]
        told = []
        for one in sorted(found, reverse=True):
            with suppress(FileNotFoundError):  # the oldest may be thrown away at this moment
                stat = one.stat()
                told.append(Stored(one.name, stat.st_size, stat.st_mtime))
        return told

    def file(self, name: str) -> Path:
        """Give a backup of the folder by its name, or raise `UnknownBackup`."""
        if not _NAME.fullmatch(name) or not (self.folder / name).is_file():
            raise UnknownBackup
        return self.folder / name

    def make(self, file: Path, passphrase: str | None, told: Told = lambda _what, _done, _whole: None) -> Made:
        """Make a backup now; without a passphrase, with that of the settings. Refusals are noted for the doctor.

        Raises `PassphraseNeeded`, `BackupUnderWay`, or what `making.made` raises.
        """
        phrase = self._phrase(passphrase)
        if not self._one.acquire(blocking=False):
            raise BackupUnderWay
        try:
            return self._made(file, phrase, told)
        finally:
            self.under_way = None
            self._one.release()

    def begin(self, passphrase: str | None) -> int:
        """Make one in the background, into the folder, and give when it was begun (Unix seconds).

        Raises `PassphraseNeeded` or `BackupUnderWay` at once.
        """
        phrase = self._phrase(passphrase)
        if self._one.locked():
            raise BackupUnderWay
        begun = int(self._now())
        self.under_way = UnderWay("beginning", 0)
        self._start(lambda: self._quietly(phrase))
        return begun

    def start(self) -> None:
        """Make backups by the clock from now on, if the settings say so."""
        if self._chosen.every_hours is not None:
            self._start(self._go_on)

    def close(self) -> None:
        """End; one that is being made is given up at its next step."""
        self._closed.set()
        for thread in self._threads:
            thread.join()

    def is_due(self) -> bool:
        """Whether the clock asks for a backup now."""
        if self._chosen.every_hours is None:
            return False
        last, failure = last_backup(self._source.home), last_failure(self._source.home)
        if failure is not None and self._now() - failure.at < AGAIN_SECONDS:
            return False
        return last is None or self._now() - last.at >= self._chosen.every_hours * HOUR_SECONDS

    def _phrase(self, passphrase: str | None) -> str:
        kept = self._chosen.passphrase
        phrase = passphrase or (kept.get_secret_value() if kept is not None else "")
        if len(phrase) < BACKUP_PASSPHRASE_CHARS_MIN:
            raise PassphraseNeeded(BACKUP_PASSPHRASE_CHARS_MIN)
        return phrase

    def _made(self, file: Path, phrase: str, told: Told) -> Made:
        home, at = self._source.home, self._now()

        def stepped(what: str, done: int, whole: int) -> None:
            if self._closed.is_set():
                raise BackupFailed("The node was closed before the backup was finished.")
            self.under_way = UnderWay(what, 100 * done // max(whole, 1))
            told(what, done, whole)

        try:
            one = made(self._source, file, phrase, at, stepped)
        except Exception as error:
            if not self._closed.is_set():  # a node that is closed meanwhile makes one when it is open again
                why = str(error) if isinstance(error, PresenceError) else type(error).__name__
                note_failure(home, why, self._now())
            raise
        note_backup(home, file, one.size_bytes, at)
        log.info("backed_up", bytes=one.size_bytes, files=one.files)
        return one

    def _quietly(self, phrase: str) -> None:
        try:
            self.make(self.new_file(), phrase)
        except PresenceError as refusal:
            log.warning("backup_failed", kind=type(refusal).__name__)
        except Exception:
            log.exception("backup_failed")
        finally:
            self._thin()
            if not self._one.locked():
                self.under_way = None

    def _thin(self) -> None:
        """Throw away what is beyond those that are kept; of what is not sound, so many that two can be compared."""
        for old in self.stored()[self._chosen.keep :]:
            (self.folder / old.name).unlink(missing_ok=True)
        doubtful = self.folder.glob(f"presence-*{SUFFIX}{DOUBTFUL}")
        for file in sorted(doubtful, reverse=True)[DOUBTFUL_KEPT:]:
            if _NAME.fullmatch(file.name.removesuffix(DOUBTFUL)):
                file.unlink(missing_ok=True)

    def _go_on(self) -> None:
        while not self._closed.wait(LOOK_SECONDS):
            if self._leads() and self.is_due():
                self._quietly(self._phrase(None))

    def _start(self, work: Callable[[], None]) -> None:
        self._threads = [one for one in self._threads if one.is_alive()]
        thread = threading.Thread(target=work, name="keeping", daemon=True)
        self._threads.append(thread)
        thread.start()
