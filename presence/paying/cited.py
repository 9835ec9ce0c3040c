"""How much the answers that were paid quoted of which document, read from what they said."""

import json
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select

from presence.asking.quoted import quoted_in
from presence.tables import answer_events, citations

AT_ONCE = 500


def cited_characters(connection: Connection, idents: Sequence[str]) -> dict[str, dict[str, int]]:
    """Give the characters that each of these answers quotes, by document; an answer without quotes is not there."""
    found: dict[str, dict[str, int]] = {}
    for start in range(0, len(idents), AT_ONCE):
        found |= _cited(connection, idents[start : start + AT_ONCE])
    return found


def _cited(connection: Connection, idents: Sequence[str]) -> dict[str, dict[str, int]]:
    notes, said = defaultdict[str, dict[int, str]](dict), defaultdict[str, list[dict[str, Any]]](list)
    columns = citations.c.question_id, citations.c.n, citations.c.document_id
    for ident, n, document in connection.execute(select(*columns).where(citations.c.question_id.in_(idents))):
        notes[ident][n] = document
    events = select(answer_events.c.question_id, answer_events.c.body).where(
        answer_events.c.question_id.in_(idents), answer_events.c.kind == "sentence"
    )
    for ident, body in connection.execute(events.order_by(answer_events.c.question_id, answer_events.c.seq)):
        said[ident].append(json.loads(body))
    return {ident: weights for ident in idents if (weights := _weights(said[ident], notes[ident]))}


def _weights(said: Sequence[dict[str, Any]], notes: dict[int, str]) -> dict[str, int]:
    weights = defaultdict[str, int](int)
    for document, characters in quoted_in(said, notes):
        weights[document] += characters
    return {document: characters for document, characters in weights.items() if characters}
