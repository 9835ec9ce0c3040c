"""What a listener asked here, the newest first, as far as she may read it at this moment.

What rests on more than is open to her now stands there with its day and its price, and without a word of it.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from knowledge.contracts import HIGHEST_TIER
from knowledge.tables import documents
from presence.asking.contracts import Listener
from presence.asking.transcripts import Transcripts
from presence.database import Database
from presence.tables import answer_events, citations, questions

PAGE = 30
COPIED_MAX = 10_000
"""So many questions go into one file."""


@dataclass(frozen=True, slots=True)
class PastQuestion:
    """A question of hers; empty where the artist wrote first. What is closed has neither words nor outcome."""

    ident: str
    is_open: bool
    question: str
    outcome: str | None
    is_over: bool
    asked_at: float  # Unix seconds
    paid_micros: int
    receipt: str | None


class History:
    """Reads what somebody asked; nothing is stored beside the questions themselves."""

    def __init__(self, database: Database, transcripts: Transcripts) -> None:
        self._database = database
        self._transcripts = transcripts

    def page(self, listener: Listener, tier: int, number: int) -> tuple[list[PastQuestion], int, int]:
        """Give one page, counted from 1, the number of the page that was given, and how many there are."""
        with self._database.records() as records:
            hers = select(func.count()).select_from(questions).where(questions.c.listener == listener.ident)
            count = int(records.execute(hers).scalar_one())
        pages = max(1, -(-count // PAGE))
        number = min(max(1, number), pages)
        return self._asked(listener, tier, PAGE, (number - 1) * PAGE), number, pages

    def paid_for(self, listener: Listener, tier: int, newest: int) -> dict[str, str]:
        """Give what was asked, by the receipt for it, of so many of the newest questions, as far as it is open."""
        past = self._asked(listener, tier, newest, 0)
        return {one.receipt: one.question for one in past if one.receipt is not None and one.is_open}

    def copy(self, listener: Listener, tier: int) -> list[dict[str, Any]]:
        """Give all of it with the answers' words, the newest first; at most `COPIED_MAX`."""
        past = self._asked(listener, tier, COPIED_MAX, 0)
        return [_closed(one) if not one.is_open else _open(one, self._text(one.ident)) for one in past]

    def _asked(self, listener: Listener, tier: int, limit: int, skipped: int) -> list[PastQuestion]:
        columns = questions.c.id, questions.c.question, questions.c.sources_tier, questions.c.outcome
        newest = (
            select(*columns, questions.c.created_at)
            .where(questions.c.listener == listener.ident)
            .order_by(questions.c.created_at.desc(), questions.c.id)
            .limit(limit)
            .offset(skipped)
        )
        with self._database.records() as records:
            rows = records.execute(newest).all()
        idents = [row.id for row in rows]
        cited, paid = self._cited_tiers(idents), self._receipts(idents)
        return [_past(row, max(row.sources_tier, cited.get(row.id, 0)) <= tier, paid.get(row.id)) for row in rows]

    def _cited_tiers(self, idents: Sequence[str]) -> dict[str, int]:
        """Give the highest tier that each rests on now; a document that is not here at all counts as the highest."""
        highest = func.max(func.coalesce(documents.c.tier, HIGHEST_TIER))
        query = (
            select(citations.c.question_id, highest)
            .select_from(citations.outerjoin(documents, documents.c.id == citations.c.document_id))
            .group_by(citations.c.question_id)
        )
        with self._database.records() as records:
            return {
                row[0]: int(row[1])
                for some in _batches(idents)
                for row in records.execute(query.where(citations.c.question_id.in_(some)))
            }

    def _receipts(self, idents: Sequence[str]) -> dict[str, dict[str, Any]]:
        query = select(answer_events.c.question_id, answer_events.c.body).where(answer_events.c.kind == "receipt")
        with self._database.records() as records:
            return {
                row.question_id: json.loads(row.body)
                for some in _batches(idents)
                for row in records.execute(query.where(answer_events.c.question_id.in_(some)))
            }

    def _text(self, ident: str) -> str:
        events = self._transcripts.events(ident)
        return " ".join(event.body["text"] for event in events if event.kind in ("sentence", "human"))


def _past(row: Any, is_open: bool, receipt: dict[str, Any] | None) -> PastQuestion:  # noqa: FBT001
    paid, ident = (0, None) if receipt is None else (int(receipt["micros"]), str(receipt["id"]))
    words, outcome = (row.question, row.outcome) if is_open else ("", None)
    return PastQuestion(row.id, is_open, words, outcome, row.outcome is not None, row.created_at, paid, ident)


def _closed(one: PastQuestion) -> dict[str, Any]:
    return {"id": one.ident, "asked_at": int(one.asked_at), "open": False, "paid_micros": one.paid_micros}


def _open(one: PastQuestion, text: str) -> dict[str, Any]:
    told = {"question": one.question, "outcome": one.outcome, "answer": text, "url": f"/answers/{one.ident}"}
    return {**_closed(one), "open": True, **told}


def _batches(idents: Sequence[str]) -> list[Sequence[str]]:
    return [idents[start : start + 500] for start in range(0, len(idents), 500)]
