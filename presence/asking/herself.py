"""Answers that the artist gives herself: she takes one over, writes her lines, and it ends. All of it is free.

Each is part of a command on the write lane. Her lines carry the tier that the question was asked at: who may not
read that far any more never gets them.
"""

import hashlib
import secrets

from sqlalchemy import Connection, insert, select, update

from presence.asking.contracts import HERSELF, Outcome
from presence.asking.steps import TAKEN_OVER, add_step, end_at, raise_tier, tier_asked
from presence.tables import answer_events, questions

HER_TURN = "herself"
"""The act of a turn that she began, with no question before it."""
FREE_BECAUSE = "The artist is here herself."


def take_over(owner: Connection, ident: str, by: str, at: float) -> bool:
    """Let no machine add to an answer that has not ended; whether it had not. No repeat is given of it later."""
    is_open = questions.c.id == ident, questions.c.outcome.is_(None)
    tier = owner.execute(select(questions.c.tier).where(*is_open)).scalar()
    if tier is None:
        return False
    add_step(owner, ident, TAKEN_OVER, {"by": by, "at": int(at)}, tier, is_hers=True)
    owner.execute(update(questions).where(questions.c.id == ident).values(repeat_sha256=None))
    raise_tier(owner, ident, tier)
    return True


def begin_turn(owner: Connection, listener: str, conversation: str, tier: int, by: str, at: float) -> str:
    """Begin a turn of hers in a conversation in which nothing is open; give its id."""
    ident = secrets.token_urlsafe(16)
    row = {
        "id": ident,
        "listener": listener,
        "act": HER_TURN,
        "question": "",
        "tier": tier,
        "sources_tier": tier,
        "price_micros": 0,
        "body_sha256": hashlib.sha256(b"").hexdigest(),
        "conversation": conversation,
        "writer": HERSELF,
        "created_at": at,
    }
    owner.execute(insert(questions).values(**row))
    take_over(owner, ident, by, at)
    return ident


def say(owner: Connection, ident: str, by: str, text: str, at: float) -> None:
    """Add a line of hers to an answer that she took over."""
    body = {"text": text, "by": by, "at": int(at), "ai_generated": False}
    add_step(owner, ident, "human", body, tier_asked(owner, ident), is_hers=True)


def is_waiting(connection: Connection, ident: str) -> bool:
    """Whether an answer is hers, and has not ended."""
    taken = select(answer_events.c.seq).join(questions, questions.c.id == answer_events.c.question_id)
    of_it = answer_events.c.question_id == ident, questions.c.outcome.is_(None), answer_events.c.kind == TAKEN_OVER
    return connection.execute(taken.where(*of_it)).first() is not None


def end(owner: Connection, ident: str, by: str, at: float, as_outcome: Outcome | None = None) -> Outcome | None:
    """End an answer that she took over, and give how; None where there was nothing to end.

    With a line of hers it is answered. Without one it ends as it is said, or as one that was left alone.
    """
    kinds = select(answer_events.c.kind).where(answer_events.c.question_id == ident)
    said = set(owner.execute(kinds).scalars())
    if TAKEN_OVER not in said or "done" in said:
        return None
    more = {}
    if as_outcome is Outcome.REVOKED:
        outcome = Outcome.REVOKED
    elif "human" in said:
        outcome = Outcome.ANSWERED
    elif as_outcome is not None or "sentence" in said:
        outcome = as_outcome or Outcome.STOPPED
    else:
        outcome, more = Outcome.NOT_IN_NOTES, {"message": f"{by} had to leave before she could answer."}
    tier = tier_asked(owner, ident)
    add_step(owner, ident, "done", {"outcome": outcome, **more}, tier, is_hers=True)
    end_at(owner, ident, outcome, at, tier)
    return outcome
