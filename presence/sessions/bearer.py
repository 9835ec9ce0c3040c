"""Keys for programs and for embedded rooms: they speak for a did, up to a tier, for a while, until revoked.

The secret is told once and kept only as its hash. How far it opens is computed at each request, from
what the did is granted then. A key of an embedded room is for pages of one origin, for 15 minutes.
"""

import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from presence.database import Database
from presence.errors import BearerWrong, TooManyKeys, UnknownKey
from presence.sessions.tokens import new_token, token_hash, well_formed
from presence.tables import bearer_keys
from presence.write_lane import WriteLane
from trustgraph import Tier

PREFIX = "pk_"
ANYBODY = "public"
"""What a program sends that has no key but has to send one, as many do: it is nobody’s, and opens what all may read."""
KEYS_MAX = 20
LABEL_CHARS_MAX = 80
DAY_SECONDS = 24 * 3600
DAYS_MAX = 366
EMBED_SECONDS = 15 * 60
KEPT_SECONDS = 30 * DAY_SECONDS
"""So long an expired key of a program is still shown."""


class KeyMadeAlready(Exception):
    """There is a key of this name, live or over."""


@dataclass(frozen=True, slots=True)
class BearerKey:
    """What is known of a key; never its secret."""

    ident: str
    did: str
    label: str
    kind: str  # program, embed
    tier_max: int
    questions_per_day: int | None
    origin: str | None
    made_at: float
    expires_at: float
    revoked_at: float | None
    spend_micros_per_day: int | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a key is asked for to open at most."""

    label: str
    seconds: float
    tier_max: int = int(Tier.INNER)
    questions_per_day: int | None = None
    origin: str | None = None  # an embedded room's
    spend_micros_per_day: int | None = None


def carried(authorizations: Sequence[str]) -> str | None:
    """Give the bearer that a request carries in its `Authorization`, however wrong; None where there is none."""
    schemes = [value.partition(" ") for value in authorizations]
    tokens = [token.strip() for scheme, _, token in schemes if scheme.lower() == "bearer"]
    return None if not tokens else tokens[0] if len(authorizations) == 1 else ""


class BearerKeys:
    """Makes, finds and revokes them."""

    def __init__(self, database: Database, lane: WriteLane, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._lane = lane
        self._now = now

    def make(
        self,
        did: str,
        wanted: Wanted,
        ident: str | None = None,
        *,
        if_still: Callable[[Connection], object] = lambda _owner: None,
    ) -> tuple[BearerKey, str]:
        """Give a new key and its secret, or raise `TooManyKeys`; `KeyMadeAlready` where one has this `ident`.

        `if_still` is called within the command that keeps it, and may refuse.
        """
        secret, now = PREFIX + new_token(), self._now()
        key = BearerKey(
            ident or secrets.token_urlsafe(12),
            did,
            wanted.label,
            "program" if wanted.origin is None else "embed",
            wanted.tier_max,
            wanted.questions_per_day,
            wanted.origin,
            now,
            now + wanted.seconds,
            None,
            wanted.spend_micros_per_day,
        )

        def keep(owner: Connection) -> None:
            owner.execute(delete(bearer_keys).where(_gone(now)))
            if owner.execute(select(bearer_keys.c.id).where(bearer_keys.c.id == key.ident)).first() is not None:
                raise KeyMadeAlready
            if_still(owner)
            live = select(func.count()).select_from(bearer_keys).where(bearer_keys.c.did == did, _live(now))
            if owner.execute(live).scalar_one() >= KEYS_MAX:
                raise TooManyKeys(KEYS_MAX)
            row = {name: getattr(key, name) for name in BearerKey.__slots__ if name != "ident"}
            owner.execute(insert(bearer_keys).values(id=key.ident, token_sha256=token_hash(secret), **row))

        try:
            self._lane.run(keep)
        except IntegrityError as error:  # another process made it in the same moment
            raise KeyMadeAlready from error
        return key, secret

    def find(self, secret: str, origin: str | None) -> BearerKey:
        """Give the key of a secret while it is live and used from where it is for, or raise `BearerWrong`."""
        if not secret.startswith(PREFIX) or well_formed(secret.removeprefix(PREFIX)) is None:
            raise BearerWrong
        found = self._all(bearer_keys.c.token_sha256 == token_hash(secret), _live(self._now()))
        if not found or (found[0].origin is not None and found[0].origin != origin):
            raise BearerWrong
        return found[0]

    def must_have_room(self, did: str) -> None:
        """Raise `TooManyKeys` where she has as many as one may have."""
        if len(self._all(bearer_keys.c.did == did, _live(self._now()))) >= KEYS_MAX:
            raise TooManyKeys(KEYS_MAX)

    def live_of(self, did: str) -> list[BearerKey]:
        """Give the keys of her programs that open something now, the newest first."""
        mine = bearer_keys.c.did == did, bearer_keys.c.kind == "program"
        return self._all(*mine, _live(self._now()))

    def of(self, did: str) -> list[BearerKey]:
        """Give everything that somebody has made and that is not forgotten yet, the newest first."""
        return self._all(bearer_keys.c.did == did, ~_gone(self._now()))

    def revoke(self, did: str, ident: str) -> None:
        """End a key of hers at once, or raise `UnknownKey`."""
        hers = and_(bearer_keys.c.id == ident, bearer_keys.c.did == did)
        end = update(bearer_keys).where(hers, bearer_keys.c.revoked_at.is_(None)).values(revoked_at=self._now())
        self._lane.run(lambda owner: owner.execute(end))
        if not self._all(hers):
            raise UnknownKey

    def embedded_in(self, origin: str) -> bool:
        """Whether a room is embedded in pages of this origin now."""
        return bool(self._all(bearer_keys.c.origin == origin, _live(self._now())))

    def _all(self, *which: ColumnElement[bool]) -> list[BearerKey]:
        query = select(bearer_keys).where(*which).order_by(bearer_keys.c.made_at.desc())
        with self._database.records() as records:
            return [_key(row) for row in records.execute(query)]


def _key(row: Row[Any]) -> BearerKey:
    return BearerKey(row.id, **{name: getattr(row, name) for name in BearerKey.__slots__ if name != "ident"})


def _live(now: float) -> ColumnElement[bool]:
    return and_(bearer_keys.c.revoked_at.is_(None), bearer_keys.c.expires_at > now)


def _gone(now: float) -> ColumnElement[bool]:
    """What nobody has to see any more: old keys of programs, and those of rooms as soon as they end."""
    ends = bearer_keys.c.expires_at
    return or_(ends <= now - KEPT_SECONDS, and_(bearer_keys.c.kind == "embed", ends <= now))
