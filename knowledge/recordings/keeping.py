"""The recordings of a node: taken in whole or not at all, heard through the views of a tier, taken out."""

import hashlib
import os
import secrets
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select, text, update

from knowledge.contracts import HIGHEST_TIER, Readers, WriteLane
from knowledge.errors import KnownFromHigherTier, NotSound, UnknownRecording, UnknownUpload
from knowledge.facts.known import known_from
from knowledge.recordings import listening
from knowledge.recordings.uploads import Uploads, Wish
from knowledge.tables import recordings
from knowledge.tiering import TIER_NAMES

COPY_BYTES = 1024**2
_ONE = text("SELECT * FROM recordings WHERE id = :id")
_EVERY = text("SELECT * FROM recordings ORDER BY published_at, id")
_OF = text("SELECT * FROM recordings WHERE of_kind = :kind AND of_key = :key ORDER BY duration_ms DESC, sha256, id")

Records = Callable[[], AbstractContextManager[Connection]]
"""Opens a connection of the owner's, for reading."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording as a tier may see it; `peaks` are empty where it cannot be drawn, None until it is."""

    ident: str
    title: str
    type: str
    size_bytes: int
    duration_ms: int
    tier: int
    sha256: str
    of_kind: str | None
    of_key: str | None
    peaks: bytes | None

    def as_json(self) -> dict[str, Any]:
        """Tell it to the artist."""
        told = {
            "id": self.ident,
            "title": self.title,
            "type": self.type,
            "bytes": self.size_bytes,
            "sha256": self.sha256,
        }
        pinned = None if self.of_kind is None else {"kind": self.of_kind, "key": self.of_key}
        return {**told, "duration_ms": self.duration_ms, "tier": TIER_NAMES[self.tier], "of": pinned,
                "drawn": None if self.peaks is None else bool(self.peaks)}  # fmt: skip


class Recordings:
    """One per node; thread-safe."""

    def __init__(
        self,
        readers: Readers,
        records: Records,
        lane: WriteLane,
        uploads: Uploads,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._readers, self._records, self._lane = readers, records, lane
        self.uploads = uploads
        self._now = now
        self._closed = threading.Event()
        self._drawing = threading.Lock()
        self._threads: list[threading.Thread] = []

    def begin(self, wish: Wish) -> str:
        """Begin an upload, or refuse what would tell a tier of something that it does not know."""
        if wish.of_kind is not None and wish.of_key is not None:
            kind, key = wish.of_kind, wish.of_key
            known = self._lane.run(lambda owner: known_from(owner, kind, key))
            if known is None or known > wish.tier:
                raise KnownFromHigherTier(key, TIER_NAMES[HIGHEST_TIER if known is None else known])
        return self.uploads.begin(wish)

    def offset(self, name: str) -> tuple[int, int]:
        """Say how far an upload is, and how long it will be; one that is a recording already is at its end."""
        try:
            return self.uploads.offset(name), self.uploads.wish(name).size_bytes
        except UnknownUpload:
            with self._records() as records:
                done = records.execute(
                    select(recordings.c.bytes).where(recordings.c.file == name, recordings.c.retracted_at.is_(None))
                ).scalar()
            if done is None:
                raise
            return int(done), int(done)

    def finish(self, name: str) -> Recording | None:
        """Make an upload that is whole a recording; None while it is not. Raises `NotSound`, and forgets it then."""
        with self.uploads.alone(name):
            wish = self.uploads.wish(name)
            if self.uploads.offset(name) < wish.size_bytes:
                return None
            try:
                row = _told(self.uploads.path(name), wish)
            except NotSound:
                self.uploads.discard(name)
                raise
            row |= {"id": secrets.token_urlsafe(12), "file": name, "published_at": self._now()}
            self._lane.run(lambda owner: owner.execute(insert(recordings).values(**row)))
            self.uploads.settle(name)
        return self.recording(str(row["id"]), HIGHEST_TIER)

    def add(self, path: Path, wish: Wish, copied: Callable[[int, int], None]) -> Recording:
        """Take a file of this machine in."""
        with path.open("rb") as source:
            name = self.begin(wish)
            try:
                with self.uploads.piece(name, 0) as piece:
                    done = 0
                    while data := source.read(COPY_BYTES):
                        piece.write(data)
                        copied(done := done + len(data), wish.size_bytes)
                made = self.finish(name)
            except BaseException:
                self.uploads.discard(name)
                raise
        if made is None:
            self.uploads.discard(name)
            raise NotSound
        self.draw(made.ident)
        return self.recording(made.ident, HIGHEST_TIER) or made

    def recording(self, ident: str, tier: int) -> Recording | None:
        """Give a recording, or None when this tier may not hear it or it does not exist."""
        with self._readers(tier) as reader:
            row = reader.execute(_ONE, {"id": ident}).first()
        return None if row is None else _recording(row)

    def every(self, tier: int) -> list[Recording]:
        """Give every recording that a tier may hear, the oldest first."""
        with self._readers(tier) as reader:
            return [_recording(row) for row in reader.execute(_EVERY)]

    def of(self, kind: str, key: str, tier: int) -> list[Recording]:
        """Give what this tier may hear of a night (`event`) or a piece (`work`), the longest first."""
        with self._readers(tier) as reader:
            return [_recording(row) for row in reader.execute(_OF, {"kind": kind, "key": key})]

    def path(self, ident: str) -> Path | None:
        """Give the place of a recording that may be heard; None when its bytes are gone."""
        with self._records() as records:
            name = records.execute(select(recordings.c.file).where(recordings.c.id == ident)).scalar()
        path = None if name is None else self.uploads.path(name)
        return path if path is not None and path.is_file() else None

    def remove(self, ident: str) -> None:
        """Take a recording out at once, then its bytes; raises `UnknownRecording`."""

        def retract(owner: Connection) -> str | None:
            here = (recordings.c.id == ident) & recordings.c.retracted_at.is_(None)
            name = owner.execute(select(recordings.c.file).where(here)).scalar()
            owner.execute(update(recordings).where(here).values(retracted_at=self._now()))
            return name

        name = self._lane.run(retract)
        if name is None:
            raise UnknownRecording
        self.uploads.discard(name)

    def draw(self, ident: str) -> None:
        """Look at a recording's sound, one at a time, and keep what it looks like."""
        with self._drawing:
            path = self.path(ident)
            peaks = None if path is None or self._closed.is_set() else listening.draw(path, self._closed)
        if peaks is not None:
            drawn = update(recordings).where(recordings.c.id == ident).values(peaks=peaks)
            self._lane.run(lambda owner: owner.execute(drawn))

    def draw_later(self, *idents: str) -> None:
        """Draw in the background."""
        thread = threading.Thread(target=self._draw_each, args=idents, name="drawing", daemon=True)
        self._threads = [one for one in self._threads if one.is_alive()] + [thread]
        thread.start()

    def start(self, *, is_alone: bool = True) -> None:
        """Go on with what a crash left: uploads that are whole, bytes that are nobody's, what is not drawn.

        Where other processes are at work, what lies in a folder that they share may be theirs, and stays.
        """
        if not is_alone:
            return
        query = select(recordings.c.id, recordings.c.file, recordings.c.peaks.is_(None).label("undrawn"))
        with self._records() as records:
            rows = records.execute(query.where(recordings.c.retracted_at.is_(None))).all()
        self.uploads.sweep({row.file for row in rows})
        undrawn = [row.id for row in rows if row.undrawn] + [made.ident for made in self._finished()]
        if undrawn:
            self.draw_later(*undrawn)

    def close(self) -> None:
        """Stop what goes on in the background; it goes on with the next start."""
        self._closed.set()
        for thread in self._threads:
            thread.join()

    def _draw_each(self, *idents: str) -> None:
        for ident in idents:
            self.draw(ident)

    def _finished(self) -> list[Recording]:
        found = []
        for name in self.uploads.names():
            try:
                found.append(self.finish(name))
            except (NotSound, UnknownUpload):
                continue
        return [made for made in found if made is not None]


def _told(path: Path, wish: Wish) -> dict[str, Any]:
    kind, duration_ms = listening.tell(path)
    told = {"sha256": _hashed(path), "bytes": wish.size_bytes, "type": kind, "duration_ms": duration_ms}
    return {**told, "tier": wish.tier, "title": wish.title, "of_kind": wish.of_kind, "of_key": wish.of_key}


def _hashed(path: Path) -> str:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
    return digest


def _recording(row: Any) -> Recording:
    return Recording(
        row.id, row.title, row.type, row.bytes, row.duration_ms, row.tier, row.sha256, row.of_kind, row.of_key,
        None if row.peaks is None else bytes(row.peaks),
    )  # fmt: skip
