"""Looks for what happened that nobody says by itself: who was let in, whose time ends, whose renewal failed.

It is read from what is there, not from messages, so that a process that was away misses nothing; and each of it
has a name, so that two processes that see it at once tell it once.
"""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from sqlalchemy import Connection, select, update

from billing.cards import Subscription, Subscriptions
from presence.database import Database
from presence.telling.events import DAY_SECONDS, Event, note
from presence.telling.kinds import Kind
from presence.telling.tables import choices, events, listeners
from presence.write_lane import WriteLane
from trustgraph import GrantLog, Tier

SOON_SECONDS = 7 * DAY_SECONDS
LET_IN_SECONDS = 30 * DAY_SECONDS
FAILED_SECONDS = 7 * DAY_SECONDS
TIERS = "/tiers"
UNKNOWN = -1
"""Of somebody who was first asked while the log of trust was in doubt."""


@dataclass(frozen=True, slots=True)
class Renewals:
    """Says how subscriptions stand; None is a node that takes no cards, and has none."""

    subscriptions: Subscriptions | None

    def behind(self) -> list[Subscription]:
        """Give the subscriptions whose renewal fails."""
        return self.subscriptions.behind() if self.subscriptions is not None else []

    def is_behind(self, did: str) -> bool:
        """Whether a renewal of somebody's subscription fails."""
        return any(one.owner == did for one in self.behind())

    def go_on(self, did: str) -> bool:
        """Whether somebody's subscription renews itself, or tells in its own way that it does not."""
        hers = self.subscriptions.of_owner(did) if self.subscriptions is not None else []
        return any(one.is_live and not one.ends for one in hers)


@dataclass
class Looks:
    """One per process."""

    database: Database
    lane: WriteLane
    trust: GrantLog
    tier_of: Callable[[str], int]
    renewals: Renewals
    now: Callable[[], float]
    _seen: int = 0
    _ends_at: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def look(self) -> int:
        """Note what is new; give how much it was."""
        with self._lock:
            found = self._let_in() + self._behind()
            if self._ends_at <= self.now():
                found += self._ends_soon()
                self._ends_at = self.now() + DAY_SECONDS
            return found

    # --- who was let in ---

    def _let_in(self) -> int:
        """Compare the tier of everybody whom new entries of the log are about with the tier that was known."""
        head, _ = self.trust.head
        if self.trust.doubt is not None or head == self._seen:
            return 0
        found = sum(self._compare(did) for did in self._concerned())
        self._seen = head
        return found

    def _concerned(self) -> set[str]:
        """Give who is concerned by what is new in the log; at a process's first look, and once a day, everybody."""
        with self.database.records() as records:
            known = set(records.execute(select(listeners.c.did)).scalars())
        if not self._seen or self._ends_at <= self.now():
            return known
        new = list(self.trust.entries(self._seen))
        if any(entry.kind == "revoke" for entry in new):
            return known
        # Those who come in by somebody whose own grant is new are found by the daily look.
        return known & {getattr(entry.document, "sub", "") for entry in new}

    def _compare(self, did: str) -> bool:
        tier, at = self.tier_of(did), self.now()
        event = Event(did, Kind.LET_IN, f"{self.trust.tier_of(did).grant}", TIERS, at, at + LET_IN_SECONDS)

        def compare(owner: Connection) -> bool:
            hers = listeners.c.did == did
            known = owner.execute(select(listeners.c.tier_known).where(hers).with_for_update()).scalar()
            if known is None or known == tier:
                return False
            owner.execute(update(listeners).where(hers).values(tier_known=tier))
            return tier > known >= Tier.PUBLIC and note(owner, event)

        with self.database.records() as records:  # mostly there is nothing to write
            known = records.execute(select(listeners.c.tier_known).where(listeners.c.did == did)).scalar()
        return known not in (None, tier) and self.lane.run(compare)

    # --- whose time ends ---

    def _ends_soon(self) -> int:
        if self.trust.doubt is not None:
            return 0
        now, found = self.now(), list[Event]()
        for did in self._who_chose(Kind.TIER_ENDS_SOON):
            trust = self.trust.tier_of(did)
            if trust.tier > Tier.PUBLIC and now < trust.until <= now + SOON_SECONDS and not self.renewals.go_on(did):
                about = f"{trust.tier} {int(trust.until)}"
                found.append(Event(did, Kind.TIER_ENDS_SOON, about, TIERS, now, trust.until))
        return self._note_new(found)

    # --- whose renewal failed ---

    def _behind(self) -> int:
        chose, now = self._who_chose(Kind.RENEWAL_FAILED), self.now()
        behind = [one for one in self.renewals.behind() if one.owner in chose] if chose else []
        return self._note_new(
            Event(one.owner, Kind.RENEWAL_FAILED, f"{one.ident} {one.period_end}", TIERS, now, now + FAILED_SECONDS)
            for one in behind
        )

    def _who_chose(self, kind: Kind) -> set[str]:
        with self.database.records() as records:
            return set(records.execute(select(choices.c.did).where(choices.c.kind == kind)).scalars())

    def _note_new(self, found: Iterable[Event]) -> int:
        """Note those that were not noted before; the command looks again."""
        named = {event.key: event for event in found}
        if not named:
            return 0
        with self.database.records() as records:
            old = set(records.execute(select(events.c.key).where(events.c.key.in_(named))).scalars())
        new = [event for key, event in named.items() if key not in old]
        if not new:
            return 0
        return self.lane.run(lambda owner: sum(note(owner, event) for event in new))
