"""What the artist sees of conversations: those of listeners who let her look in, and of nobody else."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select

from presence.asking.contracts import HERSELF
from presence.stepping_in.consent import shown
from presence.stepping_in.holding import held_now
from presence.stepping_in.tables import permissions
from presence.tables import answer_events, questions

LATELY_SECONDS = 3600
"""Who asked within so long may be there still."""
CONVERSATIONS_MAX = 50
TURNS_MAX = 200
STEPS = ("sentence", "human")
NamesOf = Callable[[Connection, Collection[str]], Mapping[str, str]]
"""What to call some listeners, each of them, read on the connection that is given."""


@dataclass(frozen=True, slots=True)
class Line:
    """Something that was said: by the artist, or by the presence."""

    text: str
    is_hers: bool


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and what was answered so far; `outcome` is None while it is open."""

    ident: str
    question: str
    tier: int
    at: float  # Unix seconds
    outcome: str | None
    is_hers: bool
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Watched:
    """A conversation as the artist sees it; `turns` are the oldest first."""

    ident: str
    listener: str
    name: str
    turns: tuple[Turn, ...]
    held_by: str | None = field(repr=False)

    @property
    def tier(self) -> int:
        """The tier that the newest question was asked at."""
        return self.turns[-1].tier

    @property
    def at(self) -> float:
        return self.turns[-1].at

    @property
    def is_open(self) -> bool:
        """Whether something is being answered."""
        return any(turn.outcome is None for turn in self.turns)


def watched(connection: Connection, names_of: NamesOf, now: float, conversation: str | None = None) -> list[Watched]:
    """Give what she may see: of one conversation, or of those in which somebody asked lately, the newest first."""
    rows = _rows(connection, now, conversation)
    said = _said(connection, [row.id for row in rows])
    by_conversation: dict[str, list[Any]] = {}
    for row in rows:
        by_conversation.setdefault(row.conversation, []).append(row)
    seen = list(by_conversation.items())[:CONVERSATIONS_MAX]
    names = names_of(connection, [newest_first[0].listener for _, newest_first in seen])
    found = []
    for ident, newest_first in seen:
        turns = tuple(_turn(row, said.get(row.id, ())) for row in reversed(newest_first))
        listener = newest_first[0].listener
        holder = held_now(connection, ident, now)
        found.append(Watched(ident, listener, names[listener], turns, holder.session if holder else None))
    return found


def _rows(connection: Connection, now: float, conversation: str | None) -> Sequence[Any]:
    lately = questions.c.created_at >= now - LATELY_SECONDS
    which = lately if conversation is None else questions.c.conversation == conversation
    query = select(questions).join(permissions, shown()).where(which).distinct()
    return connection.execute(query.order_by(questions.c.created_at.desc(), questions.c.id).limit(TURNS_MAX)).all()


def _said(connection: Connection, idents: Collection[str]) -> dict[str, list[Line]]:
    steps = answer_events.c.question_id.in_(idents), answer_events.c.kind.in_(STEPS)
    query = select(answer_events).where(*steps).order_by(answer_events.c.question_id, answer_events.c.seq)
    said: dict[str, list[Line]] = {}
    for row in connection.execute(query) if idents else ():
        line = Line(json.loads(row.body)["text"], row.kind == "human")
        said.setdefault(row.question_id, []).append(line)
    return said


def _turn(row: Any, said: Sequence[Line]) -> Turn:
    is_hers = row.writer == HERSELF
    return Turn(row.id, row.question, row.tier, row.created_at, row.outcome, is_hers, tuple(said))
