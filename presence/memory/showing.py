"""What the artist may see: the likes of those who let her, and of nobody else. Each can take it back at any time."""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from presence.errors import MemoryOff
from presence.memory.house import Memory
from presence.memory.items import Item, Kind, has_agreed
from presence.memory.tables import shown
from trustgraph import Tier

PEOPLE_MAX = 500
"""So many are shown, those who agreed to it last."""


@dataclass(frozen=True, slots=True)
class Showing:
    """Keeps who agreed to that."""

    memory: Memory

    def is_shown(self, did: str) -> bool:
        """Whether the artist may see what somebody likes."""
        with self.memory.database.records() as records:
            return records.execute(select(shown.c.did).where(shown.c.did == did)).first() is not None

    def show(self, did: str, *, yes: bool) -> None:
        """Let the artist see it, or not any more; raises `MemoryOff` where nothing is remembered that could be seen."""

        def keep(owner: Connection) -> None:
            if yes and not has_agreed(owner, did):
                raise MemoryOff
            owner.execute(delete(shown).where(shown.c.did == did))
            if yes:
                owner.execute(insert(shown).values(did=did, since=int(self.memory.now())))

        self.memory.lane.run(keep)

    def likes(self) -> dict[str, list[Item]]:
        """Give what those like who let her see it, by key; the artist reads all that is hers."""
        query = select(shown.c.did).order_by(shown.c.since.desc(), shown.c.did).limit(PEOPLE_MAX)
        with self.memory.database.records() as records:
            dids = list(records.execute(query).scalars())
        liked = {did: self.memory.items(did, int(Tier.INNER)) for did in dids}
        return {did: [item for item in items if item.kind is Kind.LIKED] for did, items in liked.items()}
