"""Who agreed to be remembered, and what is remembered of them."""

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, String, Table, Text, UniqueConstraint

metadata = MetaData()

# One row for each person who agreed; who did not has none, and nothing below.
agreements = Table(
    "memory_agreements",
    metadata,
    Column("did", String(71), primary_key=True),
    Column("agreed_at", BigInteger, nullable=False),  # Unix seconds
)

# Who lets the artist see what she likes.
shown = Table(
    "memory_shown",
    metadata,
    Column("did", String(71), primary_key=True),
    Column("since", BigInteger, nullable=False),  # Unix seconds
)

# What was last named to somebody beside an answer: once a day.
volunteered = Table(
    "memory_volunteered",
    metadata,
    Column("did", String(71), primary_key=True),
    Column("day", Integer, nullable=False),  # since 1970, UTC
    Column("question_id", String, nullable=False),
    Column("thing", String, nullable=False),  # of its row
    Column("passage", String, nullable=False),
)

items = Table(
    "memory_items",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("did", String(71), nullable=False),
    Column("kind", String(8), nullable=False),  # asked, liked, owns, told
    Column("about", String(400), nullable=False),  # what two items of one kind share that are about the same
    Column("name", String(200), nullable=False),
    Column("words", String(400), nullable=False),  # her own
    Column("link", String(200), nullable=False),  # a page of ours, or ""
    Column("tier", Integer, nullable=False),  # of what it rests on, when it was noted
    Column("documents", Text, nullable=False),  # JSON: the notes that it rests on, which may have risen since
    Column("at", BigInteger, nullable=False),  # Unix seconds
    UniqueConstraint("did", "kind", "about"),
    Index("memory_items_by_time", "did", "at"),
)
