"""What a process knows by heart of the log: every hash, what each entry is about, and what is no more.

41 bytes for each entry. A row that is read from the database counts only if its hash is the one
that stands here, so that a row edited or deleted while the node runs opens nothing.
"""

import hashlib
from array import array
from copy import copy, deepcopy

from trustgraph.artist import ArtistKeys
from trustgraph.documents import KeyEvent, Revocation
from trustgraph.entries import FIRST_PREV, Entry
from trustgraph.errors import DocumentRefused, LogInDoubt

HASH_BYTES = 32
SUPERSEDED, REVOKED = 1, 2
CLOCK_SECONDS = 60


class Spine:
    """Grows with the log, in its order. One writer; readers may look at any time."""

    def __init__(self, keys: ArtistKeys | None = None) -> None:
        self.keys = keys or ArtistKeys()
        self.seq = 0
        self.newest_at = 0
        self.epoch = 0
        self.blocked: dict[str, int] = {}
        self._hashes = bytearray()
        self._ends = bytearray()
        self._about = array("q")

    @property
    def head(self) -> str:
        """The hash of the last entry."""
        return self.hash_at(self.seq) if self.seq else FIRST_PREV

    def hash_at(self, seq: int) -> str:
        """Give the hash of an entry."""
        return "sha256:" + self._hashes[(seq - 1) * HASH_BYTES : seq * HASH_BYTES].hex()

    def extend(self, entry: Entry) -> None:
        """Take in the next entry; raises `LogInDoubt` where it does not follow."""
        follows = entry.seq == self.seq + 1 and entry.prev == self.head and entry.received_at >= self.newest_at
        if not follows or not entry.is_named_right:
            raise LogInDoubt("log_in_doubt")
        self.keys.settle(entry.received_at, entry.seq)
        try:
            self._take_in(entry)
        except DocumentRefused as error:
            raise LogInDoubt("log_in_doubt") from error
        self._hashes += hashlib.sha256(entry.hashed).digest()
        self._ends.append(0)
        self._about.append(entry.about or 0)
        self.seq = entry.seq
        self.newest_at = entry.received_at

    def at_next_entry(self, now: int) -> "Spine":
        """Give a view of this as the next entry sees it: a recovery whose delay is over has taken effect."""
        view = copy(self)
        view.keys = deepcopy(self.keys)
        view.keys.settle(now, self.seq + 1)
        return view

    def is_sound(self, entry: Entry) -> bool:
        """Whether an entry is the one that was taken in."""
        return entry.seq <= self.seq and entry.hash == self.hash_at(entry.seq)

    def is_revoked(self, seq: int) -> bool:
        return bool(self._end_of(seq) & REVOKED)

    def is_superseded(self, seq: int) -> bool:
        return bool(self._end_of(seq) & SUPERSEDED)

    def is_blocked(self, did: str) -> bool:
        """Whether a key is blocked; no key that is or was the artist's ever is."""
        return did in self.blocked and not self.keys.was_artist(did)

    def is_behind(self, now: float) -> bool:
        """Whether the clock is behind the log, as after a machine was set back."""
        return now < self.newest_at - CLOCK_SECONDS

    def _end_of(self, seq: int) -> int:
        if not 1 <= seq <= self.seq:
            raise LogInDoubt("log_in_doubt")  # whoever asks has looked at another snapshot
        return self._ends[seq - 1]

    def _take_back(self, seq: int) -> None:
        """Take an entry back, with those that it superseded: they never bear anybody again."""
        while seq:
            self._ends[seq - 1] |= REVOKED
            seq = self._about[seq - 1]

    def _take_in(self, entry: Entry) -> None:
        if entry.about is not None:
            self.epoch += 1
            if entry.kind == "revoke":
                self._take_back(entry.about)
            else:
                self._ends[entry.about - 1] |= SUPERSEDED
        if entry.kind not in ("key", "revoke"):
            return
        self.epoch += 1
        document = entry.document
        if isinstance(document, KeyEvent):
            self.keys.apply(document, entry.seq, entry.received_at)
        elif isinstance(document, Revocation) and document.blocks:
            self.blocked.setdefault(document.target, entry.seq)
        elif isinstance(document, Revocation):
            self.keys.cancel(document.target)
