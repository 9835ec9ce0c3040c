"""“Before you leave, have you heard this?”: a thing and its source beside an answer, once a day, where she agreed.

It is no part of what is paid for, and is read again at her tier each time that it is shown.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from knowledge import Library, Recommending, Things
from presence.asking.acts import RECOMMEND
from presence.asking.contracts import Listener, Outcome
from presence.asking.transcripts import Asked
from presence.memory.house import Memory, noted_thing, whose
from presence.memory.items import Kind, has_agreed, keep
from presence.memory.tables import volunteered

DAY_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class Volunteering:
    """One per node; thread-safe."""

    memory: Memory
    library: Library
    things: Things
    recommending: Recommending

    def beside(self, listener: Listener, asked: Asked, said: str, tier: int) -> dict[str, Any] | None:
        """Give what is named beside an answer; chosen when she first reads the first answer of a day (UTC).

        Nothing that is named in `said` is: in the answer itself, or in the titles of what it rests on.
        """
        did = whose(listener)
        if did is None or asked.outcome is not Outcome.ANSWERED or asked.act == "recommend":
            return None
        if not self.memory.has_agreed(did) or not self.memory.terms.of(tier).remembers:
            return None
        day = int(self.memory.now()) // DAY_SECONDS
        row = self._kept(did)
        if row is None or (row.day != day and row.question_id != asked.ident):
            row = self._choose(did, listener, asked, said, tier, day)
        return self._told(row, tier) if row is not None and row.question_id == asked.ident else None

    def _kept(self, did: str) -> Any:
        with self.memory.database.records() as records:
            return records.execute(select(volunteered).where(volunteered.c.did == did)).first()

    def _choose(self, did: str, listener: Listener, asked: Asked, said: str, tier: int, day: int) -> Any:
        if asked.created_at + DAY_SECONDS < self.memory.now():
            return None  # looking at what was answered long ago is no visit that ends
        remembered = self.memory.of(listener, tier)
        heard = f"{asked.question} {said}".casefold()
        named = (thing for thing in self.things.every(tier) if any(name.casefold() in heard for name in thing.names))
        but = remembered.told | {thing.key for thing in named}
        pick = self.recommending.pick("", tier, liked=remembered.liked, but=but, seed=f"{did} {RECOMMEND}")
        if pick is None or pick.thing.key in but:
            return None
        passage = pick.evidence.sentences[0].passage.ident
        row = {"did": did, "day": day, "question_id": asked.ident, "thing": pick.thing.ident, "passage": passage}
        told, at = noted_thing(Kind.TOLD, pick.thing), int(self.memory.now())

        def once(owner: Connection) -> None:
            before = owner.execute(select(volunteered.c.day).where(volunteered.c.did == did)).scalar()
            if before == day or not has_agreed(owner, did):
                return  # another answer, a moment earlier
            owner.execute(delete(volunteered).where(volunteered.c.did == did))
            owner.execute(insert(volunteered).values(**row))
            keep(owner, did, told, at)

        self.memory.lane.run(once)
        return self._kept(did)

    def _told(self, row: Any, tier: int) -> dict[str, Any] | None:
        thing, opened = self.things.find(row.thing, tier), self.library.passage(row.passage, tier)
        if thing is None or opened is None:
            return None
        source = {"title": opened.passage.title, "url": f"/sources/{row.passage}"}
        return {"id": thing.ident, "kind": thing.kind, "name": thing.name, "url": thing.url, "source": source}
