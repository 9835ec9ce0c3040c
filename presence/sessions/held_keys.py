"""Keys that the node holds for who has none: for people who come by mail. She can bring her own at any time.

A held key is the node's to use, so it opens no more than `supporter` and introduces nobody. Once she
brings a key of her own, what the node's delegates gave the held one is given to hers, and taken back.
"""

import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from presence.database import Database
from presence.errors import KeyMoved
from presence.identity import NodeKeys
from presence.sessions.listeners import ListenerSessions, take_over
from presence.tables import held_keys
from presence.write_lane import WriteLane
from trustgraph import Delegate, Grant, GrantLog, Key, Tier, issuing
from trustgraph.sealing import Seal
from trustgraph.sql_store import SqlStore
from trustgraph.walk import GRANTS_MAX, climb


@dataclass(frozen=True, slots=True)
class Moved:
    """Whose key was moved, and how far she was in by somebody's hand who has to sign that again."""

    mailbox: str
    had: Tier | None


@dataclass(frozen=True, slots=True)
class HeldKeys:
    """Keeps them, sealed."""

    database: Database
    lane: WriteLane
    seal: Seal
    log: GrantLog
    node_keys: NodeKeys
    sessions: ListenerSessions
    now: Callable[[], float] = time.time

    def did_of(self, mailbox: str) -> str:
        """Give the did of the key held for a mailbox, made when it first comes; raises `KeyMoved`."""
        row = self._row(held_keys.c.mailbox == mailbox) or self._make(mailbox)
        if row.moved_to is not None:
            raise KeyMoved
        return str(row.did)

    def move(self, held: str, own: str) -> Moved | None:
        """Give her own key what the held one had. What was broken off half way is finished by a second call.

        None where the node holds no such key.

        Raises `KeyMoved` where she has brought another key before, and `DocumentRefused`.
        """
        row = self._row(held_keys.c.did == held)
        if row is None:
            return None
        key = Key(self.seal.open(row.seed, _purpose(row.mailbox)))
        self._note(held, own)
        grants = self._standing(held)
        ours = {key.did for key in self._delegates()}
        for envelope in [self._renewed(grant, own) for grant in grants]:
            if envelope is not None:
                self.log.accept(envelope, "grant")
        for grant in grants:
            taken = issuing.revocation(key, root=grant.root, target=grant.ident, t=int(self.log.now()))
            self.log.accept(taken, "revoke")
        self.sessions.end_all(held)
        return Moved(row.mailbox, max((grant.tier for grant in grants if grant.iss not in ours), default=None))

    def _row(self, which: ColumnElement[bool]) -> Row[Any] | None:
        with self.database.records() as records:
            return records.execute(select(held_keys).where(which)).first()

    def _make(self, mailbox: str) -> Row[Any]:
        key = Key.generate()
        sealed = self.seal.close(key.seed, _purpose(mailbox))
        row = {"mailbox": mailbox, "did": key.did, "seed": sealed, "made_at": self.now()}
        with suppress(IntegrityError):  # two links of one mailbox at once: the first made it
            self.lane.run(lambda owner: owner.execute(insert(held_keys).values(**row)))
        made = self._row(held_keys.c.mailbox == mailbox)
        if made is None:
            raise LookupError(mailbox)
        return made

    def _note(self, held: str, own: str) -> None:
        free = or_(held_keys.c.moved_to.is_(None), held_keys.c.moved_to == own)

        def note(owner: Connection) -> None:
            moved = update(held_keys).where(held_keys.c.did == held, free).values(moved_to=own)
            if not owner.execute(moved).rowcount:
                raise KeyMoved  # to another key, perhaps at the same moment
            take_over(owner, held, own)

        self.lane.run(note)

    def _standing(self, did: str) -> list[Grant]:
        """Give the grants that hold for somebody now."""
        with self.log.snapshot() as (spine, store):
            now = self.log.now()
            ways = [climb(entry, now, spine, store) for entry in store.live(did, int(now), GRANTS_MAX)]
        documents = [way.steps[0].document for way in ways if way is not None]
        return [document for document in documents if isinstance(document, Grant)]

    def _renewed(self, grant: Grant, own: str) -> issuing.Envelope | None:
        """Write the grant once more for her own key, where a delegate of the node gave it and she has less."""
        signer = next((key for key in self._delegates() if key.did == grant.iss), None)
        if signer is None:
            return None
        with self.log.snapshot() as (spine, store):
            parent = self._delegate(signer, store)
            has = store.newest(f"{signer.did}>{own}")
            way = climb(has, self.log.now(), spine, store) if has is not None else None
        if parent is None or (way is not None and (way.hold.tier, way.until) >= (grant.tier, grant.exp)):
            return None
        return issuing.grant(
            signer,
            root=grant.root,
            sub=own,
            tier=grant.tier,
            nbf=max(grant.nbf, parent.nbf),
            exp=min(grant.exp, parent.exp),
            parent=parent.ident,
            via=grant.via,
        )

    def _delegates(self) -> Iterable[Key]:
        return [key for key in (self.node_keys.door, self.node_keys.till) if key is not None]

    def _delegate(self, key: Key, store: SqlStore) -> Delegate | None:
        role = "door" if key is self.node_keys.door else "till"
        entry = store.newest(f"{role}>{key.did}")
        document = entry.document if entry is not None else None
        return document if isinstance(document, Delegate) else None


def _purpose(mailbox: str) -> str:
    return f"held key {mailbox}"
