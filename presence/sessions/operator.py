"""The operator's way in: a one-time token printed by the node, never the fact of being on loopback.

The token becomes a session; the session may look through the eyes of any tier.
"""

import secrets
import threading
import time
from collections.abc import Callable

from sqlalchemy import Connection, delete, insert, select, update

from presence.asking.contracts import Listener
from presence.database import Database
from presence.errors import NotSignedIn, TokenSpent
from presence.sessions.tokens import token_hash
from presence.tables import sessions
from presence.write_lane import WriteLane
from trustgraph import Tier

OPERATOR_COOKIE = "presence_operator"
SESSION_SECONDS = 12 * 3600
TOKEN_SECONDS = 24 * 3600
LOCAL_OPERATOR = "operator at this machine"


class Operator:
    """Tokens live in memory and end with the process; sessions live in the database."""

    def __init__(self, database: Database, lane: WriteLane, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._lane = lane
        self._now = now
        self._tokens: dict[str, float] = {}
        self._lock = threading.Lock()

    def new_token(self) -> str:
        """Make a sign-in token that works once."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._tokens[token_hash(token)] = self._now() + TOKEN_SECONDS
        return token

    def sign_in(self, token: str) -> str:
        """Spend a token; give the new session's secret, or raise `TokenSpent`."""
        with self._lock:
            expires_at = self._tokens.pop(token_hash(token), 0.0)
        if expires_at < self._now():
            raise TokenSpent
        secret = secrets.token_urlsafe(32)
        row = {
            "token_sha256": token_hash(secret),
            "preview_tier": int(Tier.PUBLIC),
            "expires_at": self._now() + SESSION_SECONDS,
        }

        def begin(owner: Connection) -> None:
            owner.execute(delete(sessions).where(sessions.c.expires_at < self._now()))
            owner.execute(insert(sessions).values(**row))

        self._lane.run(begin)
        return secret

    def sign_out(self, secret: str) -> None:
        """End a session at once."""
        self._lane.run(
            lambda owner: owner.execute(delete(sessions).where(sessions.c.token_sha256 == token_hash(secret)))
        )

    def session(self, secret: str | None) -> str | None:
        """Give the session's name when the secret is of a live one."""
        if secret is None:
            return None
        name = token_hash(secret)
        return name if self._preview(name) is not None else None

    def is_live(self, session: str) -> bool:
        """Whether a session, by its name, has not ended."""
        return self._preview(session) is not None

    def look_as(self, session: str | None, tier: Tier) -> None:
        """See from now on what this tier may see."""
        if session is None or self._preview(session) is None:
            raise NotSignedIn
        change = update(sessions).where(sessions.c.token_sha256 == session).values(preview_tier=int(tier))
        self._lane.run(lambda owner: owner.execute(change))

    def previewed(self, session: str) -> int:
        """Give the tier through whose eyes a session looks; `public` for one that has ended."""
        tier = self._preview(session)
        return int(Tier.PUBLIC) if tier is None else tier

    def _preview(self, session: str) -> int | None:
        query = select(sessions.c.preview_tier).where(
            sessions.c.token_sha256 == session, sessions.c.expires_at > self._now()
        )
        with self._database.records() as records:
            return records.execute(query).scalar()


class LocalSessions:
    """Sessions of the person at this machine's terminal, who came in over the home's own socket."""

    def __init__(self, operator: Operator) -> None:
        self._operator = operator

    def listener_as(self, tier: Tier) -> Listener:
        """Give a listener who looks through the eyes of a tier."""
        session = self._operator.session(self._operator.sign_in(self._operator.new_token()))
        self._operator.look_as(session, tier)
        return Listener(LOCAL_OPERATOR, session)
