"""What each listener chose, and the links in her mails by which she stops it: without a session, with one press."""

import hmac
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from presence.database import Database
from presence.errors import UnknownStop
from presence.telling.kinds import AT_ONCE_ONLY, NOTHING, Channel, Choice, Kind
from presence.telling.listeners import ident_of
from presence.telling.tables import choices, due, events, listeners
from presence.telling.waiting import Waiting
from presence.write_lane import WriteLane
from trustgraph.sealing import Seal

ALL = "all"
MARK_CHARS = 32


@dataclass(frozen=True, slots=True)
class Choices:
    """Keeps them. `tier_of` says how far somebody is in; `waiting` is what a letter or a push waits in."""

    database: Database
    lane: WriteLane
    seal: Seal
    tier_of: Callable[[str], int]
    waiting: Mapping[Channel, Waiting[Any]]

    def of(self, did: str) -> dict[Kind, Choice]:
        """Give what somebody chose, for each kind; nothing is where she chose nothing."""
        with self.database.records() as records:
            rows = records.execute(select(choices).where(choices.c.did == did)).all()
        chosen = {row.kind: Choice(row.mail, row.push, row.daily) for row in rows}
        return {kind: chosen.get(kind, NOTHING) for kind in Kind}

    def choose(self, did: str, chosen: Mapping[Kind, Choice]) -> None:
        """Keep what she chose for these kinds; what waits for her by a way that she left is not sent any more."""
        tier = self.tier_of(did)

        def keep(owner: Connection) -> None:
            ident = ident_of(owner, did, tier)
            for kind, choice in chosen.items():
                owner.execute(delete(choices).where(choices.c.did == did, choices.c.kind == kind))
                if not choice.is_nothing:
                    daily = choice.daily and kind not in AT_ONCE_ONLY
                    row = {"mail": choice.mail, "push": choice.push, "daily": daily}
                    owner.execute(insert(choices).values(did=did, kind=kind, **row))
                for channel in Channel:
                    if channel not in choice.channels:
                        self._stopped(owner, did, ident, kind, channel)

        self.lane.run(keep)

    def stop_link(self, ident: str, kinds: Iterable[Kind] | None) -> str:
        """Give the page of ours that stops mails of these kinds, or of all."""
        named = ALL if kinds is None else ".".join(sorted(set(kinds)))
        return f"/telling/stop/{ident}/{named}/{self._mark(ident, named)}"

    def stopping(self, ident: str, named: str, mark: str) -> tuple[Kind, ...]:
        """Give the kinds that a link from a mail stops, or raise `UnknownStop`."""
        if not hmac.compare_digest(self._mark(ident, named).encode(), mark.encode()):
            raise UnknownStop
        return tuple(Kind) if named == ALL else tuple(Kind(kind) for kind in named.split("."))

    def stop(self, ident: str, named: str, mark: str) -> tuple[Kind, ...]:
        """Send no more mails of the kinds that a link names; give them. Raises `UnknownStop`."""
        kinds = self.stopping(ident, named, mark)

        def stop(owner: Connection) -> None:
            did = owner.execute(select(listeners.c.did).where(listeners.c.ident == ident)).scalar()
            if did is None:
                return  # she has left, and nothing is sent to her anyhow
            for kind in kinds:
                hers = choices.c.did == did, choices.c.kind == kind
                owner.execute(update(choices).where(*hers).values(mail=False))
                owner.execute(delete(choices).where(*hers, choices.c.push.is_(False)))
                self._stopped(owner, did, ident, kind, Channel.MAIL)
            if named == ALL:
                self.waiting[Channel.MAIL].take_back(owner, f"{ident} *")

        self.lane.run(stop)
        return kinds

    def _stopped(self, owner: Connection, did: str, ident: str, kind: Kind, channel: Channel) -> None:
        of_kind = select(events.c.key).where(events.c.did == did, events.c.kind == kind)
        owner.execute(delete(due).where(due.c.did == did, due.c.channel == channel, due.c.event.in_(of_kind)))
        self.waiting[channel].take_back(owner, about(ident, kind))

    def _mark(self, ident: str, named: str) -> str:
        return self.seal.name(f"{ident} {named}", "stop telling")[:MARK_CHARS]


def about(ident: str, kind: Kind | None) -> str:
    """Name what waits for somebody: of one kind, or of several in one letter."""
    return f"{ident} {kind or 'daily'}"
