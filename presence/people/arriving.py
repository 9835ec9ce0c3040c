"""Somebody arrives: by an address for which a place may be kept, or with a key of her own after one of ours."""

from dataclasses import dataclass

from sqlalchemy import Connection, Table, delete, select, update

from presence.people.places import KeptPlaces
from presence.people.requests import Requests
from presence.tables import follow_requests, invite_takers, people, places
from presence.telling import listeners
from presence.write_lane import WriteLane
from trustgraph import Tier

NAMED_BY_DID: tuple[Table, ...] = (people, follow_requests)
"""Tables with one row for each person."""


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What is hers goes with her."""

    lane: WriteLane
    places: KeptPlaces
    requests: Requests

    def by_mail(self, mailbox: str, did: str) -> None:
        """Give her the place that was kept; one above supporter waits until she has a key of her own."""
        self.places.taken(mailbox, did, tier_max=Tier.SUPPORTER)

    def with_own_key(self, mailbox: str, held: str, own: str, *, had: Tier | None) -> None:
        """Carry over what was known of her; `had` is what the artist or a friend had given to the held key.

        Only they can give that again: the artist finds a request for it.
        """
        self.lane.run(lambda owner: _carry_over(owner, held, own))
        self.places.taken(mailbox, own)
        if had is not None:
            self.requests.ask_above(own, had, "She came by mail before, and has a key of her own now.")


def _carry_over(owner: Connection, held: str, own: str) -> None:
    for table in NAMED_BY_DID:
        if owner.execute(select(table.c.did).where(table.c.did == own)).first() is not None:
            owner.execute(delete(table).where(table.c.did == held))
        owner.execute(update(table).where(table.c.did == held).values(did=own))
    taken = select(invite_takers.c.invite_id).where(invite_takers.c.did == own)
    hers = invite_takers.c.did == held, invite_takers.c.invite_id.not_in(taken)
    owner.execute(update(invite_takers).where(*hers).values(did=own))
    owner.execute(update(places).where(places.c.taken_by == held).values(taken_by=own))
    listeners.take_over(owner, held, own)
