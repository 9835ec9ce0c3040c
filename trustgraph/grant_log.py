"""The grant log of a node: signed documents in, tiers out.

One writer appends (under a lock of the database where several processes share it); everybody reads
from a snapshot. Nothing about a tier is stored: it is read from the signed bytes each time.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, insert, select

from trustgraph.artist import ArtistKeys
from trustgraph.contracts import Snapshots, WriteLane
from trustgraph.documents import Checkpoint, Delegate, Document, read
from trustgraph.entries import FIRST_PREV, Entry
from trustgraph.envelopes import Opened
from trustgraph.errors import DocumentRefused, LogInDoubt, LogNotEmpty
from trustgraph.head import HeadFile
from trustgraph.judging import Bench, check_checkpoint, judge
from trustgraph.known import Known, extend
from trustgraph.rights import Right, rights_of
from trustgraph.spine import CLOCK_SECONDS, Spine
from trustgraph.sql_store import SqlStore
from trustgraph.tables import trust_checkpoints
from trustgraph.walk import PUBLIC, Trust, climb, tier_of

Envelope = bytes | str | Mapping[str, Any]
T = TypeVar("T")
TRIES_MAX = 8
IN_DOUBT = -1
"""The epoch while the log is in doubt."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """What a document became: its entry, and whether it is new."""

    entry: Entry
    is_new: bool


@dataclass(frozen=True, slots=True)
class _Delegated:
    """A right that was found to hold, at a head of the log, and until when (Unix seconds)."""

    document: Delegate
    head: tuple[int, str]
    until: int


class GrantLog:
    """One per process. Thread-safe."""

    def __init__(self, snapshots: Snapshots, lane: WriteLane, head_file: HeadFile, now: Callable[[], float]) -> None:
        self._snapshots = snapshots
        self._lane = lane
        self._known = Known(head_file, now)
        self._writing: Spine | None = None
        self._delegated: dict[tuple[str, str], _Delegated] = {}
        self._root: str | None = None
        self.now = now
        self.changed: Callable[[], None] = lambda: None
        """Called after each document that was accepted here."""
        self.taken_in: Callable[[str], None] = lambda _kind: None
        """Called with the kind of each new document."""

    @property
    def doubt(self) -> str | None:
        """Why everybody is public now, or None."""
        with self.snapshot():
            return self._known.doubt.doubt if self._known.doubt else None

    @property
    def epoch(self) -> int:
        """Rises with everything that may lower a tier, -1 in doubt; expiry is told by `Trust.until`."""
        with self.snapshot() as (spine, _):
            return spine.epoch if self._known.doubt is None else IN_DOUBT

    def stands_at(self, epoch: int) -> bool:
        """Whether the log can be seen to stand at an epoch by its head alone, with nobody else looking at it now.

        False says only that it takes longer to tell: ask `epoch`.
        """
        with self._snapshots() as connection:  # before the lock, as everywhere: nobody who holds it waits for one
            if not self._known.lock.acquire(blocking=False):
                return False
            try:
                return self._known.is_up_to(SqlStore(connection)) and self._known.spine.epoch == epoch
            finally:
                self._known.lock.release()

    @property
    def keys(self) -> ArtistKeys:
        """The artist's keys as they are now."""
        with self.snapshot() as (spine, store):
            return Bench(spine, store, int(self.now())).keys()

    @property
    def root(self) -> str | None:
        """The artist's first key, by which she is known for good; None before the log has begun."""
        if self._root is None:  # mostly it has been read: a receipt is written by who has a connection already
            self._root = self._known.spine.keys.root
        if self._root is None:
            with self.snapshot() as (spine, _):
                self._root = spine.keys.root
        return self._root

    @property
    def head(self) -> tuple[int, str]:
        """Number and hash of the last entry; 0 and zeros where there is none."""
        with self.snapshot() as (spine, _):
            return spine.seq, spine.head

    def hash_at(self, seq: int) -> str | None:
        """Give the hash of an entry, or None where there is none of this number."""
        with self.snapshot() as (spine, _):
            return spine.hash_at(seq) if 1 <= seq <= spine.seq else None

    def tier_of(self, sub: str) -> Trust:
        """Say how deep trust in somebody goes now. Doubt is no error: doubt is public."""
        return self.trust_in(sub)[0]

    def trust_in(self, sub: str) -> tuple[Trust, int]:
        """Say the same, with the epoch of the same snapshot."""

        def walk(spine: Spine, store: SqlStore) -> tuple[Trust, int]:
            epoch = spine.epoch  # as it was before: whoever holds it looks again if the log moves meanwhile
            return tier_of(sub, self.now(), spine, store), epoch

        return self._ask(walk, (PUBLIC, IN_DOUBT))

    def rights_of(self, sub: str) -> list[Right]:
        """Say whom somebody may introduce now; nobody while the log is in doubt."""
        return self._ask(lambda spine, store: rights_of(sub, self.now(), spine, store), [])

    def delegated(self, role: str, did: str) -> Delegate | None:
        """Give what a key may do in a role now, or None; the artist's signature over it is verified.

        What holds is kept until it runs out, or until the log has another head.
        """

        def look_up(spine: Spine, store: SqlStore) -> Delegate | None:
            now, head = self.now(), (spine.seq, spine.head)
            kept = self._delegated.get((role, did))
            if kept is not None and kept.head == head and kept.document.nbf - CLOCK_SECONDS <= now < kept.until:
                return kept.document
            entry = store.newest(f"{role}>{did}")
            way = climb(entry, now, spine, store) if entry is not None else None
            document = way.steps[0].document if way is not None else None
            if way is None or not isinstance(document, Delegate):
                return None
            self._delegated[role, did] = _Delegated(document, head, way.until)
            return document

        return self._ask(look_up, None)

    def pedigree(self, role: str, did: str, at: int) -> tuple[list[Any], Any] | None:
        """Give the artist's key documents and the right of a key in a role that held at a moment, as envelopes.

        None where there was none, where it was taken back since, or while the log is in doubt.
        """

        def look_up(spine: Spine, store: SqlStore) -> tuple[list[Any], Any] | None:
            rights = [one for one in store.of_kind("delegate") if one.pair == f"{role}>{did}"]
            for entry in reversed(rights):
                document, _ = read(entry.envelope, "delegate")
                held = isinstance(document, Delegate) and document.nbf <= at < document.exp
                if held and spine.is_sound(entry) and not spine.is_revoked(entry.seq):
                    keys = [json.loads(key.envelope) for key in store.of_kind("key")]
                    return keys, json.loads(entry.envelope)
            return None

        return self._ask(look_up, None)

    def accept(self, envelope: Envelope, kind: str) -> Accepted:
        """Judge a document and append it; one that is here already changes nothing. Raises `DocumentRefused`."""
        document, opened = read(envelope, kind)
        if self.doubt is not None:
            raise LogInDoubt("log_in_doubt")

        def append(owner: Connection) -> Accepted:
            store = SqlStore(owner)
            store.lock()
            spine = self._brought_up(store)
            if (earlier := store.by_event(opened.ident)) is not None:
                return Accepted(earlier, is_new=False)
            entry = judge(document, opened, Bench(spine, store, int(self.now())))
            store.put(entry)
            spine.extend(entry)
            return Accepted(entry, is_new=True)

        accepted = self._lane.run(append)
        with self.snapshot():  # whoever asks from now on, asks what includes this
            self.changed()
        if accepted.is_new:
            self.taken_in(kind)
        return accepted

    def sign_off(self, envelope: Envelope) -> Checkpoint:
        """Take in the artist's word for a head; a doubt ends if it is the present one. Raises `DocumentRefused`."""
        document, opened = read(envelope, "checkpoint")
        if not isinstance(document, Checkpoint):
            raise TypeError(document)
        if abs(document.t - self.now()) > CLOCK_SECONDS:
            raise DocumentRefused("expired")
        with self.snapshot() as (spine, store):
            if self._known.doubt is None:  # a stranger is refused before the whole log is read for her
                check_checkpoint(document, Bench(spine, store, int(self.now())))
        with self._snapshots() as connection:
            store, spine = SqlStore(connection), Spine()
            with self._known.lock:
                judged_to = self._known.judged_in(store)
            extend(spine, store, judged_to=judged_to)
            check_checkpoint(document, Bench(spine, store, int(self.now())))
        self._lane.run(lambda owner: _keep_checkpoint(owner, document, opened, int(self.now())))
        self.check()
        return document

    def take_in(self, entries: Sequence[Entry], checkpoints: Sequence[Envelope]) -> None:
        """Put the verified entries of another node's log into this empty one."""

        def put(owner: Connection) -> None:
            store = SqlStore(owner)
            store.lock()
            if store.head() is not None:
                raise LogNotEmpty
            for entry in entries:
                store.put(entry)
            for envelope in checkpoints:
                _keep_checkpoint(owner, *read(envelope, "checkpoint"), int(self.now()))

        self._lane.run(put)
        with self._known.lock:
            self._known.judged_to = max(self._known.judged_to, len(entries))

    def check(self) -> list[str]:
        """Read the whole log again and say, in sentences, what is not as it should be."""
        with self._snapshots() as connection, self._known.lock:
            store, spine = SqlStore(connection), Spine()
            self._known.look(store)
            try:
                extend(spine, store)
            except LogInDoubt:
                self._known.broken()
            if (spine.seq, spine.head) != (self._known.spine.seq, self._known.spine.head):
                self._known.broken()
            self._known.read_again(store, store.head() or (0, FIRST_PREV), at_once=True)
            doubt = self._known.doubt
        if doubt is None:
            return []
        return [f"{doubt.doubt} Everybody is public until it is whole again, or until the artist signs its head."]

    def entries(self, after: int = 0) -> Iterator[Entry]:
        """Give the entries after a number, in order, from one snapshot."""
        with self._snapshots() as connection:
            yield from SqlStore(connection).after(after)

    def last_checkpoint(self) -> str | None:
        """Give the newest envelope in which the artist vouches for a head."""
        newest = select(trust_checkpoints.c.envelope).order_by(
            trust_checkpoints.c.seq.desc(), trust_checkpoints.c.received_at.desc()
        )
        with self._snapshots() as connection:
            return connection.execute(newest.limit(1)).scalar()

    @contextmanager
    def snapshot(self) -> Iterator[tuple[Spine, SqlStore]]:
        """Open one snapshot, with the spine brought up to it."""
        with self._snapshots() as connection:
            store = SqlStore(connection)
            self._look(store)
            yield self._known.spine, store

    def _look(self, store: SqlStore) -> int:
        with self._known.lock:  # the first statement fixes the snapshot: they follow one another as spines do
            self._known.look(store)
            return self._known.spine.seq

    def _ask(self, question: Callable[[Spine, SqlStore], T], in_doubt: T) -> T:
        """Answer from one snapshot; again, where the spine went on meanwhile and knows more than was read."""
        for _ in range(TRIES_MAX):
            with self._snapshots() as connection:
                store = SqlStore(connection)
                seq, spine = self._look(store), self._known.spine
                if self._known.doubt is not None:
                    return in_doubt
                try:
                    answer = question(spine, store)
                except LogInDoubt:
                    with self._known.lock:
                        self._known.broken()
                    return in_doubt
                if spine.seq == seq:
                    break
        return answer

    def _brought_up(self, store: SqlStore) -> Spine:
        """Give the writer's own spine, at the head of its transaction; a broken-off group is forgotten."""
        spine, head = self._writing, store.head() or (0, FIRST_PREV)
        if spine is None or spine.seq > head[0] or (spine.seq == head[0] and spine.head != head[1]):
            with self._known.lock:
                spine = deepcopy(self._known.spine)
        if spine.seq < head[0]:
            extend(spine, store, judged_to=self._known.spine.seq)
        if (spine.seq, spine.head) != head:
            raise LogInDoubt("log_in_doubt")
        self._writing = spine
        return spine


def _keep_checkpoint(owner: Connection, document: Document, opened: Opened, now: int) -> None:
    known = select(trust_checkpoints.c.seq).where(trust_checkpoints.c.event == opened.ident)
    if isinstance(document, Checkpoint) and owner.execute(known).first() is None:
        row = {"event": opened.ident, "seq": document.seq, "envelope": opened.envelope, "received_at": now}
        owner.execute(insert(trust_checkpoints).values(**row))
