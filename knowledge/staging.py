"""Imports that wait to be confirmed: staged, seen by nobody, thrown away when the node ends."""

import threading
import time
from dataclasses import dataclass

from sqlalchemy import Connection, select

from knowledge.errors import PreviewGone, PreviewOutdated
from knowledge.imported import Staged
from knowledge.tables import corpus_versions

WAIT_SECONDS_MAX = 24 * 3600

Versions = tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class _Waiting:
    staged: Staged
    versions: Versions
    since: float


class Previews:
    """Thread-safe; in memory only, since staged rows do not outlive the process either."""

    def __init__(self) -> None:
        self._waiting: dict[str, _Waiting] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._waiting)

    def wait(self, staged: Staged, versions: Versions) -> None:
        """Let an import wait; `versions` say what the notes were when it was looked at."""
        with self._lock:
            self._waiting[staged.import_id] = _Waiting(staged, versions, time.monotonic())

    def take(self, import_id: str) -> tuple[Staged, Versions]:
        """Give a waiting import, which waits no more, or raise `PreviewGone`."""
        with self._lock:
            waiting = self._waiting.pop(import_id, None)
        if waiting is None:
            raise PreviewGone(import_id)
        return waiting.staged, waiting.versions

    def too_old(self) -> list[str]:
        """Name those that have waited for longer than anybody looks at a list."""
        with self._lock:
            return [ident for ident, one in self._waiting.items() if time.monotonic() - one.since > WAIT_SECONDS_MAX]


def versions_now(owner: Connection) -> Versions:
    """Say what the notes are: nothing changes in a tier without another version."""
    rows = owner.execute(select(corpus_versions.c.tier, corpus_versions.c.version).order_by(corpus_versions.c.tier))
    return tuple((row.tier, row.version) for row in rows)


def still(owner: Connection, versions: Versions) -> None:
    """Refuse when the notes have changed since."""
    if versions_now(owner) != versions:
        raise PreviewOutdated
