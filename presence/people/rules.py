"""The artist's rules for people: how one becomes a follower, and who may see who introduced whom."""

import json
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection, delete, insert, select

from presence.database import Database
from presence.errors import RuleWrong
from presence.tables import rules
from presence.write_lane import WriteLane

How = Literal["ask", "open"]
Seen = Literal["own", "circle"]
PER_DAY = 50
PER_DAY_MAX = 10_000


class Follow(BaseModel):
    """Whether who asks to follow waits for the artist, or is let in at once, so many a day at most."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    how: How = "ask"
    per_day: int = Field(PER_DAY, ge=1, le=PER_DAY_MAX)


class Rules:
    """Kept by name in `rules`; what was never set is as it is here."""

    def __init__(self, database: Database, lane: WriteLane) -> None:
        self._database = database
        self._lane = lane

    @property
    def follow(self) -> Follow:
        """How one becomes a follower."""
        return Follow(**(self._value("follow") or {}))

    def set_follow(self, how: str, per_day: int | None = None) -> Follow:
        """Change it, or raise `RuleWrong`."""
        if how not in get_args(How):
            raise RuleWrong("follow is “ask” or “open”.")
        if per_day is not None and not 1 <= per_day <= PER_DAY_MAX:
            raise RuleWrong(f"--per-day is between 1 and {PER_DAY_MAX:,}.")
        changed = {"how": how, "per_day": per_day or self.follow.per_day}
        self._keep("follow", changed)
        return Follow(**changed)

    @property
    def tree_seen_by(self) -> Seen:
        """Who may see the whole tree: everybody only her own part, or the circle all of it."""
        return "circle" if self._value("tree_seen_by") == "circle" else "own"

    def set_tree_seen_by(self, who: str) -> None:
        """Change it, or raise `RuleWrong`."""
        if who not in get_args(Seen):
            raise RuleWrong("tree_seen_by is “own” or “circle”.")
        self._keep("tree_seen_by", who)

    def _value(self, name: str) -> Any:
        with self._database.records() as records:
            kept = records.execute(select(rules.c.value).where(rules.c.name == name)).scalar()
        return None if kept is None else json.loads(kept)

    def _keep(self, name: str, value: Any) -> None:
        def keep(owner: Connection) -> None:
            owner.execute(delete(rules).where(rules.c.name == name))
            owner.execute(insert(rules).values(name=name, value=json.dumps(value)))

        self._lane.run(keep)
