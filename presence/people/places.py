"""Places kept for an address until its owner has a key: the address itself is not stored, only a keyed hash of it."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from presence.database import Database
from presence.errors import DoorShut, InviteWrong, TakenBack
from presence.people.door import Door
from presence.people.requests import Requests
from presence.tables import places
from presence.write_lane import WriteLane
from trustgraph import DocumentRefused, Tier

LABEL_CHARS_MAX = 80
KEPT_SECONDS = 366 * 24 * 3600


@dataclass(frozen=True, slots=True)
class KeptPlace:
    """A place, and who took it."""

    tier: Tier
    label: str
    made_at: float
    expires_at: float
    taken_by: str | None


class KeptPlaces:
    """Keeps them. `mailbox_of` gives the keyed hash by which an address is known again."""

    def __init__(
        self,
        database: Database,
        lane: WriteLane,
        door: Door,
        requests: Requests,
        mailbox_of: Callable[[str], str],
        now: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._lane = lane
        self._door = door
        self._requests = requests
        self._mailbox_of = mailbox_of
        self._now = now

    def keep(self, address: str, tier: Tier, label: str = "") -> KeptPlace:
        """Keep a place for a year; a second one for the same address takes the place of the first.

        Raises `InviteWrong`, and `AddressWrong` for what is no address.
        """
        label = " ".join(label.split())
        if tier is Tier.PUBLIC:
            raise InviteWrong("Nobody needs a place to be public. Choose follower, supporter, circle or inner.")
        if not label.isprintable() or len(label) > LABEL_CHARS_MAX:
            raise InviteWrong(f"A label has at most {LABEL_CHARS_MAX} characters, and none that cannot be seen.")
        now, mailbox = self._now(), self._mailbox_of(address)
        row = {"tier": int(tier), "label": label, "made_at": now, "expires_at": now + KEPT_SECONDS, "taken_by": None}

        def put(owner: Connection) -> None:
            owner.execute(delete(places).where(places.c.mailbox == mailbox))
            owner.execute(insert(places).values(mailbox=mailbox, **row))

        self._lane.run(put)
        return KeptPlace(tier, label, now, now + KEPT_SECONDS, None)

    def all(self) -> list[KeptPlace]:
        """Give every place, the newest first."""
        with self._database.records() as records:
            return [_place(row) for row in records.execute(select(places).order_by(places.c.made_at.desc()))]

    def taken(self, mailbox: str, did: str, *, tier_max: Tier = Tier.INNER) -> KeptPlace | None:
        """Give somebody who proved an address the place that was kept for it; None where there was none.

        A place above `tier_max` stays kept.

        The door lets a follower in at once; for anything above, and where the door may not, the artist
        finds a request that she can sign. Raises nothing of what the door refuses.
        """
        is_first, row = self._lane.run(lambda owner: _take(owner, mailbox, did, self._now(), tier_max))
        if row is None:
            return None
        place = _place(row)
        comes_in = place.tier == Tier.FOLLOWER and self._comes_in(did)
        if is_first and not comes_in:
            self._requests.ask_above(did, place.tier, f"A place was kept: {place.label or place.tier.slug}")
        return place

    def _comes_in(self, did: str) -> bool:
        try:
            self._door.let_in(did)
        except (DoorShut, TakenBack, DocumentRefused):
            return False
        return True


def _take(owner: Connection, mailbox: str, did: str, now: float, tier_max: Tier) -> tuple[bool, Row[Any] | None]:
    """Give whether the place was free until now, and the place, if it is this person's."""
    kept = places.c.mailbox == mailbox, places.c.expires_at > now, places.c.tier <= int(tier_max)
    here = select(places).where(*kept).with_for_update()
    row = owner.execute(here).first()
    if row is None or row.taken_by not in (None, did):
        return False, None
    owner.execute(update(places).where(places.c.mailbox == mailbox).values(taken_by=did))
    return row.taken_by is None, row


def _place(row: Row[Any]) -> KeptPlace:
    return KeptPlace(Tier(row.tier), row.label, row.made_at, row.expires_at, row.taken_by)
