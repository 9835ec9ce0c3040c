"""Other names that the artist gives by hand: each a document that the house makes, with its tier; no note."""

import hashlib
import secrets

from sqlalchemy import Connection, insert, select, update

from knowledge.facts.keys import name_key
from knowledge.facts.known import Known
from knowledge.facts.tables import aliases
from knowledge.publish import LIVE
from knowledge.tables import documents, imports

CURATION = "curation"
"""The kind of such a document, and of its import."""


def put_down(owner: Connection, one: Known, alias: str, tier: int, now: float, ident: str) -> str:
    """Make the document of another name; give its id."""
    sentence = f"“{alias}” is another name of “{one.name}”."
    owner.execute(insert(imports).values(id=ident, label=CURATION, kind=CURATION, created_at=now, published_at=now))
    told = {"import_id": ident, "origin": f"{CURATION}:{ident}", "file_name": CURATION, "format": CURATION}
    told |= {"sha256": hashlib.sha256(f"{ident}{sentence}".encode()).hexdigest(), "kind": CURATION, "date": ""}
    told |= {"title": sentence, "speaker": "", "licence": "", "text": sentence}
    owner.execute(insert(documents).values(**told, id=ident, part="", tier=tier, published_at=now))
    row = {"id": secrets.token_urlsafe(12), "document_id": ident, "ordinal": 0, "tier": tier, "line": 0, "place": ""}
    keys = {"name_key": one.key, "alias_key": name_key(alias)}
    owner.execute(insert(aliases).values(**row, raw=sentence, kind=one.kind, name=one.name, alias=alias, **keys))
    return ident


def taken_back(owner: Connection, ident: str, now: float) -> int | None:
    """Take another name back; give its tier, or None where there is none of this id."""
    here = (documents.c.id == ident) & (documents.c.kind == CURATION) & LIVE
    tier = owner.execute(select(documents.c.tier).where(here)).scalar()
    owner.execute(update(documents).where(here).values(retracted_at=now))
    return tier
