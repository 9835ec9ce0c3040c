"""Answers that a listener let others see, each by an address that nobody can guess, until she takes it back.

What stands there is what any stranger may read at this moment, worked out each time: the sentences of an answer that
rests on nothing but what is open to all, as far as the notes still say them. Of an answer that rests on more there is
its day and what kind of thing was asked for. What she asked is her own: it never stands there, since her words may
tell what was told to her alone. Nor does what the artist wrote to her.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select

from presence.asking.answers import Answers
from presence.asking.contracts import Listener, Outcome
from presence.asking.tickets import Counter
from presence.database import Database
from presence.errors import UnknownQuestion, UnknownShare
from presence.sessions.tokens import new_token, well_formed
from presence.tables import questions, shared_answers
from presence.write_lane import WriteLane


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence that all may read, where it is from, and whether it is quoted word for word."""

    text: str
    title: str
    speaker: str
    url: str
    is_quoted: bool


@dataclass(frozen=True, slots=True)
class SharedAnswer:
    """A shared answer as a stranger reads it; without lines where nothing of it is open to all."""

    act: str
    asked_at: float  # Unix seconds
    lines: tuple[Line, ...]
    writer: str


class Shares:
    """Lets others see answers; thread-safe."""

    def __init__(
        self,
        database: Database,
        lane: WriteLane,
        counter: Counter,
        answers: Answers,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._lane = lane
        self._counter = counter
        self._answers = answers
        self._now = now

    def share(self, ident: str, listener: Listener) -> str:
        """Give the token of an answer that this listener may read now; raises `UnknownQuestion` for one unfinished."""
        asked = self._counter.readable(ident, listener)
        if asked.outcome is not Outcome.ANSWERED:
            raise UnknownQuestion
        return self._lane.run(lambda owner: _kept(owner, ident, new_token(), self._now()))

    def take_back(self, ident: str, listener: Listener) -> None:
        """Let nobody else see it any more; hers also where it is closed to herself by now."""
        asked = self._counter.transcripts.find(ident)
        if asked is None or asked.listener != listener.ident:
            raise UnknownQuestion
        gone = delete(shared_answers).where(shared_answers.c.question_id == ident)
        self._lane.run(lambda owner: owner.execute(gone))

    def token_of(self, ident: str) -> str | None:
        """Give the token of an answer that is shared."""
        query = select(shared_answers.c.token).where(shared_answers.c.question_id == ident)
        with self._database.records() as records:
            token: str | None = records.execute(query).scalar()
        return token

    def read(self, token: str) -> SharedAnswer:
        """Give what a stranger may read of it, or raise `UnknownShare`."""
        query = (
            select(questions.c.id, questions.c.act, questions.c.created_at, questions.c.writer)
            .join(shared_answers, shared_answers.c.question_id == questions.c.id)
            .where(shared_answers.c.token == token)
        )
        with self._database.records() as records:
            row = records.execute(query).first() if well_formed(token) else None
        if row is None:
            raise UnknownShare
        answer = self._answers.open_to_all(row.id)
        return SharedAnswer(row.act, row.created_at, () if answer is None else _lines(answer), row.writer)


def _kept(owner: Any, ident: str, token: str, at: float) -> str:
    before = owner.execute(select(shared_answers.c.token).where(shared_answers.c.question_id == ident)).scalar()
    if before is not None:
        return str(before)
    owner.execute(insert(shared_answers).values(question_id=ident, token=token, shared_at=at))
    return token


def _lines(answer: dict[str, Any]) -> tuple[Line, ...]:
    cited = {one["n"]: one for one in answer["citations"]}
    lines = []
    for sentence in answer["sentences"]:
        sources = [cited[n] for n in sentence["citations"] if n in cited]
        if sources and not any(one.get("withdrawn") for one in sources):
            first = sources[0]
            is_quoted = first["kind"] == "passage"
            lines.append(Line(sentence["text"], first["title"], first["speaker"], first["url"], is_quoted))
    return tuple(lines)
