"""Joins the tables of one source: plays in one file, the nights they were played at in another.

Each file is read alone; both name the night by the same id, in the same scope. Whichever of them is
published last brings the two together. A night that is told of only above an item's tier is not that
item's night: a reader of the item must not learn of it.
"""

from sqlalchemy import ColumnElement, Connection, func, or_, select, update

from knowledge.facts.tables import events, set_items
from knowledge.tables import documents

KEYS_MAX = 900  # in one statement

_LIVE = documents.c.published_at.is_not(None) & documents.c.retracted_at.is_(None)
_NIGHT = func.coalesce(
    select(func.min(events.c.event_key))
    .join(documents, documents.c.id == events.c.document_id)
    .where(events.c.ref == set_items.c.ref, events.c.tier <= set_items.c.tier, _LIVE)
    .scalar_subquery(),
    "",
)


def join_linked_tables(owner: Connection, import_id: str) -> None:
    """Give items the key of their night, where either came with this import."""
    join_again(owner, documents.c.import_id == import_id)


def join_again(owner: Connection, which: ColumnElement[bool]) -> None:
    """Give items the key of their night, where either is of these documents, shown or set aside."""
    own = select(documents.c.id).where(which)
    named = select(events.c.ref).where(events.c.document_id.in_(own))
    _join(owner, or_(set_items.c.document_id.in_(own), set_items.c.ref.in_(named)))


def follow_nights(owner: Connection, keys: set[str]) -> set[int]:
    """Let items follow nights that bear these keys now; give the tiers of the items that changed."""
    changed: set[int] = set()
    for start in range(0, len(keys), KEYS_MAX):
        named = select(events.c.ref).where(events.c.event_key.in_(sorted(keys)[start : start + KEYS_MAX]))
        apart = set_items.c.ref.in_(named) & (set_items.c.event_key != _NIGHT)
        changed |= set(owner.execute(select(set_items.c.tier).where(apart).distinct()).scalars())
        _join(owner, apart)
    return changed


def _join(owner: Connection, which: ColumnElement[bool]) -> None:
    owner.execute(update(set_items).where(which).values(event_key=_NIGHT))


def without_night(owner: Connection) -> int:
    """Count the live items whose night nobody has told of, or only above the items' own tier."""
    live = select(func.count()).select_from(set_items.join(documents, documents.c.id == set_items.c.document_id))
    return int(owner.execute(live.where(_LIVE, set_items.c.event_key == "")).scalar_one())
