"""What happened, noted once for each person who wants to hear of it, in the command in which it happens."""

import hashlib
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select

from presence.telling.kinds import AT_ONCE_ONLY, Channel, Choice, Kind
from presence.telling.listeners import insert_once
from presence.telling.tables import browsers, choices, due, events, listeners

DAY_SECONDS = 24 * 3600
DIGEST_HOUR = 16
"""In UTC: the evening of Europe, the morning of America."""
REMEMBERED_SECONDS = 400 * DAY_SECONDS
"""Longer than anything could come up again under the same name."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to one person; `about` makes it one of its own, `until` is in Unix seconds."""

    did: str
    kind: Kind
    about: str
    link: str
    at: float
    until: float

    @property
    def key(self) -> str:
        """Name it by what happened: the same twice is one."""
        return hashlib.sha256(f"{self.kind} {self.did} {self.about}".encode()).hexdigest()


def note(owner: Connection, event: Event) -> bool:
    """Note an event for who chose to hear of it; whether it is new. What she did not choose is not even kept."""
    choice = _choice(owner, event.did, event.kind)
    if choice.is_nothing:
        return False
    row = {name: getattr(event, name) for name in ("did", "kind", "about", "link", "at", "until")}
    if not insert_once(owner, events, {"key": event.key} | row):
        return False
    daily = choice.daily and event.kind not in AT_ONCE_ONLY
    due_at = next_digest(event.at) if daily else event.at
    for channel in choice.channels:
        if _is_reached(owner, event.did, channel):
            more = {"did": event.did, "daily": daily, "due_at": due_at}
            owner.execute(insert(due).values(event=event.key, channel=channel, **more))
    return True


def next_digest(now: float) -> float:
    """Give when the next digest goes out, in Unix seconds."""
    today = now - now % DAY_SECONDS + DIGEST_HOUR * 3600
    return today if now < today else today + DAY_SECONDS


def prune(owner: Connection, now: float) -> None:
    """Forget what happened more than a year ago."""
    owner.execute(delete(events).where(events.c.at < now - REMEMBERED_SECONDS))


def _choice(owner: Connection, did: str, kind: Kind) -> Choice:
    row = owner.execute(select(choices).where(choices.c.did == did, choices.c.kind == kind)).first()
    return Choice() if row is None else Choice(row.mail, row.push, row.daily)


def _is_reached(owner: Connection, did: str, channel: Channel) -> bool:
    if channel is Channel.MAIL:
        query = select(func.count()).where(listeners.c.did == did, listeners.c.address.is_not(None))
    else:
        query = select(func.count()).where(browsers.c.did == did)
    return bool(owner.execute(query).scalar_one())
