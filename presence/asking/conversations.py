"""What was said earlier in a conversation, as far as whoever asks may read it at this moment.

A conversation is called by the id of its first question. Earlier turns carry the highest tier of what
they rest on: after a downgrade they are hidden, from the reader and from the writer alike.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import select

from presence.asking.contracts import Listener, Outcome
from presence.database import Database
from presence.errors import UnknownConversation
from presence.tables import answer_events, questions

TURNS_MAX = 6
"""So many earlier turns are looked at; what lies further back is in her history."""
REMEMBERED = (Outcome.ANSWERED, Outcome.STOPPED, Outcome.ASK_BACK, Outcome.NOT_IN_NOTES)


@dataclass(frozen=True, slots=True)
class Earlier:
    """A turn: the question, what was answered in one text, and the tier that one needs to read it."""

    ident: str
    question: str
    text: str
    tier: int


@dataclass(frozen=True, slots=True)
class Context:
    """The conversation that a question stands in; none for one that begins one."""

    ident: str | None = None
    turns: tuple[Earlier, ...] = ()  # the oldest first

    @property
    def tier(self) -> int:
        """The highest tier that any turn rests on."""
        return max((turn.tier for turn in self.turns), default=0)


class Contexts(Protocol):
    """Knows what was said before."""

    def context(self, listener: Listener, ident: str | None, tier: int) -> Context: ...


class NoConversations:
    """Every question stands by itself."""

    def context(self, listener: Listener, ident: str | None, tier: int) -> Context:
        """Give an empty one."""
        del listener, tier
        return Context(ident)


class Conversations:
    """Reads conversations. Nothing of them is stored beside the questions themselves."""

    def __init__(self, database: Database, cited_tiers: Callable[[Sequence[str]], dict[str, int]]) -> None:
        self._database = database
        self._cited_tiers = cited_tiers

    def context(self, listener: Listener, ident: str | None, tier: int) -> Context:
        """Give what may be read of a conversation now, or raise `UnknownConversation` for one that is not hers."""
        if ident is None:
            return Context()
        rows = self._rows(listener, ident)
        if not rows:
            raise UnknownConversation
        # Where the artist spoke first there is no question. Her lines are never a writer's to go on from.
        ended = [row for row in rows if row.outcome in REMEMBERED and row.question][-TURNS_MAX:]
        cited = self._cited_tiers([row.id for row in ended])
        needs = {row.id: max(row.sources_tier, cited.get(row.id, 0)) for row in ended}
        open_now = [row for row in ended if needs[row.id] <= tier]
        said = self._said([row.id for row in open_now])
        turns = tuple(Earlier(row.id, row.question, said.get(row.id, ""), needs[row.id]) for row in open_now)
        return Context(ident, turns)

    def questions(self, listener: Listener, ident: str) -> list[str]:
        """Give the ids of a conversation's questions, the oldest first, or raise `UnknownConversation`."""
        rows = self._rows(listener, ident)
        if not rows:
            raise UnknownConversation
        return [row.id for row in rows]

    def _rows(self, listener: Listener, ident: str) -> Sequence[Any]:
        query = (
            select(questions.c.id, questions.c.question, questions.c.sources_tier, questions.c.outcome)
            .where(questions.c.listener == listener.ident, questions.c.conversation == ident)
            .order_by(questions.c.created_at, questions.c.id)
        )
        with self._database.records() as records:
            return records.execute(query).all()

    def _said(self, idents: Sequence[str]) -> dict[str, str]:
        query = (
            select(answer_events.c.question_id, answer_events.c.body)
            .where(answer_events.c.question_id.in_(idents), answer_events.c.kind == "sentence")
            .order_by(answer_events.c.question_id, answer_events.c.seq)
        )
        said: dict[str, list[str]] = {}
        with self._database.records() as records:
            for row in records.execute(query):
                said.setdefault(row.question_id, []).append(json.loads(row.body)["text"])
        return {ident: " ".join(texts) for ident, texts in said.items()}
