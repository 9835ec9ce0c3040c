"""Sessions of listeners who proved a key. A session knows who she is, never how far she may go."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update

from billing.plain import Plain, statement
from presence.database import Database
from presence.errors import SignInFirst
from presence.sessions.tokens import new_token, token_hash
from presence.tables import listener_sessions, questions
from presence.write_lane import WriteLane

SESSION_COOKIE = "presence_session"
KEY_SECONDS, KEY_IDLE_SECONDS = 12 * 3600, 3600
# Who came by mail has no key that could open the next session by itself.
MAIL_SECONDS, MAIL_IDLE_SECONDS = 30 * 24 * 3600, 14 * 24 * 3600
_SEEN_EVERY_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Session:
    """A session that is open: of whom, and whether the node holds her key (`mail`) or she does (`key`)."""

    name: str
    did: str
    how: str


_FOUND = statement("SELECT did, how, seen_at, expires_at FROM listener_sessions WHERE token_sha256 = :name")


class ListenerSessions:
    """Opens, finds and ends them."""

    def __init__(
        self,
        database: Database,
        lane: WriteLane,
        now: Callable[[], float] = time.time,
        taken_over: Callable[[Connection, str, str], None] = lambda _owner, _before, _did: None,
    ) -> None:
        self._database = database
        self._lane = lane
        self._now = now
        self._taken_over = taken_over  # called within the command that makes what was asked somebody's

    def begin(self, did: str, *, how: str = "key", asked_as: str | None = None) -> str:
        """Open a session and give its secret; what was asked without a key (`asked_as`) is hers from now on."""
        secret, now = new_token(), self._now()
        seconds = KEY_SECONDS if how == "key" else MAIL_SECONDS
        row = {"did": did, "how": how, "began_at": now, "seen_at": now, "expires_at": now + seconds}

        def open_it(owner: Connection) -> None:
            owner.execute(delete(listener_sessions).where(listener_sessions.c.expires_at < now))
            owner.execute(insert(listener_sessions).values(token_sha256=token_hash(secret), **row))
            if asked_as is not None:
                take_over(owner, asked_as, did)
                self._taken_over(owner, asked_as, did)

        self._lane.run(open_it)
        return secret

    def find(self, secret: str | None, *, is_there: bool = True) -> Session | None:
        """Give the session of a secret while it is open; unless only a page is, somebody was there just now."""
        if secret is None:
            return None
        name, now = token_hash(secret), self._now()
        with self._database.records() as records:
            row = Plain(records).row(_FOUND, name=name)
        if row is None:
            return None
        did, how, seen_at, expires_at = row
        if expires_at <= now or seen_at + _idle_seconds(how) <= now:
            return None
        if is_there and seen_at + _SEEN_EVERY_SECONDS <= now:
            seen = update(listener_sessions).where(listener_sessions.c.token_sha256 == name).values(seen_at=now)
            self._lane.offer(lambda owner: owner.execute(seen))
        return Session(name, did, how)

    def must_be_open(self, owner: Connection, name: str, did: str) -> None:
        """Raise `SignInFirst`, within a command, where somebody's session is over: she left, or was signed out."""
        row = Plain(owner).row(_FOUND, name=name)
        if row is None or row[0] != did or row[3] <= self._now():
            raise SignInFirst

    def end(self, secret: str) -> None:
        """End a session at once."""
        gone = delete(listener_sessions).where(listener_sessions.c.token_sha256 == token_hash(secret))
        self._lane.run(lambda owner: owner.execute(gone), ends=True)

    def end_all(self, did: str) -> None:
        """End every session of a key, on all devices."""
        gone = delete(listener_sessions).where(listener_sessions.c.did == did)
        self._lane.run(lambda owner: owner.execute(gone), ends=True)


def _idle_seconds(how: str) -> int:
    return KEY_IDLE_SECONDS if how == "key" else MAIL_IDLE_SECONDS


def take_over(owner: Connection, before: str, did: str) -> None:
    """Make the questions of one listener those of another; a key of a request that both used stays with the latter."""
    used = select(questions.c.idempotency_key).where(
        questions.c.listener == did, questions.c.idempotency_key.is_not(None)
    )
    hers = questions.c.listener == before
    owner.execute(update(questions).where(hers, questions.c.idempotency_key.in_(used)).values(idempotency_key=None))
    owner.execute(update(questions).where(hers).values(listener=did))
