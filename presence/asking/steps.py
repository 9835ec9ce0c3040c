"""The steps of an answer as rows, added in order. What the artist has taken over takes no step of a machine's."""

import json
from typing import Any

from sqlalchemy import Connection, case, func, insert, select, update

from presence.asking.contracts import Outcome
from presence.tables import answer_events, questions

TAKEN_OVER = "taken_over"
"""The step from which on the artist answers herself."""


class TakenOver(Exception):  # nothing is wrong
    """The artist has taken this answer over: no machine adds to it, and nothing is charged for it."""


def add_step(
    owner: Connection, ident: str, kind: str, body: dict[str, Any], tier: int = 0, *, is_hers: bool = False
) -> None:
    """Add a step that rests on a tier; raises `TakenOver` for one that is not hers, where the answer is."""
    taken = func.max(case((answer_events.c.kind == TAKEN_OVER, 1), else_=0))
    so_far = select(func.coalesce(func.max(answer_events.c.seq), 0), func.coalesce(taken, 0))
    last, is_taken = owner.execute(so_far.where(answer_events.c.question_id == ident)).one()
    if is_taken and not is_hers:
        raise TakenOver
    row = {"question_id": ident, "seq": last + 1, "kind": kind, "body": json.dumps(body, ensure_ascii=False)}
    owner.execute(insert(answer_events).values(**row, tier=tier))


def end_at(owner: Connection, ident: str, outcome: Outcome, at: float, tier: int) -> None:
    """Note how an answer ended, and when, in Unix seconds."""
    ended = {"outcome": outcome, "finished_at": at}
    owner.execute(update(questions).where(questions.c.id == ident).values(**ended))
    raise_tier(owner, ident, tier)


def raise_tier(owner: Connection, ident: str, tier: int) -> None:
    """Let nobody below a tier read an answer."""
    higher = questions.c.id == ident, questions.c.sources_tier < tier
    owner.execute(update(questions).where(*higher).values(sources_tier=tier))


def tier_asked(owner: Connection, ident: str) -> int:
    """Give the tier that a question was asked at."""
    return int(owner.execute(select(questions.c.tier).where(questions.c.id == ident)).scalar_one())
