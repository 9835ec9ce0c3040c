"""The last head of the log, kept outside the database, so that a rewound database is found out."""

import json
import logging
import os
import threading
from dataclasses import asdict, dataclass
from pathlib import Path

from trustgraph.errors import LogInDoubt

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Head:
    """Number and hash of the last entry that was seen; since when the log is in doubt (Unix seconds), and why."""

    seq: int
    hash: str
    doubt: str | None = None
    since: int = 0


class HeadFile:
    """One small file, replaced whole. Thread-safe."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._last: Head | None = None

    def read(self) -> Head | None:
        """Give what was noted last, or None where nothing ever was; raises `LogInDoubt` for a broken file."""
        try:
            return Head(**json.loads(self._path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError) as error:
            raise LogInDoubt("log_in_doubt") from error

    def note(self, head: Head) -> None:
        """Note a head, if it is not what was noted last. A disk that is full is said in the log, and stops nobody."""
        with self._lock:
            if head != self._last:
                try:
                    self._write(head)
                except OSError:
                    log.exception("the head of the log of trust could not be noted in %s", self._path)

    def _write(self, head: Head) -> None:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside = self._path.with_suffix(f".{os.getpid()}")
        with beside.open("w", encoding="utf-8") as file:
            json.dump(asdict(head), file)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._path)
        self._last = head
