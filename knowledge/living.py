"""What the artist does with a note that is here: takes it back, shows it again, moves it to another tier.

A note is what stands at one place, a file or a part of it; its versions are the documents that stood
there. Every deed is one short command: no reader sees half of it, and the next search sees all of it.
"""

from collections.abc import Sequence
from functools import partial

from sqlalchemy import ColumnElement, Connection, and_, select, update

from knowledge.contracts import WriteLane
from knowledge.errors import NoteIsAway, NoteIsShown, UnknownNote
from knowledge.facts.joining import join_again
from knowledge.facts.rekeying import bring_in_line
from knowledge.facts.tables import STATEMENTS
from knowledge.lexical import LexicalIndex
from knowledge.noted import Note, note_of
from knowledge.publish import LIVE, new_version, retract, show
from knowledge.spaces import Space
from knowledge.tables import BY_HAND, documents, passages

Which = ColumnElement[bool]
EMBED_BATCH = 8
IDS_AT_ONCE = 5_000


def take_back(owner: Connection, lexical: LexicalIndex, ident: str, now: float) -> Note:
    """Take one note back: it is quoted, counted and found no more."""
    note = known(owner, ident)
    if not note.is_live:
        raise NoteIsAway(ident)
    _, tiers = retract(owner, lexical, [ident], now, by=BY_HAND)
    settle(owner, [ident], tiers)
    return note_of(owner, ident) or note


def bring_back(owner: Connection, lexical: LexicalIndex, ident: str, now: float) -> Note:
    """Show a note again; where another version of it stands now, that one is set aside."""
    note = known(owner, ident)
    if note.is_live:
        raise NoteIsShown(ident)
    instead = list(owner.execute(select(documents.c.id).where(LIVE, same_place(note))).scalars())
    _, tiers = retract(owner, lexical, instead, now, by=BY_HAND)
    tiers |= show(owner, lexical, documents.c.id == ident, now)
    settle(owner, [ident, *instead], tiers)
    return note_of(owner, ident) or note


def move(owner: Connection, lexical: LexicalIndex, ident: str, tier: int) -> Note:
    """Put a note, with every version of it, on another tier."""
    note = known(owner, ident)
    here = same_place(note)
    versions = select(documents.c.id).where(here).scalar_subquery()
    rows = owner.execute(
        select(passages.c.number, passages.c.tier, passages.c.searched)
        .join(documents, documents.c.id == passages.c.document_id)
        .where(LIVE, here)
        .order_by(passages.c.number)
    ).all()
    before = set(owner.execute(select(documents.c.tier).where(LIVE, here)).scalars())
    for left in before:
        lexical.remove(owner, left, [row.number for row in rows if row.tier == left])
    owner.execute(update(documents).where(here).values(tier=tier, tier_by_hand=tier))
    for table in (passages, *STATEMENTS):
        owner.execute(update(table).where(table.c.document_id.in_(versions)).values(tier=tier))
    lexical.add(owner, tier, [(row.number, row.searched) for row in rows])
    ids = list(owner.execute(select(documents.c.id).where(here)).scalars())
    settle(owner, ids, before | {tier} if before else set())
    return note_of(owner, ident) or note


def attribute(owner: Connection, ident: str, speaker: str, licence: str) -> Note:
    """Say whose words a note is and on what terms it is shown, in every version; who else speaks in it stays."""
    note = known(owner, ident)
    here = same_place(note)
    versions = select(documents.c.id).where(here).scalar_subquery()
    hers = passages.c.document_id.in_(versions), passages.c.speaker == note.speaker
    owner.execute(update(passages).where(*hers).values(speaker=speaker))
    owner.execute(update(documents).where(here).values(speaker=speaker, licence=licence))
    for tier in sorted(set(owner.execute(select(documents.c.tier).where(LIVE, here)).scalars())):
        new_version(owner, tier)
    return note_of(owner, ident) or note


def rename(owner: Connection, before: str, name: str) -> None:
    """Put a speaker's name in the place of the one that she had before, in every note and version."""
    for table in (passages, documents):
        owner.execute(update(table).where(table.c.speaker == before).values(speaker=name))
    hers = select(documents.c.tier).where(LIVE, documents.c.speaker == name)
    for tier in sorted(set(owner.execute(hers).scalars())):
        new_version(owner, tier)


def known(owner: Connection, ident: str) -> Note:
    """Give a note that was published once, or refuse."""
    note = note_of(owner, ident)
    if note is None:
        raise UnknownNote(ident)
    return note


def same_place(note: Note) -> ColumnElement[bool]:
    """Every version of a note that was ever published."""
    return and_(documents.c.origin == note.origin, documents.c.part == note.part, documents.c.published_at.is_not(None))


def settle(owner: Connection, ids: Sequence[str], tiers: set[int]) -> None:
    """Join again what these documents joined, and say which tiers changed."""
    changed = set(tiers)
    for batch in batches(ids):
        changed |= bring_in_line(owner, within=select(documents.c.id).where(documents.c.id.in_(batch)))
        join_again(owner, documents.c.id.in_(batch))
    for tier in sorted(changed):
        new_version(owner, tier)


def batches(ids: Sequence[str]) -> list[list[str]]:
    """Cut a list of ids into pieces that one statement can name."""
    return [list(ids[start : start + IDS_AT_ONCE]) for start in range(0, len(ids), IDS_AT_ONCE)]


def embed_lacking(lane: WriteLane, space: Space, which: ColumnElement[bool]) -> None:
    """Give documents that are not shown yet the vectors that the search uses now, should they lack them."""
    name = space.embedder.name
    lacks = and_(passages.c.embedder != name, passages.c.next_embedder.is_distinct_from(name))
    query = select(passages.c.number, passages.c.document_id, passages.c.searched).join(documents)
    rows = lane.run(lambda owner: owner.execute(query.where(which, lacks).order_by(passages.c.number)).all())
    for document in dict.fromkeys(row.document_id for row in rows):
        own = [row for row in rows if row.document_id == document]
        for start in range(0, len(own), EMBED_BATCH):
            batch = own[start : start + EMBED_BATCH]
            vectors = space.embedder.embed([row.searched for row in batch])
            made = {row.number: vector.astype("<f4").tobytes() for row, vector in zip(batch, vectors, strict=True)}
            lane.run(partial(_keep, made=made, embedder=name))


def _keep(owner: Connection, made: dict[int, bytes], embedder: str) -> None:
    values = {"embedder": embedder, "next_vector": None, "next_embedder": None}
    for number, vector in made.items():
        owner.execute(update(passages).where(passages.c.number == number).values(vector=vector, **values))
