"""The artist puts right what the material says of music: two names of one thing, one name of two, other names.

Nothing here changes what a tier below may see. A joining holds from the tier on from which both things
are known, and the one that is known from further down keeps its key; the tiers whose rows changed
get a new version, and only they. Everything can be undone, in any order.
"""

import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from sqlalchemy import Connection, insert, select, update

from knowledge.contracts import HIGHEST_TIER, Readers, WriteLane
from knowledge.errors import KnownFromHigherTier, NothingToUndo, NotJoinable
from knowledge.facts import tables
from knowledge.facts.by_artist import CURATION, put_down, taken_back
from knowledge.facts.exact import ExactQuestions
from knowledge.facts.joinings import Joining, joined_by, planned
from knowledge.facts.known import Known, find, key_apart, known_from, only
from knowledge.facts.names import ALIAS_KINDS
from knowledge.facts.rekeying import bring_in_line, own_keys_in
from knowledge.facts.tables import aliases, rekeyings
from knowledge.publish import LIVE, new_version
from knowledge.tables import documents
from knowledge.tiering import TIER_NAMES

T = TypeVar("T")
RENAMED = ("work", "release", "artist", "person", "place", "label", "city")
"""Kinds of things that can be called otherwise; the key of the others is no name."""


@dataclass(frozen=True, slots=True)
class Change:
    """Something that the artist said by hand, active or undone."""

    ident: str
    kind: str
    what: str  # merge, rename, split, alias
    before: str
    after: str
    tier: int
    created_at: float
    undone_at: float | None = None

    def as_json(self) -> dict[str, Any]:
        """Tell it to a terminal or a page."""
        told = {"id": self.ident, "what": self.what, "kind": self.kind, "from": self.before, "into": self.after}
        return {**told, "tier": TIER_NAMES[self.tier], "undone": self.undone_at is not None}


class Curation:
    """One per node. `renewed` is called after a change, outside the lane, so that indexes keep step."""

    def __init__(
        self,
        readers: Readers,
        lane: WriteLane,
        exact: ExactQuestions,
        renewed: Callable[[], object] = lambda: None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._readers, self._lane, self._exact = readers, lane, exact
        self._renewed, self._now = renewed, now

    def find(self, said: str, kind: str | None = None) -> Known:
        """Give the one thing that is called so; raises `NameUnknown` or `NameUnclear`."""
        return only(self._found(said, kind), said)

    def find_two(self, first: str, second: str, kind: str | None = None) -> tuple[Known, Known]:
        """Give two things of one kind; where no kind is named it has to follow from both names together."""
        ones, others = self._found(first, kind), self._found(second, kind)
        shared = {one.kind for one in ones} & {other.kind for other in others}
        ones = [one for one in ones if one.kind in shared] or ones
        others = [other for other in others if other.kind in shared] or others
        return only(ones, first), only(others, second)

    def plan(self, source: Known, target: Known) -> Joining:
        """Say what joining two things would do, without doing it."""
        return self._lane.run(lambda owner: planned(owner, source, target))

    def merge(self, source: Known, target: Known) -> Change:
        """Join two things of one kind from the tier on that knows both."""

        def join(owner: Connection) -> Change:
            plan = planned(owner, source, target)
            row = {"kind": plan.source.kind, "from_key": plan.source.key, "into_key": plan.target.key}
            change = self._note(owner, [{**row, "tier": plan.tier}])
            renew(owner, bring_in_line(owner, plan.source.kind))
            return change

        return self._done(join)

    def split(
        self, one: Known, *, name: str | None = None, document_id: str | None = None, row_ids: Sequence[str] = ()
    ) -> Change:
        """Give the rows of one document, or these rows, a key of their own, and with it a name."""

        def set_apart(owner: Connection) -> Change:
            into = key_apart(one.kind, one.key, name, lambda key: _is_taken(owner, one.kind, key))
            if (act := joined_by(owner, one.kind, into)) is not None:
                raise NotJoinable(f"“{name}” was joined with something else: undo {act} first, or name it otherwise.")
            rows, tier = _scoped(owner, one, into, _scopes(owner, document_id, row_ids))
            known = known_from(owner, one.kind, into)
            if known is not None and known > tier:
                raise KnownFromHigherTier(name or into, TIER_NAMES[known])
            change = self._note(owner, [{**row, "tier": tier} for row in rows])
            if name is not None and one.kind in ALIAS_KINDS.values():  # undone together with the rest
                put_down(owner, replace(one, key=into), name, tier, self._now(), change.ident)
            renew(owner, bring_in_line(owner, one.kind) | {tier})
            return change

        return self._done(set_apart)

    def rename(self, one: Known, name: str) -> Change:
        """Call a thing otherwise, in all that is here and all that comes; by its old name it is known as well."""

        def call(owner: Connection) -> Change:
            if one.kind not in RENAMED:
                raise NotJoinable(f"A {one.kind} keeps the name that your notes give it; another one can stand beside.")
            into = key_apart(one.kind, one.key, name, lambda _key: False)
            if into == one.key:
                raise NotJoinable(f"It is called “{one.name}” already; only the words count, not how they are written.")
            if _is_taken(owner, one.kind, into):
                raise NotJoinable(f"There is a {one.kind} called “{name}” already: join the two.")
            tier = known_from(owner, one.kind, one.key)
            if tier is None:
                raise NotJoinable(f"Nothing in the notes speaks of “{one.name}” any more.")
            change = self._note(owner, [{"kind": one.kind, "from_key": one.key, "into_key": into, "tier": tier}])
            put_down(owner, replace(one, key=into), name, tier, self._now(), change.ident)
            renew(owner, bring_in_line(owner, one.kind) | {tier})
            return replace(change, what="rename")

        return self._done(call)

    def alias(self, one: Known, alias: str, tier: int) -> Change:
        """Give a thing another name, for a tier and those above it."""

        def name(owner: Connection) -> Change:
            known = known_from(owner, one.kind, one.key)
            if one.kind not in ALIAS_KINDS.values():
                raise NotJoinable(f"A {one.kind} has no other names here.")
            if known is None or known > tier:
                raise KnownFromHigherTier(one.name, TIER_NAMES[HIGHEST_TIER if known is None else known])
            ident = put_down(owner, one, alias, tier, self._now(), secrets.token_urlsafe(6))
            bring_in_line(owner, within=select(documents.c.id).where(documents.c.id == ident))
            renew(owner, {tier})
            return Change(ident, one.kind, "alias", one.name, alias, tier, self._now())

        return self._done(name)

    def undo(self, ident: str) -> None:
        """Take a change back; the rest stays as it is."""

        def take_back(owner: Connection) -> None:
            here = (rekeyings.c.act == ident) & rekeyings.c.undone_at.is_(None)
            kind = owner.execute(select(rekeyings.c.kind).where(here)).scalars().first()
            tier = taken_back(owner, ident, self._now())
            if kind is None and tier is None:
                raise NothingToUndo(ident)
            changed = set() if tier is None else {tier}
            if kind is not None:
                owner.execute(update(rekeyings).where(here).values(undone_at=self._now()))
                changed |= bring_in_line(owner, kind)
            renew(owner, changed)

        self._done(take_back)

    def changes(self, *, undone: bool = False) -> list[Change]:
        """List what was said by hand, the oldest first."""
        every = self._lane.run(lambda owner: [*_rekeyed(owner), *_named(owner)])
        every.sort(key=lambda change: (change.created_at, change.ident))
        return [change for change in every if undone or change.undone_at is None]

    def _found(self, said: str, kind: str | None) -> list[Known]:
        with self._readers(HIGHEST_TIER) as reader:
            names = self._exact.names(reader)
            return find(reader, names, lambda question: self._exact.read(reader, question), kind, said)

    def _note(self, owner: Connection, rows: list[dict[str, Any]]) -> Change:
        ident, now = secrets.token_urlsafe(6), self._now()
        owner.execute(
            insert(rekeyings),
            [{**row, "id": secrets.token_urlsafe(12), "act": ident, "created_at": now} for row in rows],
        )
        first = rows[0]
        what = "split" if "document_id" in first else "merge"
        return Change(ident, first["kind"], what, first["from_key"], first["into_key"], first["tier"], now)

    def _done(self, command: Callable[[Connection], T]) -> T:
        done = self._lane.run(command)
        self._renewed()
        return done


def _is_taken(owner: Connection, kind: str, key: str) -> bool:
    return known_from(owner, kind, key) is not None or joined_by(owner, kind, key) is not None


def _scopes(owner: Connection, document_id: str | None, row_ids: Sequence[str]) -> list[dict[str, Any]]:
    if document_id is not None:
        if owner.execute(select(documents.c.id).where(LIVE, documents.c.id == document_id)).first() is None:
            raise NotJoinable(f"There is no document “{document_id}” in the notes.")
        return [{"document_id": document_id, "ordinal": None, "raw": None}]
    scopes = []
    for table in tables.STATEMENTS:
        columns = (table.c.document_id, table.c.ordinal, table.c.raw)
        rows = owner.execute(select(*columns).where(table.c.id.in_(list(row_ids))))
        scopes += [{"document_id": row.document_id, "ordinal": row.ordinal, "raw": row.raw} for row in rows]
    if len(scopes) < len(set(row_ids)) or not scopes:
        raise NotJoinable("Name a document, or rows that are in the notes.")
    return scopes


@dataclass(frozen=True, slots=True)
class _Scope:
    document_id: str
    ordinal: int | None
    raw: str | None


def _scoped(owner: Connection, one: Known, into: str, scopes: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], int]:
    """Give a line for every key that the rows of the scopes came with, and the lowest tier among them."""
    rows, tiers = [], []
    for scope in scopes:
        lowest: dict[str, int] = {}
        for own in sorted(own_keys_in(owner, one.kind, _Scope(**scope), lowest).get(one.key, ())):
            rows.append({**scope, "kind": one.kind, "from_key": own, "into_key": into})
            tiers.append(lowest[one.key])
    if not rows:
        raise NotJoinable(f"Nothing there speaks of “{one.name}”.")
    return rows, min(tiers)


def renew(owner: Connection, tiers: set[int]) -> None:
    """Give tiers a new version, so that nothing kept of them is used again."""
    for tier in sorted(tiers):
        new_version(owner, tier)


def _rekeyed(owner: Connection) -> list[Change]:
    found: dict[str, Change] = {}
    named = select(rekeyings, documents.c.id.label("named")).outerjoin(documents, documents.c.id == rekeyings.c.act)
    for one in owner.execute(named):
        what = "split" if one.document_id is not None else "rename" if one.named is not None else "merge"
        change = Change(one.act, one.kind, what, one.from_key, one.into_key, one.tier, one.created_at, one.undone_at)
        found.setdefault(one.act, change)
    return list(found.values())


def _named(owner: Connection) -> list[Change]:
    query = (
        select(aliases, documents.c.published_at, documents.c.retracted_at)
        .join(documents, documents.c.id == aliases.c.document_id)
        .where(documents.c.kind == CURATION, documents.c.id.not_in(select(rekeyings.c.act)))
    )
    return [
        Change(row.document_id, row.kind, "alias", row.name, row.alias, row.tier, row.published_at, row.retracted_at)
        for row in owner.execute(query)
    ]
