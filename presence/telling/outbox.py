"""Letters that wait to be handed to the mail server; how they wait is told in `waiting`."""

import time
from collections.abc import Callable

from sqlalchemy import Connection

from presence.database import Database
from presence.errors import NoMail
from presence.tables import outbox
from presence.telling.mail import Letter, Post
from presence.telling.waiting import DAY_SECONDS, FIRST_WAIT_SECONDS, WAIT_SECONDS_MAX, Waiting
from presence.write_lane import WriteLane
from trustgraph.sealing import Seal

__all__ = ["DAY_SECONDS", "FIRST_WAIT_SECONDS", "WAIT_SECONDS_MAX", "Outbox"]


class Outbox(Waiting[Letter]):
    """Thread-safe. Without a mail server (`post` None) it refuses every letter."""

    def __init__(
        self,
        database: Database,
        lane: WriteLane,
        seal: Seal,
        post: Post | None,
        now: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(database, lane, seal, post, now, outbox, ("letter", Letter))

    @property
    def sends(self) -> bool:
        """Whether there is a mail server."""
        return self._carrier is not None

    def keep(self, owner: Connection, parcel: Letter, *, of_use_seconds: float = DAY_SECONDS, about: str = "") -> None:
        """Keep a letter until it is sent; raises `NoMail` where none is sent."""
        if not self.sends:
            raise NoMail
        super().keep(owner, parcel, of_use_seconds=of_use_seconds, about=about)
