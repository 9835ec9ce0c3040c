"""The log in the database, SQLite and PostgreSQL alike. Point look-ups only: no graph is searched."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, text

from trustgraph.entries import Entry, entry_of, nearness
from trustgraph.tables import trust_log

_COLUMNS = ", ".join(f"l.{name}" for name in Entry.__dataclass_fields__)
_BY_EVENT = text(f"SELECT {_COLUMNS} FROM trust_log l WHERE l.event = :event AND l.seq <= :until")
_BY_SEQ = text(f"SELECT {_COLUMNS} FROM trust_log l WHERE l.seq = :seq")
_NEWEST = text(
    f"SELECT {_COLUMNS} FROM trust_log l WHERE l.pair = :pair AND l.seq <= :until ORDER BY l.seq DESC LIMIT 1"
)
_TIERS = {
    "sqlite": "SELECT DISTINCT tier FROM trust_live WHERE sub = ?",
    "postgresql": "SELECT DISTINCT tier FROM trust_live WHERE sub = %s",
}
_LIVE = text(
    f"""SELECT {_COLUMNS} FROM trust_live v JOIN trust_log l ON l.seq = v.seq
 WHERE v.sub = :sub AND v.tier = :tier AND v.exp > :now ORDER BY v.nearness, v.seq DESC LIMIT :most"""
)
_KNOWS = text("SELECT 1 FROM trust_log WHERE sub = :sub AND seq <= :until LIMIT 1")
_SLOT = text("SELECT min(ordinal) FROM trust_log WHERE slots = :slots AND sub = :sub AND seq <= :until")
_SLOTS_TAKEN = text("SELECT max(ordinal) FROM trust_log WHERE slots = :slots AND seq <= :until")
_HEAD = f"SELECT {_COLUMNS} FROM trust_log l ORDER BY l.seq DESC LIMIT 1"
_OF_KIND = text(f"SELECT {_COLUMNS} FROM trust_log l WHERE l.kind = :kind AND l.seq <= :until ORDER BY l.seq")
_AFTER = text(f"SELECT {_COLUMNS} FROM trust_log l WHERE l.seq > :seq ORDER BY l.seq LIMIT :most")
_SET_LIVE = text(
    """INSERT INTO trust_live (pair, seq, sub, tier, exp, nearness) VALUES (:pair, :seq, :sub, :tier, :exp, :nearness)
 ON CONFLICT (pair) DO UPDATE SET seq = excluded.seq, sub = excluded.sub, tier = excluded.tier, exp = excluded.exp,
 nearness = excluded.nearness"""
)
_ABOUT = text(
    f"SELECT {_COLUMNS} FROM trust_log l WHERE l.sub = :sub AND l.seq <= :until ORDER BY l.seq DESC LIMIT :most"
)
_FORGET = text("DELETE FROM trust_live WHERE seq = :seq")
_CHECKPOINTS = text("SELECT envelope FROM trust_checkpoints WHERE seq = :seq ORDER BY received_at DESC LIMIT 4")
READ_AT_ONCE = 2_000
ALL = 2**62
# Any number will do, as long as nothing else in the database uses it.
_LOCK = text("SELECT pg_advisory_xact_lock(71846201)")


class SqlStore:
    """One snapshot, or the writer's transaction."""

    def __init__(self, connection: Connection, until: int = ALL) -> None:
        self._connection = connection
        self._until = until

    def as_of(self, seq: int) -> "SqlStore":
        """Give the log as it was at an entry, to judge the next one by; `live` knows the present only."""
        return SqlStore(self._connection, seq)

    def by_event(self, ident: str) -> Entry | None:
        return self._one(_BY_EVENT, event=ident, until=self._until)

    def by_seq(self, seq: int) -> Entry | None:
        """Give an entry by its number."""
        return self._one(_BY_SEQ, seq=seq)

    def newest(self, pair: str) -> Entry | None:
        return self._one(_NEWEST, pair=pair, until=self._until)

    def live(self, sub: str, now: int, most: int) -> Iterator[Entry]:
        # Asked for each answer, and mostly there is none: on the driver's own connection, as `head`.
        driver: Any = self._connection.connection.driver_connection
        tiers = driver.execute(_TIERS[self._connection.dialect.name], (sub,)).fetchall()
        for (tier,) in sorted(tiers, reverse=True):
            found = self._connection.execute(_LIVE, {"sub": sub, "tier": tier, "now": now, "most": most})
            yield from [entry_of(row) for row in found.mappings()]

    def knows(self, sub: str) -> bool:
        known = self._connection.execute(_KNOWS, {"sub": sub, "until": self._until}).first()
        return known is not None

    def about(self, sub: str, most: int) -> list[Entry]:
        """Give the newest entries about somebody, or about a grant."""
        found = self._connection.execute(_ABOUT, {"sub": sub, "until": self._until, "most": most})
        return [entry_of(row) for row in found.mappings()]

    def slot(self, slots: str, sub: str) -> int | None:
        found: int | None = self._connection.execute(_SLOT, {"slots": slots, "sub": sub, "until": self._until}).scalar()
        return found

    def slots_taken(self, slots: str) -> int:
        taken: int | None = self._connection.execute(_SLOTS_TAKEN, {"slots": slots, "until": self._until}).scalar()
        return taken or 0

    def head(self) -> tuple[int, str] | None:
        """Give number and hash of the last entry."""
        # Asked for most of all, so on the driver's own connection, which takes a fraction of the time.
        driver: Any = self._connection.connection.driver_connection
        last = driver.execute(_HEAD).fetchone()
        return None if last is None else _place_of(last)

    def after(self, seq: int) -> Iterator[Entry]:
        """Give the entries after a number, in order."""
        while True:
            rows = self._connection.execute(_AFTER, {"seq": seq, "most": READ_AT_ONCE}).mappings().all()
            yield from (entry_of(row) for row in rows)
            if len(rows) < READ_AT_ONCE:
                return
            seq = rows[-1]["seq"]

    def of_kind(self, kind: str) -> list[Entry]:
        """Give the entries of a kind, in order."""
        return [
            entry_of(row) for row in self._connection.execute(_OF_KIND, {"kind": kind, "until": self._until}).mappings()
        ]

    def checkpoints(self, seq: int) -> list[str]:
        """Give the envelopes in which an artist vouches for an entry, the newest first."""
        return list(self._connection.execute(_CHECKPOINTS, {"seq": seq}).scalars())

    def lock(self) -> None:
        """Let no other process append before this transaction ends."""
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(_LOCK)

    def put(self, entry: Entry) -> None:
        """Append an entry, and keep what finds it in step."""
        columns = {name: getattr(entry, name) for name in Entry.__dataclass_fields__}
        self._connection.execute(insert(trust_log).values(**columns))
        if entry.kind == "revoke" and entry.about is not None:
            self._connection.execute(_FORGET, {"seq": entry.about})
        elif entry.pair is not None:
            sub = entry.sub if entry.kind == "grant" else None
            live = {**columns, "sub": sub, "nearness": nearness(entry)}
            self._connection.execute(
                _SET_LIVE, {name: live[name] for name in ("pair", "seq", "sub", "tier", "exp", "nearness")}
            )

    def _one(self, query: Any, **values: Any) -> Entry | None:
        row: RowMapping | None = self._connection.execute(query, values).mappings().first()
        return None if row is None else entry_of(row)


@lru_cache(maxsize=16)
def _place_of(row: tuple[Any, ...]) -> tuple[int, str]:
    """Give number and hash of a row of all columns: every look begins with the last one, and most find it unchanged."""
    entry = Entry(*row)
    return entry.seq, entry.hash
