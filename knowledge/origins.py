"""Which embedder made what is here, where it came from, and which space of the index is its own."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, and_, case, func, insert, or_, select, update

from knowledge.contracts import Embedder
from knowledge.publish import LIVE
from knowledge.tables import documents, embedders, passages

_UNSAFE = re.compile(r"[^a-z0-9]+")
_SLUG_CHARS_MAX = 24


@dataclass(frozen=True, slots=True)
class Origin:
    """What opens an embedder again; a setting of "" means that nobody noted it."""

    setting: str = ""
    folder: str | None = None


OpenAgain = Callable[[str, Origin], Embedder | None]
"""Opens the embedder of this name, or gives None when it is not to be had any more."""


def note(owner: Connection, name: str, origin: Origin) -> str:
    """Remember where an embedder comes from; give the name of its space.

    The first embedder of a home has the space without a name, which is where older homes kept theirs.
    """
    space = owner.execute(select(embedders.c.space).where(embedders.c.name == name)).scalar()
    values = {"setting": origin.setting, "folder": origin.folder}
    if space is None:
        first = owner.execute(select(func.count()).select_from(embedders)).scalar_one() == 0
        space = "" if first else space_name(name)
        owner.execute(insert(embedders).values(name=name, space=space, **values))
    elif origin.setting:
        owner.execute(update(embedders).where(embedders.c.name == name).values(**values))
    return str(space)


def origin_of(owner: Connection, name: str) -> Origin:
    """Say where an embedder came from when it was last used."""
    row = owner.execute(select(embedders.c.setting, embedders.c.folder).where(embedders.c.name == name)).first()
    return Origin(row.setting, row.folder) if row else Origin()


def spaces_noted(owner: Connection) -> set[str]:
    """Give every space that was ever ours."""
    return set(owner.execute(select(embedders.c.space)).scalars())


def space_name(embedder: str) -> str:
    """Name a space so that a collection can bear it: readable, and different for different embedders."""
    slug = _UNSAFE.sub("-", embedder.lower()).strip("-")[:_SLUG_CHARS_MAX].strip("-")
    return f"{slug or 'embedder'}-{hashlib.sha256(embedder.encode()).hexdigest()[:8]}"


def covering(owner: Connection) -> list[str]:
    """Name the embedders of which every live passage has a vector, those in use before those to come."""
    live = select(passages.c.embedder, passages.c.next_embedder).join(documents).where(LIVE).subquery()
    rows = owner.execute(select(live, func.count().label("held")).group_by(live.c.embedder, live.c.next_embedder)).all()
    names = dict.fromkeys([row.embedder for row in rows] + [row.next_embedder for row in rows if row.next_embedder])
    return [name for name in names if all(name in (row.embedder, row.next_embedder) for row in rows)]


def first_made(owner: Connection) -> str | None:
    """Name the embedder of the oldest passage."""
    return owner.execute(select(passages.c.embedder).order_by(passages.c.number).limit(1)).scalar()


def progress(owner: Connection, name: str) -> tuple[int, int]:
    """Count the live passages that this embedder has done, and those that it has or had to do."""
    # Below or above is found by an index; what merely differs is looked for in every passage.
    to_do = and_(LIVE, or_(passages.c.embedder < name, passages.c.embedder > name))
    done = func.coalesce(func.sum(case((passages.c.next_embedder == name, 1), else_=0)), 0)
    row = owner.execute(select(done, func.count()).select_from(passages.join(documents)).where(to_do)).one()
    return int(row[0]), int(row[1])


def lacking(owner: Connection, name: str) -> list[tuple[int, str]]:
    """Give number and document of every live passage without a vector of this embedder."""
    without = and_(
        passages.c.embedder != name, or_(passages.c.next_embedder.is_(None), passages.c.next_embedder != name)
    )
    query = select(passages.c.number, passages.c.document_id).join(documents).where(LIVE, without)
    return [(row.number, row.document_id) for row in owner.execute(query.order_by(passages.c.number))]
