"""Links by which the door lets people in: for so many, until a moment, as for the first hundred tonight.

The link's secret is kept only as its hash. A place is taken before anybody is let in, in one
command of the write lane, so that exactly as many come in as the link is for.
"""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from presence.database import Database
from presence.errors import InviteClosed, InviteExpired, InviteFull, InviteWrong, UnknownInvite
from presence.people.door import Door, LetIn
from presence.sessions.tokens import new_token, token_hash, well_formed
from presence.tables import invite_takers, invites
from presence.write_lane import WriteLane

LABEL_CHARS_MAX = 80
PEOPLE_MAX = 10_000
SECONDS_MAX = 366 * 24 * 3600
SHOWN_MAX = 200
TOLD_BY_THE_HOUR_S = 3 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Invite:
    """A link; `taken` people came by it so far."""

    ident: str
    label: str
    people_max: int
    taken: int
    made_at: float
    expires_at: float
    closed_at: float | None

    @property
    def ends_soon(self) -> bool:
        """Whether it was made for so short a time that its end is said with the hour."""
        return self.expires_at - self.made_at < TOLD_BY_THE_HOUR_S

    def refusal(self, now: float) -> InviteClosed | InviteExpired | InviteFull | None:
        """Say why nobody new comes in by it, or None while somebody may."""
        if self.closed_at is not None:
            return InviteClosed()
        if self.expires_at <= now:
            return InviteExpired()
        return InviteFull(self.people_max) if self.taken >= self.people_max else None


class Invites:
    """Makes links, takes people in by them, closes them."""

    def __init__(self, database: Database, lane: WriteLane, door: Door, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._lane = lane
        self._door = door
        self.now = now

    def make(self, label: str, *, people_max: int, seconds: float) -> tuple[Invite, str]:
        """Make a link; its secret is given here and never again. Raises `InviteWrong`."""
        label = " ".join(label.split())
        if not label.isprintable() or len(label) > LABEL_CHARS_MAX:
            raise InviteWrong(f"A label has at most {LABEL_CHARS_MAX} characters, and none that cannot be seen.")
        if not 1 <= people_max <= PEOPLE_MAX:
            raise InviteWrong(f"An invitation is for 1 to {PEOPLE_MAX:,} people.")
        if not 0 < seconds <= SECONDS_MAX:
            raise InviteWrong("An invitation lasts for a year at most.")
        now, token = self.now(), new_token()
        invite = Invite(secrets.token_hex(4), label, people_max, 0, now, now + seconds, None)
        row = {"id": invite.ident, "token_sha256": token_hash(token), "label": label, "people_max": people_max}
        when = {"made_at": now, "expires_at": invite.expires_at}
        self._lane.run(lambda owner: owner.execute(insert(invites).values(**row, **when)))
        return invite, token

    def find(self, token: str) -> Invite:
        """Give the invite that a link's secret opens, or raise `UnknownInvite`."""
        if well_formed(token) is None:
            raise UnknownInvite
        with self._database.records() as records:
            row = records.execute(_counted().where(invites.c.token_sha256 == token_hash(token))).first()
        if row is None:
            raise UnknownInvite
        return _invite(row)

    def all(self) -> list[Invite]:
        """Give the links, the newest first."""
        with self._database.records() as records:
            newest = _counted().order_by(invites.c.made_at.desc(), invites.c.id).limit(SHOWN_MAX)
            return [_invite(row) for row in records.execute(newest)]

    def has_taken(self, ident: str, did: str) -> bool:
        """Whether somebody has a place by this link."""
        query = select(invite_takers.c.did).where(*_place(ident, did))
        with self._database.records() as records:
            return records.execute(query).first() is not None

    def take(self, token: str, did: str) -> LetIn:
        """Let somebody in by a link; the same person takes one place, however often she comes.

        Raises `UnknownInvite`, `InviteClosed`, `InviteExpired`, `InviteFull`, and what the door raises.
        """
        invite = self.find(token)
        is_first = self._lane.run(lambda owner: _take_place(owner, invite.ident, did, self.now()))
        try:
            return self._door.let_in(did)
        except Exception:
            if is_first:  # nobody came in, so nobody has the place
                self._lane.run(lambda owner: owner.execute(delete(invite_takers).where(*_place(invite.ident, did))))
            raise

    def close(self, ident: str) -> Invite:
        """Let nobody more in by a link; raises `UnknownInvite`."""
        open_one = (invites.c.id == ident) & invites.c.closed_at.is_(None)
        shut = update(invites).where(open_one).values(closed_at=self.now())
        self._lane.run(lambda owner: owner.execute(shut))
        with self._database.records() as records:
            row = records.execute(_counted().where(invites.c.id == ident)).first()
        if row is None:
            raise UnknownInvite
        return _invite(row)


def _take_place(owner: Connection, ident: str, did: str, now: float) -> bool:
    """Take a place unless she has one; the row is locked, where several processes write."""
    owner.execute(select(invites.c.id).where(invites.c.id == ident).with_for_update())
    invite = _invite(owner.execute(_counted().where(invites.c.id == ident)).one())
    refusal = invite.refusal(now)
    has_one = owner.execute(select(invite_takers.c.did).where(*_place(ident, did))).first() is not None
    if refusal is not None and not (has_one and isinstance(refusal, InviteFull)):
        raise refusal
    if not has_one:
        owner.execute(insert(invite_takers).values(invite_id=ident, did=did, taken_at=now))
    return not has_one


def _place(ident: str, did: str) -> tuple[Any, Any]:
    return invite_takers.c.invite_id == ident, invite_takers.c.did == did


def _counted() -> Any:
    taken = select(func.count()).where(invite_takers.c.invite_id == invites.c.id).scalar_subquery()
    return select(invites, taken.label("taken"))


def _invite(row: Row[Any]) -> Invite:
    return Invite(row.id, row.label, row.people_max, row.taken, row.made_at, row.expires_at, row.closed_at)
