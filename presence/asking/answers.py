"""Stored answers as they are read: with what they cited that is said no more, or said elsewhere by now."""

import json
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Row, Select, exists, func, select

from knowledge import Library
from knowledge.cited import Cited, SaidNow
from knowledge.contracts import LOWEST_TIER
from presence.asking.contracts import Listener, Outcome
from presence.asking.inbox import CORRECTED
from presence.asking.rendered import answer_json
from presence.asking.reports import report_of
from presence.asking.steps import Event
from presence.asking.tickets import Counter
from presence.asking.transcripts import Transcripts
from presence.database import Database
from presence.errors import UnknownQuestion
from presence.tables import answer_events, citations, inbox, questions

PAGE = 50
RESTING_MAX = 20
AT_ONCE = 500

Changed = dict[int, str | None]
"""By a citation's number, where the same words stand now; None where nothing says them any more."""


@dataclass(frozen=True, slots=True)
class PastAnswer:
    """An answer as the artist looks at it: what was asked, of which tier, and what of it is said no more."""

    ident: str
    question: str
    tier: int
    asked_at: str  # ISO 8601
    withdrawn: tuple[dict[str, Any], ...]  # citations

    @property
    def is_stale(self) -> bool:
        return bool(self.withdrawn)


class Answers:
    """Reads stored answers; whether they still hold is computed each time, never stored."""

    def __init__(self, database: Database, library: Library, transcripts: Transcripts, counter: Counter) -> None:
        self._database = database
        self._library = library
        self._transcripts = transcripts
        self._counter = counter

    def read(self, ident: str, listener: Listener) -> dict[str, Any]:
        """Give an answer that this listener may read now, so far or whole."""
        asked = self._counter.readable(ident, listener)
        events = self._transcripts.events(ident)
        tier = self._counter.tier_of(listener).tier
        answer = answer_json(asked, events, self._changed(ident, events, tier))
        return answer | self._forwarded(ident, tier) | self._reported(ident)

    def past(self, *, stale: bool = False) -> list[PastAnswer]:
        """Give the answers that cite something, the newest first; with `stale`, those that do not hold any more."""
        with self._database.records() as records:
            rows = records.execute(
                select(citations.c.question_id, citations.c.document_id, questions.c.tier)
                .join(questions, questions.c.id == citations.c.question_id)
                .order_by(questions.c.created_at.desc(), questions.c.id)
            ).all()
        shown = self._library.shown_tiers({row.document_id for row in rows})
        doubtful = {row.question_id for row in rows if shown.get(row.document_id, row.tier + 1) > row.tier}
        idents = dict.fromkeys(row.question_id for row in rows if not stale or row.question_id in doubtful)
        return [one for one in self._past(list(idents), doubtful) if one.is_stale or not stale]

    def resting_on(self, document_ids: Sequence[str], limit: int = RESTING_MAX) -> list[PastAnswer]:
        """Give the newest answers that cite one of these documents, each with what of it is said no more."""
        newest = (
            select(questions.c.id)
            .join(citations, citations.c.question_id == questions.c.id)
            .where(citations.c.document_id.in_(document_ids))
            .group_by(questions.c.id, questions.c.created_at)
            .order_by(questions.c.created_at.desc(), questions.c.id)
            .limit(limit)
        )
        with self._database.records() as records:
            idents = list(records.execute(newest).scalars())
        return self._past(idents, set(idents))

    def page(self, number: int) -> tuple[list[PastAnswer], int]:
        """Give one page of the answers that cite something, the newest first, and how many pages there are."""
        cites = exists().where(citations.c.question_id == questions.c.id)
        newest = select(questions.c.id).where(cites).order_by(questions.c.created_at.desc(), questions.c.id)
        with self._database.records() as records:
            count = int(records.execute(select(func.count()).select_from(questions).where(cites)).scalar_one())
            pages = max(1, -(-count // PAGE))
            skipped = (min(max(1, number), pages) - 1) * PAGE
            idents = list(records.execute(newest.limit(PAGE).offset(skipped)).scalars())
        return self._past(idents, set(idents)), pages

    def whole(self, ident: str) -> dict[str, Any]:
        """Give an answer as the artist looks at it, whoever asked; raises `UnknownQuestion`."""
        asked = self._transcripts.find(ident)
        if asked is None:
            raise UnknownQuestion
        events = self._transcripts.events(ident)
        answer = answer_json(asked, events, self._changed(ident, events, asked.tier))
        return answer | {"tier": asked.tier, "sources_tier": asked.sources_tier, "asked_at": asked.created_at}

    def open_to_all(self, ident: str) -> dict[str, Any] | None:
        """Give an answer as any stranger might read it, or None where it rests on more than is open to all.

        It counts what it rests on now, as it does for who asked. What the artist wrote in it is nobody else's.
        """
        asked = self._transcripts.find(ident)
        if asked is None or asked.outcome is not Outcome.ANSWERED or asked.sources_tier > LOWEST_TIER:
            return None
        if self._counter.cited_tier(ident) > LOWEST_TIER:
            return None
        events = self._transcripts.events(ident)
        answer = answer_json(asked, events, self._changed(ident, events, LOWEST_TIER))
        return None if "human" in answer else answer

    def _past(self, idents: Sequence[str], look_into: Collection[str]) -> list[PastAnswer]:
        """Give answers in this order, of some with what of them is said no more; few readings for many answers."""
        columns = questions.c.id, questions.c.question, questions.c.tier, questions.c.created_at
        asked = {row.id: row for row in self._of(select(*columns), questions.c.id, idents)}
        withdrawn = self._withdrawn([ident for ident in idents if ident in look_into], asked)
        return [
            PastAnswer(ident, row.question, row.tier, _iso(row.created_at), tuple(withdrawn.get(ident, ())))
            for ident in idents
            if (row := asked.get(ident)) is not None
        ]

    def _withdrawn(self, idents: Sequence[str], asked: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
        """Give the citations, by answer, that nothing says any more, as far as who asked could read."""
        said = select(answer_events).where(answer_events.c.kind == "sentence").order_by(answer_events.c.seq)
        quoted = {
            (row.question_id, one["n"]): one
            for row in self._of(said, answer_events.c.question_id, idents)
            for one in json.loads(row.body).get("cited", ())
        }
        numbers = [key for key in quoted if key[0] in asked]
        places = {(row.question_id, row.n): row for row in self._of(select(citations), citations.c.question_id, idents)}
        by_tier: dict[int, list[Cited]] = {}
        for number, key in enumerate(numbers):
            if (place := places.get(key)) is not None:
                cited = Cited(number, place.document_id, place.source_id, quoted[key]["quote"])
                by_tier.setdefault(asked[key[0]].tier, []).append(cited)
        found: dict[str, list[dict[str, Any]]] = {}
        for tier, some in by_tier.items():
            for number, now in self._library.moved(some, tier).items():
                if now is None:
                    found.setdefault(numbers[number][0], []).append(quoted[numbers[number]])
        return {ident: sorted(some, key=lambda one: int(one["n"])) for ident, some in found.items()}

    def _of(self, query: Select[Any], named: Column[Any], idents: Sequence[str]) -> list[Row[Any]]:
        with self._database.records() as records:
            return [
                row
                for start in range(0, len(idents), AT_ONCE)
                for row in records.execute(query.where(named.in_(idents[start : start + AT_ONCE])))
            ]

    def _changed(self, ident: str, events: Sequence[Event], tier: int) -> Changed:
        quotes = {one["n"]: one["quote"] for one in cited_in(events)}
        if not quotes:
            return {}
        with self._database.records() as records:
            rows = records.execute(select(citations).where(citations.c.question_id == ident)).all()
        cited = [Cited(row.n, row.document_id, row.source_id, quotes[row.n]) for row in rows if row.n in quotes]
        kinds = {row.n: row.kind for row in rows}
        return {n: link(kinds[n], now) for n, now in self._library.moved(cited, tier).items()}

    def given(self, ident: str, tier: int) -> str | None:
        """Give the page of the note by which the artist answered a question; None where there is none for this tier."""
        url: str | None = self._forwarded(ident, tier).get("forwarded", {}).get("url")
        return url

    def _forwarded(self, ident: str, tier: int) -> dict[str, Any]:
        """Say what became of a question that was handed on; an answer above the reader's tier is none for her."""
        with self._database.records() as records:
            row = records.execute(select(inbox).where(inbox.c.question_id == ident)).first()
        if row is None:
            return {}
        passage = self._library.first_passage(row.document_id, tier) if row.document_id else None
        if passage is None:
            return {} if row.state == CORRECTED else {"forwarded": {"state": "waiting"}}
        return {"forwarded": {"state": "answered", "url": f"/sources/{passage}"}}

    def _reported(self, ident: str) -> dict[str, Any]:
        report = report_of(self._database, ident)
        return {} if report is None else {"reported": report.as_json()}


def cited_in(events: Iterable[Event]) -> list[dict[str, Any]]:
    """Give the citations of an answer."""
    return [cited for event in events if event.kind == "sentence" for cited in event.body.get("cited", ())]


def link(kind: str, now: SaidNow | None) -> str | None:
    """Lead to where the words stand now."""
    if now is None:
        return None
    return f"/rows/{now.source_id}" if kind == "fact" else f"/sources/{now.source_id}#s{now.index or 0}"


def _iso(at: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))
