"""The lamp: whether the artist is here. She lights it herself; it goes out when she has been away for a while."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update

from presence.database import Database
from presence.stepping_in.tables import lamp
from presence.write_lane import WriteLane

BURNS_SECONDS = 15 * 60
"""So long it burns after she did something in the studio."""
KEPT_EVERY_SECONDS = 60
_ONE = 1


@dataclass(frozen=True, slots=True)
class Lamp:
    """One per node. `arrived` is told the name of each visit once."""

    database: Database
    lane: WriteLane
    arrived: Callable[[str], object]
    now: Callable[[], float] = time.time

    @property
    def is_lit(self) -> bool:
        """Whether the artist says that she is here; of her nothing else is told."""
        with self.database.records() as records:
            until = records.execute(select(lamp.c.until)).scalar()
        return until is not None and until > self.now()

    def light(self) -> None:
        """Say that she is here; whoever wants to hear of it is told, once for each visit."""
        visit = secrets.token_urlsafe(12)

        def light(owner: Connection) -> bool:
            now = self.now()
            if _keep(owner, now):
                return False
            owner.execute(delete(lamp))
            owner.execute(insert(lamp).values(id=_ONE, visit=visit, until=now + BURNS_SECONDS))
            return True

        if self.lane.run(light):
            self.arrived(visit)

    def keep(self) -> None:
        """Let it burn on, if it does, for she is there."""
        with self.database.records() as records:
            until = records.execute(select(lamp.c.until)).scalar()
        now = self.now()
        if until is not None and now < until < now + BURNS_SECONDS - KEPT_EVERY_SECONDS:
            self.lane.run(lambda owner: _keep(owner, now))

    def put_out(self) -> None:
        """Say that she is gone."""
        self.lane.run(lambda owner: owner.execute(delete(lamp)))


def _keep(owner: Connection, now: float) -> bool:
    lit = update(lamp).where(lamp.c.until > now).values(until=now + BURNS_SECONDS)
    return bool(owner.execute(lit).rowcount)
