"""Counts within a while that several processes keep together: one row for each name, one statement for each count.

Each count is committed by itself, beside the write lane: nobody waits for a disk, since the table is unlogged, and
whoever floods one name waits for nobody's answers. A database that is away counts nothing and lets nobody in.
"""

import hashlib
import hmac
from collections.abc import Callable

from sqlalchemy import delete, func, text

from presence.database import Database
from presence.processes.tables import taken

_NOW = "extract(epoch FROM statement_timestamp())::double precision"
# What is past goes; whether one more is taken is looked at in the same statement, and the recent ones are put together
# once (OFFSET keeps PostgreSQL from doing it at each place where they are named).
_COUNT = text(
    f"""INSERT INTO taken (what, whom, times, refused, until)
 VALUES (:what, :whom, ARRAY[{_NOW}], false, {_NOW} + :seconds)
 ON CONFLICT (what, whom) DO UPDATE SET (times, refused, until) = (
 SELECT CASE WHEN cardinality(recent) < :most THEN recent || {_NOW} ELSE recent END,
 cardinality(recent) >= :most, {_NOW} + :seconds
 FROM (SELECT ARRAY(SELECT one FROM unnest(taken.times) one WHERE one > {_NOW} - :seconds) AS recent OFFSET 0) x)
 RETURNING CASE WHEN refused THEN LEAST(times[1] + :seconds - {_NOW}, :seconds) ELSE 0 END"""  # noqa: S608  # our own words
)
WAIT_LEAST_SECONDS = 0.001


class SharedCounts:
    """Counts in PostgreSQL; thread-safe. Names are kept as keyed hashes."""

    def __init__(self, database: Database, secret: Callable[[], bytes]) -> None:
        self._engine = database.owner.execution_options(isolation_level="AUTOCOMMIT")
        self._secret = secret

    def hit(self, what: str, whom: str, most: int, seconds: float) -> float:
        """Count one, or give how many seconds it takes until one is taken again. Raises what the database does."""
        named = hmac.digest(self._secret(), f"count {what} {whom}".encode(), hashlib.sha256).hex()
        row = {"what": what, "whom": named, "most": most, "seconds": seconds}
        with self._engine.connect() as connection:
            wait = float(connection.execute(_COUNT, row).scalar_one())
        return max(wait, WAIT_LEAST_SECONDS) if wait else 0.0

    def sweep(self) -> int:
        """Forget whoever was counted longest ago; give how many names."""
        past = delete(taken).where(taken.c.until < func.extract("epoch", func.now()))
        with self._engine.connect() as connection:
            return int(connection.execute(past).rowcount)
