"""What was asked and what has been answered so far; the stream and the pages read only this."""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, TypeVar

from sqlalchemy import Connection, insert, select

from knowledge.tables import documents
from presence.asking import herself
from presence.asking.contracts import Outcome
from presence.asking.question import Question
from presence.asking.steps import TakenOver, add_step, end_at, raise_tier, tier_asked
from presence.asking.today import DayLimits
from presence.database import Database
from presence.errors import UnknownQuestion
from presence.tables import answer_events, citations, questions
from presence.write_lane import WriteLane

T = TypeVar("T")
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

    def look(self, at: Callable[[Connection, str], T], ident: str) -> T:
        """Look something up beside what was asked."""
        with self._database.records() as records:
            return at(records, ident)

    def open(self, ident: str, keep: Callable[[Connection], None]) -> Asked:
        """Keep a question for which nothing is set aside, by its command, and give it."""
        self._lane.run(keep)
        asked = self.find(ident)
        if asked is None:
            raise UnknownQuestion
        return asked

    def commit(
        self, ident: str, kind: str, body: dict[str, Any], *, sources_tier: int = 0, sources: Sequence[Source] = ()
    ) -> None:
        """Add a step, with what it rests on; it may be shown from now on. Raises `TakenOver`."""

        def add(owner: Connection) -> None:
            add_step(owner, ident, kind, body, sources_tier)
            if sources:
                owner.execute(insert(citations), [{"question_id": ident, **asdict(source)} for source in sources])
            if sources_tier:
                raise_tier(owner, ident, sources_tier)

        self._lane.run(add)
        self._announce(ident)

    def finish(self, ident: str, outcome: Outcome, **more: Any) -> None:
        """End the answer: its last event, and its outcome, in one step."""
        self._lane.run(lambda owner: self.end(owner, ident, outcome, None, **more))
        self._announce(ident)

    def end(self, owner: Connection, ident: str, outcome: Outcome, receipt: dict[str, Any] | None, **more: Any) -> None:
        """Do the same within a transaction, with the receipt of what was paid; raises `TakenOver`."""
        if outcome is Outcome.FAILED:
            add_step(owner, ident, "failed", {"charged": False, "message": "Something failed here; it cost nothing."})
        if receipt is not None:
            add_step(owner, ident, "receipt", receipt)
        # What ends it was chosen among all that stood open where it was asked.
        tier = tier_asked(owner, ident) if any(more.get(what) for what in TOLD_OF_NOTES) else 0
        add_step(owner, ident, "done", {"outcome": outcome, **more}, tier)
        end_at(owner, ident, outcome, self._now(), tier)

    def announce(self, ident: str) -> None:
        """Tell those who watch that there is something new."""
        self._announce(ident)

    def settle_unfinished(self, *, older_than_s: float = 0) -> int:
        """End what a crash left in mid-answer as failed, free; give how many there were. What waits for her waits."""
        is_left = questions.c.outcome.is_(None), questions.c.created_at <= self._now() - older_than_s
        with self._database.records() as records:
            left = list(records.execute(select(questions.c.id).where(*is_left)).scalars())
        return sum(self._failed(ident) for ident in left)

    def _failed(self, ident: str) -> bool:
        try:
            self.finish(ident, Outcome.FAILED)
        except TakenOver:  # it waits for her, until the conversation is handed back
            return False
        return True

    def stop_waiting(self, ident: str) -> None:
        """End an answer that the artist took over because its listener wants no more of it; any other goes on."""
        with self._database.records() as records:
            is_waiting = herself.is_waiting(records, ident)
        if is_waiting:
            at = self._now()
            self._lane.run(lambda owner: herself.end(owner, ident, "", at, Outcome.STOPPED), ends=True)
            self._announce(ident)

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

    def earlier_versions(self, ident: str) -> dict[str, tuple[str, ...]]:
        """Give the documents that stood in the place of each document that an answer rests on, the newest first."""
        now, before = documents.alias(), documents.alias()
        query = (
            select(now.c.id, before.c.id.label("earlier"))
            .join(citations, citations.c.document_id == now.c.id)
            .join(before, (before.c.origin == now.c.origin) & (before.c.part == now.c.part))
            .where(citations.c.question_id == ident, before.c.published_at < now.c.published_at)
            .order_by(before.c.published_at.desc(), before.c.id)
        )
        found: dict[str, tuple[str, ...]] = {}
        with self._database.records() as records:
            for row in records.execute(query):
                if row.earlier not in found.get(row.id, ()):
                    found[row.id] = (*found.get(row.id, ()), row.earlier)
        return found

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
