"""The room of stepping in: the artist looks in where she may, takes a conversation over, and hands it back.

What she takes over is settled at once: no machine adds to it, nothing is charged for it, and it waits for her. It
ends when she says so, when she hands back, when she is not heard of for a while, or when the listener has enough.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError

from presence.asking import herself
from presence.asking.contracts import Outcome
from presence.asking.desk import Desk, News
from presence.asking.question import cleaned
from presence.database import Database
from presence.errors import LineWrong, NotShown, QuestionEmpty, QuestionTooLong, ShutOut
from presence.stepping_in import consent, holding
from presence.stepping_in.consent import May
from presence.stepping_in.lamp import Lamp
from presence.stepping_in.lookout import Lookout
from presence.stepping_in.tables import held
from presence.stepping_in.watching import NamesOf, Watched, watched
from presence.tables import questions
from presence.write_lane import WriteLane

T = TypeVar("T")
LINE_CHARS_MAX = 2_000
TRIES_MAX = 3
CHANGED = "stepping in"
"""What is announced whenever she, or a listener, did something here."""


@dataclass(frozen=True, slots=True)
class Here:
    """What a listener is told of a conversation of hers: whether the artist is in it, and where she answers."""

    is_hers: bool
    open_turn: str | None = None
    begun: tuple[str, ...] = ()
    """The turns that she began herself, the oldest first; an open one among them."""


class SteppingIn:
    """One per process; thread-safe."""

    def __init__(
        self,
        database: Database,
        lane: WriteLane,
        desk: Callable[[], Desk],
        news: News,
        lamp: Lamp,
        tier_of: Callable[[str], int | None],
        names_of: NamesOf,
        called: Callable[[], str],
        now: Callable[[], float] = time.time,
    ) -> None:
        self.lamp = lamp
        self._database, self._lane, self._desk, self._news = database, lane, desk, news
        self._tier_of, self._names_of, self._called, self.now = tier_of, names_of, called, now
        self.lookout = Lookout(self.look)

    @property
    def artist(self) -> str:
        """What she is called now."""
        return self._called()

    def choose(self, listener: str, may: May, conversation: str | None) -> None:
        """Keep where a listener lets the artist look in; where she may no longer, she is out at once."""

        def choose(owner: Connection) -> list[str]:
            now = self.now()
            consent.choose(owner, listener, may, conversation, now)
            of_hers = select(held.c.conversation).join(questions, questions.c.id == held.c.conversation)
            theirs = owner.execute(of_hers.where(questions.c.listener == listener)).scalars().all()
            shut = [one for one in theirs if consent.chosen(owner, listener, one) is May.NOWHERE]
            return [ended for one in shut for ended in holding.let_go(owner, one, listener, self.artist, now)]

        self._tell(self._lane.run(choose, ends=may is May.NOWHERE))

    def chosen(self, listener: str, conversation: str | None = None) -> May:
        """Give where a listener lets the artist look in."""
        with self._database.records() as records:
            return consent.chosen(records, listener, conversation)

    def here(self, listener: str, conversation: str) -> Here:
        """Say whether the artist is in a listener's conversation."""
        with self._database.records() as records:
            is_hers = holding.held_now(records, conversation, self.now()) is not None
            waiting = holding.open_turns(records, listener, conversation) if is_hers else ()
            begun = holding.begun_turns(records, listener, conversation)
        return Here(is_hers, waiting[-1] if waiting else None, begun)

    def watched(self) -> list[Watched]:
        """Give the conversations that she may see, in which somebody asked lately; the newest first."""
        with self._database.records() as records:
            return watched(records, self._names_of, self.now())

    def one(self, conversation: str) -> Watched:
        """Give one of them, however old, or raise `NotShown`."""
        with self._database.records() as records:
            return self._shown(records, conversation)

    def take(self, conversation: str, session: str) -> None:
        """Take a conversation over; what is being written in it stops, and is free.

        Raises `NotShown`, `HeldByAnother`, and `ShutOut` where the listener may read less than what was asked last.
        """
        self._must_reach(conversation)

        def take(owner: Connection) -> list[str]:
            now, seen = self.now(), self._shown(owner, conversation)
            holding.hold(owner, conversation, session, now)
            running = holding.open_turns(owner, seen.listener, conversation)
            waiting = [one for one in running if not herself.is_waiting(owner, one)]
            return [one for one in waiting if herself.take_over(owner, one, self.artist, now)]

        taken = self._tried(take)
        for ident in taken:
            self._desk().break_off(ident)
        self._tell(taken)

    def say(self, conversation: str, session: str, text: str, *, ends: bool = False) -> None:
        """Write a line to the listener; `ends` lets her go on.

        Where nothing waits for an answer, the artist begins a turn of her own. Raises `NotHeld`, `NotShown`,
        `ShutOut`, `LineWrong`.
        """
        words = _line(text)
        try:
            self._must_reach(conversation)
        except ShutOut:
            self._let_go(conversation, Outcome.REVOKED)
            raise

        def say(owner: Connection) -> str:
            now = self.now()
            holding.must_hold(owner, conversation, session, now)
            seen = self._shown(owner, conversation)
            waiting = holding.open_turns(owner, seen.listener, conversation)
            ident = (
                waiting[-1]
                if waiting
                else herself.begin_turn(owner, seen.listener, conversation, seen.tier, self.artist, now)
            )
            herself.say(owner, ident, self.artist, words, now)
            if ends:
                self._end_turns(owner, seen, now)
            return ident

        self._tell([self._tried(say)])

    def finish(self, conversation: str, session: str) -> None:
        """Let the listener go on, and stay; raises `NotHeld`, `NotShown`."""

        def finish(owner: Connection) -> Sequence[str]:
            now = self.now()
            holding.must_hold(owner, conversation, session, now)
            return self._end_turns(owner, self._shown(owner, conversation), now)

        self._tell(self._lane.run(finish))

    def hand_back(self, conversation: str, session: str) -> None:
        """Let the presence answer again; raises `NotHeld`."""

        def hand_back(owner: Connection) -> list[str]:
            now = self.now()
            holding.must_hold(owner, conversation, session, now)
            return holding.let_go(owner, conversation, _listener(owner, conversation), self.artist, now)

        self._tell(self._lane.run(hand_back))

    def keep(self, session: str) -> None:
        """Note that a session of the studio is there: what it holds it holds on, and the lamp burns on."""
        now = self.now()
        with self._database.records() as records:
            hers = select(held.c.until).where(held.c.session == session, held.c.until > now)
            until = records.execute(hers.order_by(held.c.until)).scalar()
        if until is not None and until < now + holding.HELD_SECONDS / 2:
            self._lane.run(lambda owner: holding.keep(owner, session, now))
        self.lamp.keep()

    def is_held(self, owner: Connection, conversation: str) -> bool:
        """Whether questions of a conversation wait for her."""
        return holding.held_now(owner, conversation, self.now()) is not None

    def wait(self, owner: Connection, question: str) -> None:
        """Let a question that was just kept wait for her."""
        herself.take_over(owner, question, self.artist, self.now())

    def look(self) -> int:
        """Hand back what nobody holds any more, and end what may not be read any more; give how many conversations."""
        with self._database.records() as records:
            rows = records.execute(select(held)).all()
            mine = [(row, self._watched(records, row.conversation)) for row in rows]
        over = {row.conversation: row.until for row, seen in mine if row.until <= self.now() or seen is None}
        shut = [row.conversation for row, seen in mine if seen is not None and not self._reaches(seen)]
        for conversation, until in over.items():
            self._let_go(conversation, held_until=until)
        for conversation in shut:
            self._let_go(conversation, Outcome.REVOKED)
        return len({*over, *shut})

    def _end_turns(self, owner: Connection, seen: Watched, now: float) -> list[str]:
        waiting = holding.open_turns(owner, seen.listener, seen.ident)
        return [one for one in waiting if herself.end(owner, one, self.artist, now) is not None]

    def _let_go(self, conversation: str, as_outcome: Outcome | None = None, *, held_until: float | None = None) -> None:
        """Hand it back, whoever holds it; with `held_until`, unless she was heard of since."""

        def let_go(owner: Connection) -> list[str]:
            until = owner.execute(select(held.c.until).where(held.c.conversation == conversation)).scalar()
            if held_until is not None and until != held_until:
                return []
            listener = _listener(owner, conversation)
            return holding.let_go(owner, conversation, listener, self.artist, self.now(), as_outcome)

        self._tell(self._lane.run(let_go, ends=True))

    def _shown(self, connection: Connection, conversation: str) -> Watched:
        seen = self._watched(connection, conversation)
        if seen is None:
            raise NotShown
        return seen

    def _watched(self, connection: Connection, conversation: str) -> Watched | None:
        return next(iter(watched(connection, self._names_of, self.now(), conversation)), None)

    def _must_reach(self, conversation: str) -> None:
        """Raise `ShutOut` or `NotShown`. Never within a command: trust may wait for the lane itself."""
        if not self._reaches(self.one(conversation)):
            raise ShutOut

    def _reaches(self, seen: Watched) -> bool:
        tier = self._tier_of(seen.listener)
        return tier is None or tier >= seen.tier

    def _tried(self, command: Callable[[Connection], T]) -> T:
        """Run a command; where another process added a step in the same moment, again."""
        for _ in range(TRIES_MAX - 1):
            try:
                return self._lane.run(command)
            except IntegrityError:
                continue
        return self._lane.run(command)

    def _tell(self, idents: Sequence[str]) -> None:
        for ident in idents:
            self._news.announce(ident)
        self._news.announce(CHANGED)


def _line(text: str) -> str:
    try:
        return cleaned(text, LINE_CHARS_MAX)
    except (QuestionEmpty, QuestionTooLong) as error:
        raise LineWrong(LINE_CHARS_MAX) from error


def _listener(connection: Connection, conversation: str) -> str:
    """Give whose conversation it is; "" where it was deleted."""
    whose = select(questions.c.listener).where(questions.c.id == conversation)
    return str(connection.execute(whose).scalar() or "")
