"""A whole log in memory: built document by document, by the same rules as in the database.

It verifies an exported log offline, and says who may read what without asking the node.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from trustgraph.artist import ArtistKeys
from trustgraph.documents import Checkpoint, read
from trustgraph.entries import Entry
from trustgraph.judging import Bench, check_checkpoint, judge
from trustgraph.spine import Spine
from trustgraph.store import MemoryStore
from trustgraph.walk import Trust, tier_of


class Replay:
    """One artist's log."""

    def __init__(self, keys: ArtistKeys | None = None) -> None:
        self.spine = Spine(keys)
        self.store = MemoryStore()

    def accept(self, envelope: bytes | str | Mapping[str, Any], kind: str, now: int) -> Entry:
        """Judge a document and add it; one that is there already changes nothing. Raises `DocumentRefused`."""
        document, opened = read(envelope, kind)
        earlier = self.store.by_event(opened.ident)
        if earlier is not None:
            return earlier
        entry = judge(document, opened, Bench(self.spine, self.store, now))
        self.spine.extend(entry)
        self.store.put(entry)
        return entry

    def check(self, envelope: bytes | str | Mapping[str, Any], now: int) -> Checkpoint:
        """Check that the artist vouches for the head of this log, or an earlier one."""
        checkpoint, _ = read(envelope, "checkpoint")
        if not isinstance(checkpoint, Checkpoint):
            raise TypeError(checkpoint)
        check_checkpoint(checkpoint, Bench(self.spine, self.store, now))
        return checkpoint

    def tier_of(self, sub: str, now: float) -> Trust:
        """Say how deep trust in somebody goes."""
        return tier_of(sub, now, self.spine, self.store)

    def subjects(self) -> Iterable[str]:
        """Give everybody who was ever let in, in the order of the log."""
        return dict.fromkeys(entry.sub for entry in self.store if entry.kind == "grant" and entry.sub)
