"""A short list in the artist's rules, changed as one command, so that no two changes lose each other."""

import json
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from presence.database import Database
from presence.tables import rules
from presence.write_lane import WriteLane

Entries = list[dict[str, Any]]


class KeptList:
    """Kept by its name in `rules`; what was never kept is empty."""

    def __init__(self, name: str, database: Database, lane: WriteLane) -> None:
        self._name = name
        self._database = database
        self._lane = lane

    def all(self) -> Entries:
        """Give the entries as they are."""
        with self._database.records() as records:
            return self._read(records)

    def change(self, how: Callable[[Entries], Entries]) -> Entries:
        """Keep what `how` makes of the entries; whatever it raises changes nothing."""

        def changed(owner: Connection) -> Entries:
            entries = how(self._read(owner))
            owner.execute(delete(rules).where(rules.c.name == self._name))
            owner.execute(insert(rules).values(name=self._name, value=json.dumps(entries)))
            return entries

        return self._lane.run(changed)

    def _read(self, connection: Connection) -> Entries:
        kept = connection.execute(select(rules.c.value).where(rules.c.name == self._name)).scalar()
        entries: Entries = [] if kept is None else json.loads(kept)
        return entries
