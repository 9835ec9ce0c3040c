"""The short command that makes an import visible, whole; and what takes documents out again."""

import secrets
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Connection, and_, case, delete, func, or_, select, update

from knowledge.facts.joining import join_linked_tables
from knowledge.facts.rekeying import bring_in_line
from knowledge.facts.tables import STATEMENTS, mentions
from knowledge.lexical import LexicalIndex
from knowledge.tables import corpus_versions, documents, imports, passages

Kept = dict[tuple[str, str], tuple[str, int]]
"""By a file's place and the part of it: the SHA-256 and the tier of the content that is here already."""

LIVE = and_(documents.c.published_at.is_not(None), documents.c.retracted_at.is_(None))


def same_document(owner: Connection, row: dict[str, Any]) -> bool:
    """Whether this very content is here already: live, or staged a moment ago by the same import."""
    same = [documents.c[column] == row[column] for column in ("sha256", "tier", "speaker", "title")]
    here = or_(LIVE, documents.c.import_id == row["import_id"])
    return owner.execute(select(documents.c.id).where(here, *same).limit(1)).first() is not None


def tier_at(owner: Connection, place: tuple[str, str]) -> int | None:
    """Give the tier of the live document at a place (its file, and the part of it), if there is one."""
    origin, part = place
    here = select(func.max(documents.c.tier)).where(LIVE, documents.c.origin == origin, documents.c.part == part)
    tier: int | None = owner.execute(here).scalar_one()
    return tier


class Staged(Protocol):
    """What is to be published (`knowledge.ingest.Staged`)."""

    @property
    def import_id(self) -> str: ...

    @property
    def kept(self) -> Kept: ...


def publish(owner: Connection, lexical: LexicalIndex, import_: Staged, now: float) -> int:
    """Show a staged import; a file that was here before is replaced. Give how many documents were replaced."""
    import_id = import_.import_id
    older = replaced_by(owner, import_)
    replaced = retract(owner, lexical, older, now, by=import_id)
    owner.execute(update(imports).where(imports.c.id == import_id).values(published_at=now))
    touched = show(owner, lexical, documents.c.import_id == import_id, now)
    bring_in_line(owner, within=select(documents.c.id).where(documents.c.import_id == import_id))
    join_linked_tables(owner, import_id)
    for tier in touched | replaced[1]:
        new_version(owner, tier)
    return replaced[0]


def show(owner: Connection, lexical: LexicalIndex, which: ColumnElement[bool], now: float) -> set[int]:
    """Make documents live, with their words in the lexical index; give the tiers that changed."""
    owner.execute(update(documents).where(which).values(published_at=now, retracted_at=None, retracted_by=None))
    rows = owner.execute(
        select(passages.c.tier, passages.c.number, passages.c.searched)
        .join(documents, documents.c.id == passages.c.document_id)
        .where(which)
        .order_by(passages.c.number)
    ).all()
    for tier in {row.tier for row in rows}:
        lexical.add(owner, tier, [(row.number, row.searched) for row in rows if row.tier == tier])
    return set(owner.execute(select(documents.c.tier).where(which).distinct()).scalars())


def replaced_by(owner: Connection, import_: Staged) -> list[str]:
    """Find what the files of an import said before: live documents of theirs that did not come again as they were."""
    import_id, kept = import_.import_id, import_.kept
    staged = documents.c.import_id == import_id
    files = set(owner.execute(select(documents.c.origin).where(staged).distinct()).scalars())
    files |= {origin for origin, _ in kept}
    rows = owner.execute(
        select(documents.c.id, documents.c.origin, documents.c.part, documents.c.sha256, documents.c.tier).where(
            LIVE, documents.c.import_id != import_id, documents.c.origin.in_(list(files))
        )
    )
    return [row.id for row in rows if kept.get((row.origin, row.part)) != (row.sha256, row.tier)]


def retract(
    owner: Connection, lexical: LexicalIndex, ids: list[str], now: float, *, by: str | None = None
) -> tuple[int, set[int]]:
    """Set documents aside at once: out of the views and of the lexical index. Gives count and tiers."""
    if not ids:
        return 0, set()
    here = documents.c.id.in_(ids)
    owner.execute(update(documents).where(here).values(retracted_at=now, retracted_by=by))
    rows = owner.execute(select(passages.c.tier, passages.c.number).where(passages.c.document_id.in_(ids))).all()
    for tier in {row.tier for row in rows}:
        lexical.remove(owner, tier, [row.number for row in rows if row.tier == tier])
    return len(ids), set(owner.execute(select(documents.c.tier).where(here).distinct()).scalars())


def sweep_staged(owner: Connection, import_id: str | None = None) -> int:
    """Throw away what this import, or any that never came to its end, left behind; gives how many documents."""
    unfinished = select(imports.c.id).where(imports.c.published_at.is_(None))
    if import_id is not None:
        unfinished = unfinished.where(imports.c.id == import_id)
    staged = select(documents.c.id).where(documents.c.import_id.in_(unfinished))
    count = owner.execute(select(func.count()).select_from(staged.subquery())).scalar_one()
    for table in (passages, mentions, *STATEMENTS):
        owner.execute(delete(table).where(table.c.document_id.in_(staged)))
    owner.execute(delete(documents).where(documents.c.import_id.in_(unfinished)))
    owner.execute(delete(imports).where(imports.c.id.in_(unfinished)))
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
