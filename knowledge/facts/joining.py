"""Joins the tables of one source: plays in one file, the nights they were played at in another.

Each file is read alone; both name the night by the same id, in the same scope. Whichever of them is
published last brings the two together.
"""

from sqlalchemy import Connection, func, or_, select, update

from knowledge.facts.tables import events, set_items
from knowledge.tables import documents

_LIVE = documents.c.published_at.is_not(None) & documents.c.retracted_at.is_(None)


def join_linked_tables(owner: Connection, import_id: str) -> None:
    """Give items the key of their night, where either came with this import."""
    own = select(documents.c.id).where(documents.c.import_id == import_id)
    named = select(events.c.ref).where(events.c.document_id.in_(own))
    night = (
        select(func.min(events.c.event_key))
        .join(documents, documents.c.id == events.c.document_id)
        .where(events.c.ref == set_items.c.ref, _LIVE)
        .scalar_subquery()
    )
    apart = or_(set_items.c.document_id.in_(own), set_items.c.ref.in_(named))
    owner.execute(update(set_items).where(apart).values(event_key=func.coalesce(night, "")))


def orphans(owner: Connection, import_id: str) -> int:
    """Count the items of an import whose night nobody has told of."""
    own = select(documents.c.id).where(documents.c.import_id == import_id)
    query = select(func.count()).select_from(set_items)
    return int(owner.execute(query.where(set_items.c.document_id.in_(own), set_items.c.event_key == "")).scalar_one())
