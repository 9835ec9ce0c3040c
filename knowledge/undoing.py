"""Undoes an import as one unit: what it brought is set aside, what it had replaced is shown again.

Where a later import replaced some of it in turn, the earlier version is handed on to that one: undone,
it will bring back what stood there before both.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select, update

from knowledge.errors import ImportUndone, UnknownImport
from knowledge.facts.joining import join_again
from knowledge.lexical import LexicalIndex
from knowledge.living import batches, settle
from knowledge.publish import LIVE, retract, show
from knowledge.tables import BY_HAND, documents, imports

_PLACE = (documents.c.id, documents.c.origin, documents.c.part, documents.c.retracted_at, documents.c.retracted_by)


@dataclass(frozen=True, slots=True)
class Undone:
    """What became of an import that was undone."""

    import_id: str
    set_aside: int
    shown_again: int


def undo(owner: Connection, lexical: LexicalIndex, import_id: str, now: float) -> Undone:
    """Leave the notes as if this import had never been, but for what was decided since."""
    _may_be_undone(owner, import_id)
    own = owner.execute(select(*_PLACE).where(documents.c.import_id == import_id)).all()
    before = owner.execute(select(*_PLACE).where(documents.c.retracted_by == import_id)).all()
    live = [row.id for row in own if row.retracted_at is None]
    tiers = set[int]()
    for batch in batches(live):
        tiers |= retract(owner, lexical, batch, now)[1]
    again = _handed_on(owner, own, before)
    for batch in batches(again):
        tiers |= show(owner, lexical, documents.c.id.in_(batch), now)
    # Whoever replaced these is not to bring them back.
    replaced = documents.c.import_id == import_id, documents.c.retracted_by.is_distinct_from(BY_HAND)
    owner.execute(update(documents).where(*replaced).values(retracted_by=None))
    owner.execute(update(imports).where(imports.c.id == import_id).values(undone_at=now))
    join_again(owner, documents.c.import_id == import_id)
    settle(owner, again, tiers)
    return Undone(import_id, len(live), len(again))


def _may_be_undone(owner: Connection, import_id: str) -> None:
    row = owner.execute(select(imports.c.published_at, imports.c.undone_at).where(imports.c.id == import_id)).first()
    if row is None or row.published_at is None:
        raise UnknownImport(import_id)
    if row.undone_at is not None:
        raise ImportUndone(import_id)


def _handed_on(owner: Connection, own: Any, before: Any) -> list[str]:
    """Give what is to be shown again; hand on what a later import has replaced since."""
    heirs = {row.origin: row.retracted_by for row in own if row.retracted_by not in (None, BY_HAND)}
    heirs |= {(row.origin, row.part): row.retracted_by for row in own}
    again = []
    for row in before:
        heir = heirs.get((row.origin, row.part), heirs.get(row.origin))
        if heir not in (None, BY_HAND):
            owner.execute(update(documents).where(documents.c.id == row.id).values(retracted_by=heir))
        elif not _taken(owner, row):
            again.append(str(row.id))
    return again


def _taken(owner: Connection, row: Any) -> bool:
    """Whether another version stands at this place by now."""
    here = documents.c.origin == row.origin, documents.c.part == row.part
    return owner.execute(select(documents.c.id).where(LIVE, *here).limit(1)).first() is not None
