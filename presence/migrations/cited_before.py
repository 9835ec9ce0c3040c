"""What earlier answers rest on, read back from the links of their citations."""

import json
import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, select

from knowledge.facts.tables import STATEMENTS
from knowledge.tables import passages
from presence.tables import answer_events, citations

_LINK = re.compile(r"^/(?:sources|rows)/([\w-]+)")


def cited_before(connection: Connection) -> list[dict[str, Any]]:
    """Give a row for every citation that has none yet and whose source is still known."""
    noted = {(row.question_id, row.n) for row in connection.execute(select(citations.c.question_id, citations.c.n))}
    rows = {(row["question_id"], row["n"]): row for row in _linked(connection)}
    return [row for key, row in rows.items() if key not in noted and row["document_id"] is not None]


def _linked(connection: Connection) -> Iterator[dict[str, Any]]:
    said = select(answer_events.c.question_id, answer_events.c.body).where(answer_events.c.kind == "sentence")
    for event in connection.execute(said).all():
        for cited in json.loads(event.body).get("cited", ()):
            link = _LINK.match(str(cited.get("url", "")))
            if link is not None:
                document = _document_of(connection, link[1])
                row = {"question_id": event.question_id, "n": cited["n"], "kind": cited["kind"]}
                yield {**row, "document_id": document, "source_id": link[1]}


def _document_of(connection: Connection, source_id: str) -> str | None:
    for table in (passages, *STATEMENTS):
        found = connection.execute(select(table.c.document_id).where(table.c.id == source_id)).scalar()
        if found is not None:
            return str(found)
    return None
