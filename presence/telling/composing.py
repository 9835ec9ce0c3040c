"""Makes letters and pushes of what is due: each of it once, whichever process does it.

What is due goes away in the same command in which its letter comes to lie in the outbox.
"""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Row, delete, select, update

from presence.database import Database
from presence.sessions.origins import Origins
from presence.telling.addresses import Addresses
from presence.telling.browsers import Browsers
from presence.telling.choices import Choices, about
from presence.telling.events import Event
from presence.telling.hearing import Hearing, May
from presence.telling.kinds import Channel, Kind
from presence.telling.listeners import row_of
from presence.telling.outbox import Outbox
from presence.telling.push import Push
from presence.telling.tables import due, events
from presence.telling.waiting import Waiting
from presence.telling.words import Stop, Words
from presence.write_lane import WriteLane

BATCH_MAX = 500
LOOK_AGAIN_SECONDS = 1800
PAGE = "/telling"


@dataclass(frozen=True, slots=True)
class Group:
    """What goes into one letter, or one push."""

    did: str
    channel: Channel
    kind: Kind | None
    """None for a digest."""
    rows: tuple[Row[tuple[object, ...]], ...]

    @property
    def keys(self) -> list[str]:
        return [str(row.key) for row in self.rows]


@dataclass(frozen=True, slots=True)
class Composing:
    """Writes."""

    database: Database
    lane: WriteLane
    choices: Choices
    addresses: Addresses
    browsers: Browsers
    hearing: Hearing
    words: Words
    origins: Origins
    outbox: Outbox
    pushes: Waiting[Push]
    now: Callable[[], float]

    def compose_due(self) -> int:
        """Write what is due; give how many letters and pushes it became."""
        written = sum(self._write(group) for group in self._groups())
        if written:
            self.outbox.wake()
            self.pushes.wake()
        return written

    def _groups(self) -> list[Group]:
        query = (
            select(due.c.channel, due.c.daily, events)
            .join(events, events.c.key == due.c.event)
            .where(due.c.due_at <= self.now())
            .order_by(due.c.did, due.c.channel, due.c.daily, events.c.kind, events.c.at)
            .limit(BATCH_MAX)
        )
        with self.database.records() as records:
            rows = records.execute(query).all()
        grouped = itertools.groupby(rows, lambda row: (row.did, row.channel, None if row.daily else row.kind))
        return [
            Group(did, Channel(channel), Kind(kind) if kind else None, tuple(its))
            for (did, channel, kind), its in grouped
        ]

    def _write(self, group: Group) -> int:
        """Write one letter, or the pushes to all of her browsers."""
        now = self.now()
        verdicts = {row.key: self.hearing.may(_event(row), now) for row in group.rows}
        # By the key that it was noted under: her own key may have changed since.
        tells = {row.key: _event(row) for row in group.rows if verdicts[row.key] is May.TELL}
        keep = self._letter(group) if group.channel is Channel.MAIL else self._pushes(group)
        if tells and keep is None:
            return 0  # sealed with another process's secret: that one writes it

        def write(owner: Connection) -> int:
            hers = due.c.event.in_(group.keys), due.c.channel == group.channel
            waits = [key for key, verdict in verdicts.items() if verdict is May.WAIT]
            later = update(due).where(*hers, due.c.event.in_(waits), due.c.due_at <= now)
            owner.execute(later.values(due_at=now + LOOK_AGAIN_SECONDS))
            gone = delete(due).where(*hers, due.c.event.not_in(waits)).returning(due.c.event)
            taken = set(owner.execute(gone).scalars())
            told = [event for key, event in tells.items() if key in taken]
            return keep(owner, told) if told and keep is not None else 0

        return self.lane.run(write)

    def _letter(self, group: Group) -> "Callable[[Connection, Sequence[Event]], int] | None":
        with self.database.records() as records:
            row = row_of(records, group.did)
        address = self.addresses.opened(row.ident, row.address) if row is not None else None
        if row is None or address is None:
            return None
        ident = str(row.ident)

        def keep(owner: Connection, told: Sequence[Event]) -> int:
            kinds = list(dict.fromkeys(event.kind for event in told))
            origin = self.origins.first
            stops = [Stop(kind, origin + self.choices.stop_link(ident, [kind])) for kind in kinds]
            stops.append(Stop(None, origin + self.choices.stop_link(ident, None)))
            one_click = origin + self.choices.stop_link(ident, kinds)
            letter = self.words.letter(address, told, origin, stops, one_click)
            self.outbox.keep(owner, letter, of_use_seconds=self._of_use(told), about=about(ident, group.kind))
            return 1

        return keep

    def _pushes(self, group: Group) -> "Callable[[Connection, Sequence[Event]], int] | None":
        browsers = self.browsers.of(group.did)
        with self.database.records() as records:
            row = row_of(records, group.did)
        if row is None or not browsers:
            return None
        ident = str(row.ident)

        def keep(owner: Connection, told: Sequence[Event]) -> int:
            links = {event.link for event in told}
            title, link = self.words.pushed(told), links.pop() if len(links) == 1 else PAGE
            is_urgent = any(event.kind is Kind.SHE_IS_HERE for event in told)
            for one in browsers:
                push = Push(one.ident, one.endpoint, one.p256dh, one.auth, title, link, is_urgent)
                self.pushes.keep(owner, push, of_use_seconds=self._of_use(told), about=about(ident, group.kind))
            return len(browsers)

        return keep

    def _of_use(self, told: Sequence[Event]) -> float:
        return max(event.until for event in told) - self.now()


def _event(row: Row[tuple[object, ...]]) -> Event:
    return Event(row.did, Kind(row.kind), row.about, row.link, row.at, row.until)
