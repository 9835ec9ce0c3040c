"""What was asked and what has been answered so far; the stream and the pages read only this."""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from presence.asking.contracts import Outcome
from presence.asking.question import Question
from presence.asking.today import DayLimits
from presence.database import Database
from presence.tables import answer_events, citations, questions
from presence.write_lane import WriteLane

TOLD_OF_NOTES = ("choices", "nearest", "reason", "message", "recommended")
"""What the end of an answer may tell of notes, or of a tier's own words, without citing anything."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A stored question; `outcome` is None while it is being answered."""

    ident: str
    listener: str
    question: str
    tier: int
    sources_tier: int
    price_micros: int
    body_sha256: str
    writer: str
    created_at: float
    outcome: Outcome | None
    conversation: str = ""
    act: str = "ask"
    thing: str | None = None
    is_repeat: bool = False
    """Asked again: what was answered before is given, and costs nothing."""


@dataclass(frozen=True, slots=True)
class Event:
    """One committed step of an answer; `seq` counts from 1 and is the event id of the stream.

    `tier` is the highest of what it rests on.
    """

    seq: int
    kind: str
    body: dict[str, Any]
    tier: int = 0


@dataclass(frozen=True, slots=True)
class Source:
    """What citation `n` rests on: a passage or a row, by its id, and the document that holds it."""

    n: int
    kind: str
    document_id: str
    source_id: str


class Transcripts:
    """Stores questions and their events."""

    def __init__(
        self,
        database: Database,
        lane: WriteLane,
        announce: Callable[[str], None],
        now: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._lane = lane
        self._announce = announce
        self._now = now

    def keeping(
        self,
        ident: str,
        question: Question,
        *,
        tier: int,
        price_micros: int,
        writer: str,
        mark: str | None = None,
        limits: DayLimits | None = None,
    ) -> Callable[[Connection], None]:
        """Give the command that keeps a question before it is answered, or raises what `DayLimits.check` does."""
        row = {
            "id": ident,
            "listener": question.listener.ident,
            "act": question.act,
            "question": question.text,
            "tier": tier,
            # The name of a thing stands in the words of the question.
            "sources_tier": tier if question.thing else 0,
            "price_micros": price_micros,
            "idempotency_key": question.idempotency_key,
            "body_sha256": question.body_sha256,
            "conversation": question.conversation or ident,
            "thing": question.thing.ident if question.thing else None,
            "repeat_sha256": mark,
            "writer": writer,
            "created_at": self._now(),
        }

        def keep(owner: Connection) -> None:
            if limits is not None:
                limits.check(owner, question.listener, question.conversation, self._now())
            owner.execute(insert(questions).values(**row))

        return keep

    def commit(
        self, ident: str, kind: str, body: dict[str, Any], *, sources_tier: int = 0, sources: Sequence[Source] = ()
    ) -> None:
        """Add a step, with what it rests on; it may be shown from now on."""

        def add(owner: Connection) -> None:
            _add(owner, ident, kind, body, sources_tier)
            if sources:
                owner.execute(insert(citations), [{"question_id": ident, **asdict(source)} for source in sources])
            if sources_tier:
                higher = questions.c.id == ident, questions.c.sources_tier < sources_tier
                owner.execute(update(questions).where(*higher).values(sources_tier=sources_tier))

        self._lane.run(add)
        self._announce(ident)

    def finish(self, ident: str, outcome: Outcome, **more: Any) -> None:
        """End the answer: its last event, and its outcome, in one step."""
        self._lane.run(lambda owner: self.end(owner, ident, outcome, None, **more))
        self._announce(ident)

    def end(self, owner: Connection, ident: str, outcome: Outcome, receipt: dict[str, Any] | None, **more: Any) -> None:
        """Do the same within a transaction, with the receipt of what was paid."""
        if outcome is Outcome.FAILED:
            _add(owner, ident, "failed", {"charged": False, "message": "Something failed here; it cost nothing."})
        if receipt is not None:
            _add(owner, ident, "receipt", receipt)
        tier = _tier_told(owner, ident) if any(more.get(what) for what in TOLD_OF_NOTES) else 0
        _add(owner, ident, "done", {"outcome": outcome, **more}, tier)
        ended = {"outcome": outcome, "finished_at": self._now()}
        owner.execute(update(questions).where(questions.c.id == ident).values(**ended))
        higher = questions.c.id == ident, questions.c.sources_tier < tier
        owner.execute(update(questions).where(*higher).values(sources_tier=tier))

    def announce(self, ident: str) -> None:
        """Tell those who watch that there is something new."""
        self._announce(ident)

    def settle_unfinished(self, *, older_than_s: float = 0) -> int:
        """End what a crash left in mid-answer as failed, free; give how many there were."""
        is_left = questions.c.outcome.is_(None), questions.c.created_at <= self._now() - older_than_s
        with self._database.records() as records:
            left = list(records.execute(select(questions.c.id).where(*is_left)).scalars())
        for ident in left:
            self.finish(ident, Outcome.FAILED)
        return len(left)

    def find(self, ident: str) -> Asked | None:
        """Give a stored question."""
        return self._one(questions.c.id == ident)

    def by_key(self, listener: str, key: str) -> Asked | None:
        """Give the question that a listener's idempotency key opened."""
        return self._one((questions.c.listener == listener) & (questions.c.idempotency_key == key))

    def answered_before(self, listener: str, mark: str) -> Asked | None:
        """Give the newest answer of a listener that rests on just this."""
        alike = (questions.c.listener == listener) & (questions.c.repeat_sha256 == mark)
        found = self._one(alike & (questions.c.outcome == Outcome.ANSWERED), newest=True)
        return None if found is None else replace(found, price_micros=0, is_repeat=True)

    def events(self, ident: str, after: int = 0) -> list[Event]:
        """Give the committed steps after one, in order."""
        query = (
            select(answer_events)
            .where(answer_events.c.question_id == ident, answer_events.c.seq > after)
            .order_by(answer_events.c.seq)
        )
        with self._database.records() as records:
            return [Event(row.seq, row.kind, json.loads(row.body), row.tier) for row in records.execute(query)]

    def recommended_in(self, idents: Sequence[str]) -> list[dict[str, Any]]:
        """Give what these answers recommended."""
        query = select(answer_events.c.body).where(
            answer_events.c.question_id.in_(idents), answer_events.c.kind == "done"
        )
        with self._database.records() as records:
            ended = [json.loads(body) for body in records.execute(query).scalars()] if idents else []
        return [body["recommended"] for body in ended if "recommended" in body]

    def cited_notes(self, ident: str) -> dict[int, str]:
        """Give the document behind each citation of an answer, by its number."""
        query = select(citations.c.n, citations.c.document_id).where(citations.c.question_id == ident)
        with self._database.records() as records:
            return {row.n: row.document_id for row in records.execute(query)}

    def cited_documents(self, ident: str) -> set[str]:
        """Give the documents that an answer rests on."""
        query = select(citations.c.document_id).where(citations.c.question_id == ident)
        with self._database.records() as records:
            return set(records.execute(query).scalars())

    def _one(self, condition: Any, *, newest: bool = False) -> Asked | None:
        query = select(questions).where(condition)
        with self._database.records() as records:
            row = records.execute(query.order_by(questions.c.created_at.desc()) if newest else query).first()
        if row is None:
            return None
        return Asked(
            row.id,
            row.listener,
            row.question,
            row.tier,
            row.sources_tier,
            row.price_micros,
            row.body_sha256,
            row.writer,
            row.created_at,
            Outcome(row.outcome) if row.outcome else None,
            row.conversation or row.id,
            row.act,
            row.thing,
        )


def _tier_told(owner: Connection, ident: str) -> int:
    """Give the tier that a question was asked at: what ends it was chosen among all that stood open there."""
    return int(owner.execute(select(questions.c.tier).where(questions.c.id == ident)).scalar_one())


def _add(owner: Connection, ident: str, kind: str, body: dict[str, Any], tier: int = 0) -> None:
    last = owner.execute(
        select(func.coalesce(func.max(answer_events.c.seq), 0)).where(answer_events.c.question_id == ident)
    ).scalar_one()
    row = {"question_id": ident, "seq": last + 1, "kind": kind, "body": json.dumps(body, ensure_ascii=False)}
    owner.execute(insert(answer_events).values(**row, tier=tier))
