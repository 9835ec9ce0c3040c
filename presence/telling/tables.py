"""Who wants to be told what, and where; what there is to tell; what waits for a browser's push service."""

from sqlalchemy import Boolean, Column, Float, Index, Integer, MetaData, String, Table, Text

metadata = MetaData()

# One row for each person who was ever asked what she wants to be told.
listeners = Table(
    "telling_listeners",
    metadata,
    Column("did", String(71), primary_key=True),
    Column("ident", String(12), nullable=False, unique=True),  # names her in letters, instead of her key
    Column("tier_known", Integer, nullable=False),  # so that being let in is told, and a renewal is not
    Column("address", Text),  # sealed; confirmed by a link that was mailed to it
    Column("confirmed_at", Float),
)

# Addresses that were given and not confirmed yet: one for each person.
confirmations = Table(
    "telling_confirmations",
    metadata,
    Column("ident", String(12), primary_key=True),
    Column("token_sha256", String(64), nullable=False, unique=True),
    Column("address", Text, nullable=False),  # sealed
    Column("expires_at", Float, nullable=False),
)

# What is not here is not told.
choices = Table(
    "telling_choices",
    metadata,
    Column("did", String(71), primary_key=True),
    Column("kind", String(20), primary_key=True),
    Column("mail", Boolean, nullable=False),
    Column("push", Boolean, nullable=False),
    Column("daily", Boolean, nullable=False),
)

# Browsers that take a push.
browsers = Table(
    "telling_browsers",
    metadata,
    Column("id", String(12), primary_key=True),
    Column("did", String(71), nullable=False),
    Column("endpoint", String(64), nullable=False, unique=True),  # its keyed hash
    Column("sealed", Text, nullable=False),  # where to, and the browser's keys
    Column("made_at", Float, nullable=False),
    Index("telling_browsers_by_did", "did"),
)

# What happened, for one person. The key is made of what happened, so that nothing happens twice.
events = Table(
    "telling_events",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("did", String(71), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("about", Text, nullable=False),
    Column("link", Text, nullable=False),  # a page of ours
    Column("at", Float, nullable=False),
    Column("until", Float, nullable=False),  # of no use any more
    Index("telling_events_by_did", "did", "at"),
    Index("telling_events_by_time", "at"),
)

# What is still to be told, by which channel; the row goes in the command that writes the letter.
due = Table(
    "telling_due",
    metadata,
    Column("event", String(64), primary_key=True),
    Column("channel", String(4), primary_key=True),  # mail or push
    Column("did", String(71), nullable=False),
    Column("daily", Boolean, nullable=False),
    Column("due_at", Float, nullable=False),
    Index("telling_due_by_time", "due_at"),
    Index("telling_due_by_did", "did"),
)

# Pushes that wait to be handed over; as the outbox, sealed.
pushes = Table(
    "telling_pushes",
    metadata,
    Column("id", String, primary_key=True),
    Column("sealed", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("next_at", Float, nullable=False),
    Column("about", String(60)),  # whose, and of which kind: so that it can be taken back
    Index("telling_pushes_by_time", "next_at"),
)
