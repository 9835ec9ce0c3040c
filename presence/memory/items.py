"""The things that are remembered: what she asked about, likes, owns, and was told of."""

import json
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, delete, insert, select

from billing.plain import Plain, statement
from presence.memory.tables import agreements, items, shown, volunteered

ITEMS_MAX = 500
"""So much is remembered of one person; what was noted longest ago goes first."""
NAME_CHARS_MAX = 200
WORDS_CHARS_MAX = 400
_HAS_AGREED = statement("SELECT 1 FROM memory_agreements WHERE did = :did")


class Kind(StrEnum):
    """Why something is remembered."""

    LIKED = "liked"
    OWNS = "owns"
    ASKED = "asked"
    TOLD = "told"


@dataclass(frozen=True, slots=True)
class Noted:
    """What is to be remembered. `about` is the same for what is the same; `tier` is the highest of its sources."""

    kind: Kind
    about: str
    name: str
    tier: int = 0
    documents: Collection[str] = ()
    link: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """What is remembered; `at` is in Unix seconds, `tier` is what one needs to see it now."""

    ident: str
    kind: Kind
    about: str
    name: str
    words: str
    link: str
    tier: int
    at: int


def keep(owner: Connection, did: str, noted: Noted, at: int) -> str | None:
    """Note something of somebody who agreed, within a command; None of anybody else. The same again is as new."""
    if not has_agreed(owner, did):
        return None
    same = items.c.did == did, items.c.kind == noted.kind, items.c.about == noted.about
    before = owner.execute(select(items.c.id, items.c.words).where(*same)).first()
    ident = before.id if before else secrets.token_urlsafe(12)
    owner.execute(delete(items).where(*same))
    row = {
        "id": ident,
        "did": did,
        "kind": noted.kind,
        "about": noted.about,
        "name": noted.name[:NAME_CHARS_MAX],
        "words": before.words if before else "",
        "link": noted.link,
        "tier": noted.tier,
        "documents": json.dumps(sorted(noted.documents)),
        "at": at,
    }
    owner.execute(insert(items).values(**row))
    hers = select(items.c.id).where(items.c.did == did).order_by(items.c.at.desc(), items.c.id)
    old = list(owner.execute(hers.offset(ITEMS_MAX)).scalars())
    if old:
        owner.execute(delete(items).where(items.c.id.in_(old)))
    return ident


def has_agreed(records: Connection, did: str) -> bool:
    """Whether somebody let the presence remember."""
    return Plain(records).row(_HAS_AGREED, did=did) is not None


def forget(owner: Connection, did: str) -> None:
    """Forget everything of somebody, within a command; nothing is noted from now on."""
    for table in (items, shown, volunteered, agreements):
        owner.execute(delete(table).where(table.c.did == did))
