"""What may be asked in a day, and in one conversation. Counted in the database: every process and every restart knows.

A day begins at midnight UTC. An answer that is being written counts with as many sentences as it may
become; one that was begun is finished whole.
"""

import math
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, delete, func, select, text

from presence.asking.contracts import HERSELF, Listener, TermsOfAsking
from presence.errors import AddressUsedUp, ConversationFull, SentencesUsedUp, TooManyToday
from presence.tables import answer_events, client_days, questions

DAY_SECONDS = 24 * 3600
_ONE_MORE = text(
    """INSERT INTO client_days (client, day, questions) VALUES (:client, :day, 1)
 ON CONFLICT (client, day) DO UPDATE SET questions = client_days.questions + 1 WHERE client_days.questions < :most"""
)
_IN_TURN = text("SELECT pg_advisory_xact_lock(hashtextextended(:whose, 0))")


@dataclass(frozen=True, slots=True)
class DayLimits:
    """How much may be asked; None is no limit."""

    questions: int | None = None
    sentences: int | None = None
    answer_sentences: int = 0
    """How long one answer may become."""
    turns: int | None = None
    from_client: int | None = None
    """Questions in a day of everybody who asks from one address, where whoever asks is not let in by anybody."""

    def check(self, owner: Connection, listener: Listener, conversation: str | None, now: float) -> None:
        """Count one question more, or raise `TooManyToday` or one of its kin; `now` is in Unix seconds."""
        if self.turns is not None and conversation is not None:
            _check_turns(owner, listener.ident, conversation, self.turns)
        if (self.questions, self.sentences, self.from_client) == (None, None, None):
            return
        if owner.dialect.name == "postgresql":  # elsewhere there is one writer
            owner.execute(_IN_TURN, {"whose": listener.ident})
        left = math.ceil(DAY_SECONDS - now % DAY_SECONDS)
        since, by_machine = now - now % DAY_SECONDS, questions.c.writer != HERSELF
        today = and_(questions.c.listener == listener.ident, questions.c.created_at >= since, by_machine)
        if self.questions is not None and _count(owner, today) >= self.questions:
            raise TooManyToday(self.questions, left)
        if self.sentences is not None and self._sentences(owner, today) >= self.sentences:
            raise SentencesUsedUp(self.sentences, left)
        if self.from_client is not None and listener.client is not None:
            _count_client(owner, listener.client, int(now // DAY_SECONDS), self.from_client, left)

    def _sentences(self, owner: Connection, today: ColumnElement[bool]) -> int:
        begun = _count(owner, and_(today, questions.c.outcome.is_(None)))
        said = (
            select(func.count())
            .select_from(answer_events.join(questions, questions.c.id == answer_events.c.question_id))
            .where(today, questions.c.outcome.is_not(None), answer_events.c.kind == "sentence")
        )
        return begun * self.answer_sentences + int(owner.execute(said).scalar_one())


def day_limits(
    terms: TermsOfAsking, listener: Listener, *, is_let_in: bool, turns_max: int, people_per_address: int
) -> DayLimits:
    """Give what holds for somebody: of her tier, of the key that she asks by, and of the address that she asks from."""
    of_tier = terms.questions_per_day
    limits = [limit for limit in (of_tier, listener.questions_per_day) if limit is not None]
    return DayLimits(
        min(limits, default=None),
        terms.sentences_per_day,
        terms.sentences,
        turns_max,
        None if is_let_in or of_tier is None else of_tier * people_per_address,
    )


def _check_turns(owner: Connection, listener: str, conversation: str, turns_max: int) -> None:
    if _count(owner, and_(questions.c.listener == listener, questions.c.conversation == conversation)) >= turns_max:
        raise ConversationFull(turns_max)


def _count(owner: Connection, which: ColumnElement[bool]) -> int:
    return int(owner.execute(select(func.count()).select_from(questions).where(which)).scalar_one())


def _count_client(owner: Connection, client: str, day: int, most: int, left: int) -> None:
    """Clients go by names that tell nothing of them, and none is kept longer than its day."""
    if not owner.execute(_ONE_MORE, {"client": client, "day": day, "most": most}).rowcount:
        raise AddressUsedUp(left)
    owner.execute(delete(client_days).where(client_days.c.day < day))
