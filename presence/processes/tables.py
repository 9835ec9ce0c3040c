"""What processes on one PostgreSQL keep together. On SQLite there is one process, which counts in memory."""

from sqlalchemy import Boolean, Column, Double, Index, MetaData, String, Table
from sqlalchemy.dialects.postgresql import ARRAY

metadata = MetaData()

# Unlogged: a count that a crash loses begins again, and none waits for a disk.
taken = Table(
    "taken",
    metadata,
    Column("what", String(20), primary_key=True),
    Column("whom", String(64), primary_key=True),  # a keyed hash
    Column("times", ARRAY(Double), nullable=False),  # Unix seconds by the database's clock, the oldest first
    Column("refused", Boolean, nullable=False),  # whether the last one was too much
    Column("until", Double, nullable=False),  # then all of them are past
    Index("taken_until", "until"),
    prefixes=["UNLOGGED"],
)
