"""The door: lets people in as followers, by the key that the artist gave the node for it, and for nothing more.

What the door may do at most is in the artist's own word (its delegate document): followers only, so
many people, until a day. Whoever was taken back or blocked comes in by the artist's hand alone.
"""

from dataclasses import dataclass

from presence.errors import DoorShut, TakenBack
from trustgraph import Delegate, GrantLog, Key, Revocation, Tier, issuing
from trustgraph.documents import YEAR_SECONDS
from trustgraph.entries import Entry
from trustgraph.spine import Spine
from trustgraph.sql_store import SqlStore
from trustgraph.walk import climb

RENEWED_SECONDS = 30 * 24 * 3600
"""What lasts longer than this is not renewed yet."""
LOOKED_AT_MAX = 16


@dataclass(frozen=True, slots=True)
class LetIn:
    """Until when somebody is in (Unix seconds), and whether something was signed for it now."""

    until: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class Door:
    """Signs with the door's key; None is a node that has none."""

    log: GrantLog
    key: Key | None

    @property
    def is_open(self) -> bool:
        """Whether somebody could be let in now."""
        with self.log.snapshot() as (spine, store):
            return self._delegate(spine, store) is not None

    def let_in(self, did: str, *, by_artist: bool = False) -> LetIn:
        """Let somebody in as a follower for a year; a second time renews only what ends within a month.

        Raises `DoorShut`, `TakenBack` (unless the artist herself decides), or `DocumentRefused`.
        """
        now = int(self.log.now())
        with self.log.snapshot() as (spine, store):
            delegate = self._delegate(spine, store)
            if delegate is None or self.key is None:
                raise DoorShut
            until = self._until(did, spine, store)
            if until is not None and until - now > RENEWED_SECONDS:
                return LetIn(until, is_new=False)
            if until is None and not by_artist and self._was_taken_back(did, spine, store):
                raise TakenBack
        ends = min(now + YEAR_SECONDS, delegate.exp)
        if until is not None and ends <= until:
            return LetIn(until, is_new=False)
        self.log.accept(_grant(self.key, delegate, did, now, ends), "grant")
        return LetIn(ends, is_new=True)

    def _delegate(self, spine: Spine, store: SqlStore) -> Delegate | None:
        """Give what lets the door let in now."""
        entry = store.newest(f"door>{self.key.did}") if self.key is not None else None
        way = climb(entry, self.log.now(), spine, store) if entry is not None else None
        document = way.steps[0].document if way is not None else None
        return document if isinstance(document, Delegate) else None

    def _until(self, did: str, spine: Spine, store: SqlStore) -> int | None:
        """Say until when what the door gave somebody holds, or None where it does not hold."""
        entry = store.newest(f"{self.key.did}>{did}") if self.key is not None else None
        way = climb(entry, self.log.now(), spine, store) if entry is not None else None
        return way.until if way is not None else None

    def _was_taken_back(self, did: str, spine: Spine, store: SqlStore) -> bool:
        """Whether somebody else took back what this person had last; who left by herself may come again."""
        granted = [entry for entry in _about(did, spine, store) if entry.kind == "grant"]
        if not granted or not spine.is_revoked(granted[0].seq):
            return False
        return any(_takes_back(entry, did) for entry in _about(granted[0].event, spine, store))


def _about(sub: str, spine: Spine, store: SqlStore) -> list[Entry]:
    """Give the newest entries about somebody, or about a grant, that the spine knows of."""
    return [entry for entry in store.about(sub, LOOKED_AT_MAX) if spine.is_sound(entry)]


def _takes_back(entry: Entry, did: str) -> bool:
    document = entry.document
    return isinstance(document, Revocation) and document.iss != did


def _grant(key: Key, delegate: Delegate, did: str, now: int, ends: int) -> issuing.Envelope:
    begins = max(now, delegate.nbf)
    return issuing.grant(
        key,
        root=delegate.root,
        sub=did,
        tier=Tier.FOLLOWER,
        nbf=begins,
        exp=ends,
        parent=delegate.ident,
        via="vouch",
    )
