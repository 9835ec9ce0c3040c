"""What was asked and what has been answered so far; the stream and the pages read only this."""

import json
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from sqlalchemy import Connection, bindparam, select

from billing.plain import Plain, Statement, statement
from presence.asking import herself
from presence.asking.contracts import Outcome
from presence.asking.question import Question
from presence.asking.steps import EndedAlready, Event, Step, TakenOver, add_steps, end_at, raise_tier, tier_asked
from presence.asking.today import DayLimits
from presence.database import Database
from presence.errors import UnknownQuestion
from presence.tables import answer_events, citations, questions
from presence.write_lane import WriteLane

T = TypeVar("T")
FRESH_KEPT = 256
"""The steps of so many answers are kept in memory for those who are still reading them."""
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


_EVENTS = (
    select(answer_events.c.seq, answer_events.c.kind, answer_events.c.body, answer_events.c.tier)
    .where(answer_events.c.question_id == bindparam("ident"), answer_events.c.seq > bindparam("after"))
    .order_by(answer_events.c.seq)
)
_CITED = select(citations.c.document_id).where(citations.c.question_id == bindparam("ident"))
_EARLIER = statement(
    """SELECT n.id, b.id FROM documents n JOIN documents b ON b.origin = n.origin AND b.part = n.part
 WHERE n.id IN (SELECT value FROM json_each(:idents)) AND b.published_at < n.published_at
 ORDER BY b.published_at DESC, b.id""",
    postgresql="""SELECT n.id, b.id FROM documents n JOIN documents b ON b.origin = n.origin AND b.part = n.part
 WHERE n.id IN (SELECT jsonb_array_elements_text(:idents::jsonb)) AND b.published_at < n.published_at
 ORDER BY b.published_at DESC, b.id""",
)
_KEEP = statement(
    """INSERT INTO questions (id, listener, act, question, tier, sources_tier, price_micros, idempotency_key,
 body_sha256, conversation, thing, repeat_sha256, writer, created_at, process)
 VALUES (:id, :listener, :act, :question, :tier, :sources_tier, :price_micros, :idempotency_key,
 :body_sha256, :conversation, :thing, :repeat_sha256, :writer, :created_at, :process)"""
)
_FIELDS = (
    "ident", "listener", "question", "tier", "sources_tier", "price_micros", "body_sha256", "writer", "created_at",
    "outcome", "conversation", "act", "thing",
)  # fmt: skip
"""Those of `Asked`, in the order in which they are read."""
_FOUND = """SELECT id, listener, question, tier, sources_tier, price_micros, body_sha256, writer, created_at,
 outcome, conversation, act, thing FROM questions"""
_BY_IDENT = statement(f"{_FOUND} WHERE id = :ident")
_BY_KEY = statement(f"{_FOUND} WHERE listener = :listener AND idempotency_key = :key")
# Ordered by a sum, so that the mark is looked up: the index of her days would be in order, and is all she ever asked.
_ANSWERED_BEFORE = statement(
    f"{_FOUND} WHERE listener = :listener AND repeat_sha256 = :mark AND outcome = 'answered'"
    " ORDER BY created_at + 0 DESC LIMIT 1"
)


class Fresh:
    """The committed steps of the answers that were written here last, from the first one on. Thread-safe.

    The database has the last word: what is missing here is looked for there, and so is what others may have added.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[str, list[Event]] = OrderedDict()
        self._lock = threading.Lock()

    def add(self, ident: str, added: Sequence[Event]) -> None:
        """Keep steps that follow what is kept; any other kind shows that somebody else adds to this answer, too."""
        with self._lock:
            kept = self._kept.setdefault(ident, [])
            if added and added[0].seq == len(kept) + 1:
                kept.extend(added)
            else:
                del self._kept[ident]
            while len(self._kept) > FRESH_KEPT:
                self._kept.popitem(last=False)

    def after(self, ident: str, after: int) -> list[Event]:
        """Give the steps after one; none where there are none, or where they are not known here."""
        with self._lock:
            return self._kept.get(ident, [])[after:]


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
        self._fresh = Fresh()

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
            "process": self._database.process,
        }

        def keep(owner: Connection) -> None:
            if limits is not None:
                limits.check(owner, question.listener, question.conversation, self._now())
            Plain(owner).run(_KEEP, **row)

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

    def commit(self, ident: str, steps: Sequence[Step]) -> None:
        """Add steps, with what they rest on; they may be shown from now on. Raises `TakenOver`."""
        highest = max((step.tier for step in steps), default=0)

        def add(owner: Connection) -> list[Event]:
            added = add_steps(owner, ident, steps)
            raise_tier(owner, ident, highest)
            return added

        self.tell(ident, self._lane.run(add))

    def finish(self, ident: str, outcome: Outcome, steps: Sequence[Step] = (), **more: Any) -> None:
        """End the answer with these steps: its last event, and its outcome, in one."""
        self.tell(ident, self._lane.run(lambda owner: self.end(owner, ident, outcome, None, steps, **more)))

    def end(
        self,
        owner: Connection,
        ident: str,
        outcome: Outcome,
        receipt: dict[str, Any] | None,
        steps: Sequence[Step] = (),
        **more: Any,
    ) -> list[Event]:
        """Do the same within a transaction, with the receipt of what was paid; raises `TakenOver`.

        Whoever calls this gives its events to `tell` once they are committed.
        """
        last = list(steps)
        if outcome is Outcome.FAILED:
            last.append(Step("failed", {"charged": False, "message": "Something failed here; it cost nothing."}))
        if receipt is not None:
            last.append(Step("receipt", receipt))
        # What ends it was chosen among all that stood open where it was asked.
        tier = tier_asked(owner, ident) if any(more.get(what) for what in TOLD_OF_NOTES) else 0
        last.append(Step("done", {"outcome": outcome, **more}, tier))
        added = add_steps(owner, ident, last)
        end_at(owner, ident, outcome, self._now(), max(step.tier for step in last))
        return added

    def tell(self, ident: str, added: Sequence[Event]) -> None:
        """Let those who watch have events that were committed just now."""
        self._fresh.add(ident, added)
        self._announce(ident)

    def announce(self, ident: str) -> None:
        """Let those who watch look again: something was added past `tell`."""
        self._announce(ident)

    def fresh(self, ident: str, after: int) -> list[Event]:
        """Give what memory has of the steps after one: as far as they are known here, and without waiting."""
        return self._fresh.after(ident, after)

    def settle_unfinished(self, *, older_than_s: float = 0) -> int:
        """End what a crash left in mid-answer as failed, free; give how many there were. What waits for her waits."""
        is_left = questions.c.finished_at.is_(None), questions.c.created_at <= self._now() - older_than_s
        with self._database.records() as records:
            left = list(records.execute(select(questions.c.id).where(*is_left)).scalars())
        return sum(self._failed(ident) for ident in left)

    def give_up(self, owner: Connection, ident: str, let_go: Callable[[Connection, str], object]) -> bool:
        """End an answer that nobody writes any more as failed, within a transaction; False where it had its end.

        What was set aside is let go first, as whoever captures does: so nobody waits for one who waits for her.
        Raises `TakenOver`.
        """
        let_go(owner, ident)
        is_open = select(questions.c.id).where(questions.c.id == ident, questions.c.outcome.is_(None))
        if owner.execute(is_open.with_for_update()).first() is None:
            return False
        self.end(owner, ident, Outcome.FAILED, None)
        return True

    def _failed(self, ident: str) -> bool:
        try:
            self.finish(ident, Outcome.FAILED)
        except (TakenOver, EndedAlready):  # it waits for her, until the conversation is handed back; or it has ended
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
        return self._one(_BY_IDENT, ident=ident)

    def by_key(self, listener: str, key: str) -> Asked | None:
        """Give the question that a listener's idempotency key opened."""
        return self._one(_BY_KEY, listener=listener, key=key)

    def answered_before(self, listener: str, mark: str) -> Asked | None:
        """Give the newest answer of a listener that rests on just this."""
        found = self._one(_ANSWERED_BEFORE, listener=listener, mark=mark)
        return None if found is None else replace(found, price_micros=0, is_repeat=True)

    def events(self, ident: str, after: int = 0) -> list[Event]:
        """Give the committed steps after one, in order."""
        with self._database.records() as records:
            rows = records.execute(_EVENTS, {"ident": ident, "after": after}).all()
        return [Event(seq, kind, json.loads(body), tier) for seq, kind, body, tier in rows]

    def recommended_in(self, idents: Sequence[str]) -> list[dict[str, Any]]:
        """Give what these answers recommended."""
        query = select(answer_events.c.body).where(
            answer_events.c.question_id.in_(idents), answer_events.c.kind == "done"
        )
        with self._database.records() as records:
            ended = [json.loads(body) for body in records.execute(query).scalars()] if idents else []
        return [body["recommended"] for body in ended if "recommended" in body]

    def earlier_versions(self, document_ids: Collection[str]) -> dict[str, tuple[str, ...]]:
        """Give the documents that stood in the place of each of these, the newest first."""
        with self._database.records() as records:
            rows = Plain(records).rows(_EARLIER, idents=json.dumps(list(document_ids)))
        found: dict[str, tuple[str, ...]] = {}
        for ident, earlier in rows:
            if earlier not in found.get(ident, ()):
                found[ident] = (*found.get(ident, ()), earlier)
        return found

    def cited_documents(self, ident: str) -> set[str]:
        """Give the documents that an answer rests on."""
        with self._database.records() as records:
            return set(records.execute(_CITED, {"ident": ident}).scalars())

    def _one(self, query: Statement, **values: str) -> Asked | None:
        with self._database.records() as records:
            row = Plain(records).row(query, **values)
        if row is None:
            return None
        told = dict(zip(_FIELDS, row, strict=True))
        outcome, conversation = told.pop("outcome"), told.pop("conversation")
        return Asked(**told, outcome=Outcome(outcome) if outcome else None, conversation=conversation or row[0])
