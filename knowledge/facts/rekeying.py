"""Brings the keys of rows in line with what the artist joined and set apart; the lane's commands call it.

A row's own key is kept while it bears another one, and every change begins at own keys: whatever is
undone, in whatever order, leaves what would be there had it never been. A joining holds from a tier
on, and rows below it keep their keys.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    Table,
    and_,
    case,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from knowledge.contracts import TIERS
from knowledge.facts import tables
from knowledge.facts.joining import follow_nights
from knowledge.facts.substitution import Substitution, followers
from knowledge.facts.tables import own_keys, rekeyings
from knowledge.tables import documents, recordings

KINDS = ("work", "recording", "artist", "label", "place", "city", "region", "country", "tour", "event", "person",
         "release")  # fmt: skip
_OF_WORKS = ("work", "recording")  # credits and links of either name the work


@dataclass(frozen=True, slots=True)
class Keyed:
    """A column that holds keys; of one kind, or of the kind that another column names."""

    table: Table
    column: str
    fixed: str = ""
    told_by: str = ""

    @property
    def place(self) -> str:
        return f"{self.table.name}.{self.column}"

    @property
    def key(self) -> ColumnElement[str]:
        return self.table.c[self.column]

    @property
    def kind(self) -> ColumnElement[str]:
        if not self.told_by:
            return literal(self.fixed)
        told = self.table.c[self.told_by]
        return case((told.in_(_OF_WORKS), "work"), else_=told)

    def may_hold(self, kinds: frozenset[str]) -> bool:
        return bool(self.told_by) or self.fixed in kinds


def _keyed() -> Iterator[Keyed]:
    for table in tables.STATEMENTS:
        for kind in KINDS:
            # The night of an item is never its own: it follows the night's rows.
            if f"{kind}_key" in table.c and (table, kind) != (tables.set_items, "event"):
                yield Keyed(table, f"{kind}_key", kind)
    yield Keyed(tables.credits, "of_key", told_by="of_kind")
    yield Keyed(tables.links, "of_key", told_by="of_kind")
    yield Keyed(tables.aliases, "name_key", told_by="kind")


KEYED = tuple(_keyed())
# A recording of a night or a work is no statement of a document; its key follows all the same.
PINNED = Keyed(recordings, "of_key", told_by="of_kind")


def bring_in_line(owner: Connection, kind: str | None = None, within: Select[Any] | None = None) -> set[int]:
    """Give every row the key it should have; `kind` says what changed, `within` which documents. Gives the tiers."""
    active = owner.execute(select(rekeyings).where(rekeyings.c.undone_at.is_(None)).order_by(*_ORDER)).all()
    if not active and kind is None:
        return set()
    kinds = followers(kind) if kind else frozenset(KINDS)
    joined = [Substitution(_joined(active, tier)) for tier in TIERS]
    apart = [one for one in active if one.document_id is not None]
    changed: set[int] = set()
    nights: set[str] = set()
    for keyed in KEYED:
        if not keyed.may_hold(kinds):
            continue
        _pin(owner, keyed, apart, within)
        moved = _rekey(owner, keyed, joined, within)
        changed |= {tier for tier, _ in moved}
        nights |= {key for _, key in moved if keyed.place == "events.event_key"}
    if within is None:
        changed |= {tier for tier, _ in _rekey(owner, PINNED, joined, None)}
    return changed | follow_nights(owner, nights)


# Of several that set the same row apart the closest counts, and of those the latest.
_ORDER = (rekeyings.c.ordinal.is_not(None), rekeyings.c.created_at, rekeyings.c.id)


def _joined(active: "list[Row[Any]] | Any", tier: int) -> dict[tuple[str, str], str]:
    return {(one.kind, one.from_key): one.into_key for one in active if one.document_id is None and one.tier <= tier}


def _own(keyed: Keyed) -> ColumnElement[bool]:
    return and_(own_keys.c.row_id == keyed.table.c.id, own_keys.c.place == keyed.place)


def in_scope(table: Table, one: Any) -> ColumnElement[bool]:
    """Say which rows a setting-apart holds for: its document in every version, or one statement of it."""
    named = documents.alias("named")
    versions = (
        select(documents.c.id)
        .join(named, and_(named.c.origin == documents.c.origin, named.c.part == documents.c.part))
        .where(named.c.id == one.document_id)
    )
    if one.ordinal is None:
        return table.c.document_id.in_(versions)
    here = and_(table.c.document_id == one.document_id, table.c.ordinal == one.ordinal)
    later = and_(
        table.c.document_id.in_(versions), table.c.document_id != one.document_id, table.c.raw == (one.raw or "")
    )
    return or_(here, later)


def own_keys_in(owner: Connection, kind: str, one: Any, tier_of: dict[str, int] | None = None) -> dict[str, set[str]]:
    """Give, by the key that rows of a scope bear now, the keys that they came with."""
    found: dict[str, set[str]] = {}
    for keyed in KEYED:
        if not keyed.may_hold(frozenset({kind})) or keyed.table is tables.aliases:
            continue
        rows = (
            select(keyed.key, func.coalesce(own_keys.c.key, keyed.key), func.min(keyed.table.c.tier))
            .select_from(keyed.table.outerjoin(own_keys, _own(keyed)))
            .where(in_scope(keyed.table, one), keyed.kind == kind)
            .group_by(keyed.key, func.coalesce(own_keys.c.key, keyed.key))
        )
        for now, own, tier in owner.execute(rows):
            found.setdefault(now, set()).add(own)
            if tier_of is not None:
                tier_of[now] = min(tier, tier_of.get(now, tier))
    return found


def _pin(owner: Connection, keyed: Keyed, apart: list[Any], within: Select[Any] | None) -> None:
    here = select(keyed.table.c.id)
    if within is None:
        owner.execute(update(own_keys).where(own_keys.c.place == keyed.place).values(pinned=None))
    else:
        here = here.where(keyed.table.c.document_id.in_(within))
    for one in apart:
        scope = here.where(in_scope(keyed.table, one))
        pins = Substitution({(one.kind, one.from_key): one.into_key})
        own = func.coalesce(own_keys.c.key, keyed.key)
        keys = scope.outerjoin(own_keys, _own(keyed)).with_only_columns(own.label("own"), keyed.kind.label("kind"))
        for row in owner.execute(keys.distinct()).all():
            if (pinned := pins.of(row.kind, row.own)) != row.own:
                rows = scope.outerjoin(own_keys, _own(keyed)).where(own == row.own, keyed.kind == row.kind)
                _keep_own(owner, keyed, rows)
                set_apart = update(own_keys).where(own_keys.c.place == keyed.place, own_keys.c.row_id.in_(rows))
                owner.execute(set_apart.values(pinned=pinned))


def _keep_own(owner: Connection, keyed: Keyed, rows: Select[Any]) -> None:
    fresh = rows.where(own_keys.c.row_id.is_(None)).with_only_columns(keyed.table.c.id, literal(keyed.place), keyed.key)
    owner.execute(insert(own_keys).from_select(["row_id", "place", "key"], fresh))


def _rekey(
    owner: Connection, keyed: Keyed, joined: list[Substitution], within: Select[Any] | None
) -> list[tuple[int, str]]:
    """Move keys to where they lead now; give the tier and the new key of each."""
    table = keyed.table
    base = func.coalesce(own_keys.c.pinned, own_keys.c.key, keyed.key)
    rows = select(table.c.id).select_from(table.outerjoin(own_keys, _own(keyed)))
    if within is not None:
        rows = rows.where(table.c.document_id.in_(within))
    columns = (base.label("base"), keyed.key.label("now"), table.c.tier, keyed.kind.label("kind"))
    moved = []
    for row in owner.execute(rows.with_only_columns(*columns).distinct()).all():
        wanted = joined[row.tier].of(row.kind, row.base)
        if row.base and wanted != row.now:
            these = rows.where(base == row.base, keyed.key == row.now, table.c.tier == row.tier, keyed.kind == row.kind)
            _keep_own(owner, keyed, these)
            owner.execute(update(table).where(table.c.id.in_(these)).values({keyed.column: wanted}))
            moved.append((row.tier, wanted))
    same = exists().where(table.c.id == own_keys.c.row_id, keyed.key == own_keys.c.key)
    owner.execute(delete(own_keys).where(own_keys.c.place == keyed.place, own_keys.c.pinned.is_(None), same))
    return moved
