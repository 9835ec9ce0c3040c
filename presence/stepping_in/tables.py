"""Who lets the artist look in, whether she says that she is here, and which conversations she holds."""

from sqlalchemy import Column, Float, Integer, MetaData, String, Table

metadata = MetaData()

# Who did not agree has no row.
permissions = Table(
    "looking_in",
    metadata,
    Column("listener", String, primary_key=True),
    Column("conversation", String, primary_key=True),  # "" for all that begin or go on from then
    Column("since", Float, nullable=False),  # Unix seconds
)

# One row while the lamp is lit, or was until lately.
lamp = Table(
    "artist_lamp",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("visit", String(32), nullable=False),
    Column("until", Float, nullable=False),  # Unix seconds
)

held = Table(
    "held_conversations",
    metadata,
    Column("conversation", String, primary_key=True),
    Column("session", String, nullable=False),  # of the studio that holds it
    Column("since", Float, nullable=False),  # Unix seconds
    Column("until", Float, nullable=False),  # handed back by itself then
)
