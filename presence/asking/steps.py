"""The steps of an answer as rows, added in order. What the artist has taken over takes no step of a machine's."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from billing.plain import Plain, statement
from presence.asking.contracts import Outcome
from presence.errors import UnknownQuestion

TAKEN_OVER = "taken_over"
"""The step from which on the artist answers herself."""


class TakenOver(Exception):  # nothing is wrong
    """The artist has taken this answer over: no machine adds to it, and nothing is charged for it."""


class EndedAlready(Exception):
    """The answer has its end: somebody who took its writer for dead was faster. Nothing more is added or charged."""


@dataclass(frozen=True, slots=True)
class Source:
    """What citation `n` rests on: a passage or a row, by its id, and the document that holds it."""

    n: int
    kind: str
    document_id: str
    source_id: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an answer before it is committed; `tier` is the highest of what it rests on."""

    kind: str
    body: dict[str, Any]
    tier: int = 0
    sources: Sequence[Source] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """One committed step of an answer; `seq` counts from 1 and is the event id of the stream.

    `tier` is the highest of what it rests on.
    """

    seq: int
    kind: str
    body: dict[str, Any]
    tier: int = 0


_SO_FAR = statement(
    "SELECT coalesce(max(seq), 0), coalesce(max(CASE WHEN kind = :taken_over THEN 1 ELSE 0 END), 0),"
    " coalesce(max(CASE WHEN kind = 'done' THEN 1 ELSE 0 END), 0) FROM answer_events WHERE question_id = :ident"
)
_ADD = statement(
    "INSERT INTO answer_events (question_id, seq, kind, body, tier) VALUES (:question_id, :seq, :kind, :body, :tier)"
)
_CITE = statement(
    "INSERT INTO citations (question_id, n, kind, document_id, source_id)"
    " VALUES (:question_id, :n, :kind, :document_id, :source_id)"
)
_RAISE = statement("UPDATE questions SET sources_tier = :highest WHERE id = :ident AND sources_tier < :highest")
_END = statement("UPDATE questions SET finished_at = :at, outcome = :outcome WHERE id = :ident AND outcome IS NULL")
_TIER = statement("SELECT tier FROM questions WHERE id = :ident")


def add_steps(owner: Connection, ident: str, steps: Sequence[Step], *, is_hers: bool = False) -> list[Event]:
    """Add steps with what they rest on; raises `TakenOver` for such as are not hers, where the answer is.

    Raises `EndedAlready` for them where it has its end.
    """
    plain = Plain(owner)
    last, is_taken, has_ended = plain.row(_SO_FAR, ident=ident, taken_over=TAKEN_OVER) or (0, 0, 0)
    if is_taken and not is_hers:
        raise TakenOver
    if has_ended and not is_hers:
        raise EndedAlready
    added = [Event(seq, one.kind, one.body, one.tier) for seq, one in enumerate(steps, start=last + 1)]
    rows = [
        {
            "question_id": ident,
            "seq": event.seq,
            "kind": event.kind,
            "body": json.dumps(event.body, ensure_ascii=False),
            "tier": event.tier,
        }
        for event in added
    ]
    plain.each(_ADD, rows)
    sources = [source for step in steps for source in step.sources]
    if sources:
        plain.each(
            _CITE,
            [
                {
                    "question_id": ident,
                    "n": one.n,
                    "kind": one.kind,
                    "document_id": one.document_id,
                    "source_id": one.source_id,
                }
                for one in sources
            ],
        )
    return added


def add_step(
    owner: Connection, ident: str, kind: str, body: dict[str, Any], tier: int = 0, *, is_hers: bool = False
) -> None:
    """Add one step that rests on a tier and cites nothing."""
    add_steps(owner, ident, [Step(kind, body, tier)], is_hers=is_hers)


def end_at(owner: Connection, ident: str, outcome: Outcome, at: float, tier: int) -> None:
    """Note how an answer ended, and when, in Unix seconds; raises `EndedAlready` where it did before."""
    if not Plain(owner).run(_END, ident=ident, outcome=outcome.value, at=at):
        raise EndedAlready
    raise_tier(owner, ident, tier)


def raise_tier(owner: Connection, ident: str, tier: int) -> None:
    """Let nobody below a tier read an answer."""
    if tier:
        Plain(owner).run(_RAISE, ident=ident, highest=tier)


def tier_asked(owner: Connection, ident: str) -> int:
    """Give the tier that a question was asked at."""
    asked = Plain(owner).row(_TIER, ident=ident)
    if asked is None:
        raise UnknownQuestion
    return int(asked[0])
