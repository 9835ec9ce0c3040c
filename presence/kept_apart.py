"""Things that look alike and are two: what the artist said, so that she is not asked again."""

import json

from sqlalchemy import Connection, delete, insert, select

from presence.database import Database
from presence.tables import rules
from presence.write_lane import WriteLane

_NAME = "kept_apart"
PAIRS_MAX = 5_000


class KeptApart:
    """One per node; pairs of keys, each with its kind."""

    def __init__(self, database: Database, lane: WriteLane) -> None:
        self._database = database
        self._lane = lane

    def pairs(self) -> set[frozenset[str]]:
        """Give every pair."""
        with self._database.records() as records:
            return {frozenset(keys) for _, *keys in _kept(records)}

    def add(self, kind: str, one: str, other: str) -> None:
        """Say that two things of a kind are two; the oldest of very many pairs are forgotten."""

        def keep(owner: Connection) -> None:
            pair = [kind, *sorted((one, other))]
            pairs = [*(kept for kept in _kept(owner) if kept != pair), pair][-PAIRS_MAX:]
            owner.execute(delete(rules).where(rules.c.name == _NAME))
            owner.execute(insert(rules).values(name=_NAME, value=json.dumps(pairs, ensure_ascii=False)))

        self._lane.run(keep)


def _kept(connection: Connection) -> list[list[str]]:
    value = connection.execute(select(rules.c.value).where(rules.c.name == _NAME)).scalar()
    pairs: list[list[str]] = [] if value is None else json.loads(value)
    return pairs
