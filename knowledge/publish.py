"""The short command that makes an import visible, whole; and what takes documents out again."""

import secrets
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Connection, and_, case, delete, func, or_, select, update

from knowledge.lexical import LexicalIndex
from knowledge.tables import corpus_versions, documents, imports, passages

Kept = dict[str, tuple[str, int]]
"""By a file's place: the SHA-256 and the tier of the content that is here already."""

LIVE = and_(documents.c.published_at.is_not(None), documents.c.retracted_at.is_(None))


def same_document(owner: Connection, row: dict[str, Any]) -> bool:
    """Whether this very content is here already: live, or staged a moment ago by the same import."""
    same = [documents.c[column] == row[column] for column in ("sha256", "tier", "speaker", "title")]
    here = or_(LIVE, documents.c.import_id == row["import_id"])
    return owner.execute(select(documents.c.id).where(here, *same).limit(1)).first() is not None


class Staged(Protocol):
    """What is to be published (`knowledge.ingest.Staged`)."""

    @property
    def import_id(self) -> str: ...

    @property
    def kept(self) -> Kept: ...


def publish(owner: Connection, lexical: LexicalIndex, import_: Staged, now: float) -> int:
    """Show a staged import; a file that was here before is replaced. Give how many were replaced."""
    import_id = import_.import_id
    staged = documents.c.import_id == import_id
    older = _replaced_by(owner, staged) + _edited_into_a_copy(owner, import_.kept)
    replaced = retract(owner, lexical, older, now)
    owner.execute(update(documents).where(staged).values(published_at=now))
    owner.execute(update(imports).where(imports.c.id == import_id).values(published_at=now))
    rows = owner.execute(
        select(passages.c.tier, passages.c.number, passages.c.searched)
        .join(documents, documents.c.id == passages.c.document_id)
        .where(staged)
        .order_by(passages.c.number)
    ).all()
    touched = {row.tier for row in rows} | replaced[1]
    for tier in {row.tier for row in rows}:
        lexical.add(owner, tier, [(row.number, row.searched) for row in rows if row.tier == tier])
    for tier in touched:
        new_version(owner, tier)
    return replaced[0]


def _replaced_by(owner: Connection, staged: ColumnElement[bool]) -> list[str]:
    """Find the live documents of files that come anew."""
    origins = select(documents.c.origin).where(staged)
    return list(owner.execute(select(documents.c.id).where(LIVE, documents.c.origin.in_(origins))).scalars())


def _edited_into_a_copy(owner: Connection, kept: Kept) -> list[str]:
    """Find what a file said, or for whom, before it became the same as another one that is here."""
    rows = owner.execute(
        select(documents.c.id, documents.c.origin, documents.c.sha256, documents.c.tier).where(
            LIVE, documents.c.origin.in_(list(kept))
        )
    )
    return [row.id for row in rows if (row.sha256, row.tier) != kept[row.origin]]


def retract(owner: Connection, lexical: LexicalIndex, ids: list[str], now: float) -> tuple[int, set[int]]:
    """Set documents aside at once: out of the views and of the lexical index. Gives count and tiers."""
    if not ids:
        return 0, set()
    owner.execute(update(documents).where(documents.c.id.in_(ids)).values(retracted_at=now))
    rows = owner.execute(select(passages.c.tier, passages.c.number).where(passages.c.document_id.in_(ids))).all()
    tiers = {row.tier for row in rows}
    for tier in tiers:
        lexical.remove(owner, tier, [row.number for row in rows if row.tier == tier])
    return len(ids), tiers


def sweep_staged(owner: Connection) -> int:
    """Throw away what an import that never came to its end left behind; gives how many documents."""
    unfinished = select(imports.c.id).where(imports.c.published_at.is_(None))
    staged = select(documents.c.id).where(documents.c.import_id.in_(unfinished))
    count = owner.execute(select(func.count()).select_from(staged.subquery())).scalar_one()
    owner.execute(delete(passages).where(passages.c.document_id.in_(staged)))
    owner.execute(delete(documents).where(documents.c.import_id.in_(unfinished)))
    owner.execute(delete(imports).where(imports.c.published_at.is_(None)))
    return int(count)


def new_version(owner: Connection, tier: int) -> None:
    """Say that a tier's material changed, and how much of it there is now."""
    live = owner.execute(
        select(func.count(), func.coalesce(func.sum(passages.c.words), 0))
        .select_from(passages.join(documents, documents.c.id == passages.c.document_id))
        .where(LIVE, passages.c.tier == tier)
    ).one()
    values = {"version": secrets.token_hex(8), "passages": int(live[0]), "words": int(live[1])}
    changed = owner.execute(update(corpus_versions).where(corpus_versions.c.tier == tier).values(**values))
    if changed.rowcount == 0:
        owner.execute(corpus_versions.insert().values(tier=tier, **values))


def live_passages(owner: Connection, tier: int) -> Iterable[Any]:
    """Give id, number and searched text of everything live in one tier."""
    return owner.execute(
        select(passages.c.id, passages.c.number, passages.c.searched)
        .join(documents, documents.c.id == passages.c.document_id)
        .where(LIVE, passages.c.tier == tier)
        .order_by(passages.c.number)
    ).all()


def live_ids(owner: Connection, tier: int) -> list[str]:
    """Give the ids of everything live in one tier, in the order in which it was taken in."""
    query = (
        select(passages.c.id)
        .join(documents, documents.c.id == passages.c.document_id)
        .where(LIVE, passages.c.tier == tier)
        .order_by(passages.c.number)
    )
    return list(owner.execute(query).scalars())


def vectors_of(owner: Connection, ids: Sequence[str], embedder: str) -> dict[str, bytes]:
    """Give this embedder's stored vectors of these passages, in the same order; those without one are left out."""
    made = case((passages.c.embedder == embedder, passages.c.vector), else_=passages.c.next_vector)
    has = or_(passages.c.embedder == embedder, passages.c.next_embedder == embedder)
    rows = owner.execute(select(passages.c.id, made.label("vector")).where(passages.c.id.in_(ids), has))
    found = {row.id: row.vector for row in rows}
    return {ident: found[ident] for ident in ids if ident in found}
