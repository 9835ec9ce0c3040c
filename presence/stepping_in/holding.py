"""Who holds a conversation. A studio that is not heard of for a while holds it no more."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update

from presence.asking import herself
from presence.asking.contracts import Outcome
from presence.errors import HeldByAnother, NotHeld
from presence.stepping_in.tables import held
from presence.tables import questions

HELD_SECONDS = 180
"""So long she may be away, or think about what to write."""


@dataclass(frozen=True, slots=True)
class Held:
    """A conversation that a session of the studio holds; times are in Unix seconds."""

    conversation: str
    session: str
    since: float
    until: float


def held_now(connection: Connection, conversation: str, now: float) -> Held | None:
    """Give who holds a conversation."""
    row = connection.execute(select(held).where(held.c.conversation == conversation, held.c.until > now)).first()
    return None if row is None else Held(row.conversation, row.session, row.since, row.until)


def hold(owner: Connection, conversation: str, session: str, now: float) -> bool:
    """Hold it from now on, whether that is new; raises `HeldByAnother`."""
    found = held_now(owner, conversation, now)
    if found is not None and found.session != session:
        raise HeldByAnother
    if found is not None:
        keep(owner, session, now)
        return False
    owner.execute(delete(held).where(held.c.conversation == conversation))
    row = {"conversation": conversation, "session": session, "since": now, "until": now + HELD_SECONDS}
    owner.execute(insert(held).values(**row))
    return True


def must_hold(owner: Connection, conversation: str, session: str, now: float) -> None:
    """Hold it on, or raise `NotHeld`."""
    found = held_now(owner, conversation, now)
    if found is None or found.session != session:
        raise NotHeld
    keep(owner, session, now)


def keep(owner: Connection, session: str, now: float) -> None:
    """Hold on what a session holds."""
    hers = update(held).where(held.c.session == session, held.c.until > now)
    owner.execute(hers.values(until=now + HELD_SECONDS))


def let_go(
    owner: Connection, conversation: str, listener: str, by: str, now: float, as_outcome: Outcome | None = None
) -> list[str]:
    """Hand a conversation back, and end what waits for her in it; give the ids of what was ended."""
    owner.execute(delete(held).where(held.c.conversation == conversation))
    waiting = open_turns(owner, listener, conversation)
    return [ident for ident in waiting if herself.end(owner, ident, by, now, as_outcome) is not None]


def begun_turns(connection: Connection, listener: str, conversation: str) -> tuple[str, ...]:
    """Give the turns that the artist began in a conversation, the oldest first."""
    of_it = questions.c.listener == listener, questions.c.conversation == conversation
    hers = select(questions.c.id).where(*of_it, questions.c.act == herself.HER_TURN)
    return tuple(connection.execute(hers.order_by(questions.c.created_at)).scalars())


def open_turns(connection: Connection, listener: str, conversation: str) -> Sequence[str]:
    """Give what has not ended in a conversation, the oldest first."""
    of_it = questions.c.listener == listener, questions.c.conversation == conversation, questions.c.outcome.is_(None)
    return connection.execute(select(questions.c.id).where(*of_it).order_by(questions.c.created_at)).scalars().all()
