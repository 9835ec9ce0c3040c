"""What the house keeps itself: operator sessions, offers, questions, their answers, and what was forwarded."""

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()

sessions = Table(
    "sessions",
    metadata,
    Column("token_sha256", String(64), primary_key=True),
    Column("preview_tier", Integer, nullable=False),
    Column("expires_at", Float, nullable=False),  # Unix seconds
)

offers = Table(
    "offers",
    metadata,
    Column("id", String, primary_key=True),
    Column("act", String, nullable=False),
    Column("question_sha256", String(64), nullable=False),
    Column("price_micros", Integer, nullable=False),
    Column("ceiling_micros", Integer, nullable=False),
    Column("version", String, nullable=False),
    Column("tier", Integer, nullable=False),
    Column("expires_at", Float, nullable=False),
)

questions = Table(
    "questions",
    metadata,
    Column("id", String, primary_key=True),
    Column("listener", String, nullable=False),
    Column("act", String, nullable=False),
    Column("question", Text, nullable=False),
    Column("tier", Integer, nullable=False),  # the standing it was asked with
    Column("sources_tier", Integer, nullable=False),  # the highest tier of what the answer quotes
    Column("price_micros", Integer, nullable=False),
    Column("idempotency_key", String),
    Column("body_sha256", String(64), nullable=False),
    Column("conversation", String),
    Column("writer", String, nullable=False),
    Column("created_at", Float, nullable=False),
    Column("finished_at", Float),
    Column("outcome", String),
    UniqueConstraint("listener", "idempotency_key"),
    Index("questions_unfinished", "finished_at"),
)

answer_events = Table(
    "answer_events",
    metadata,
    Column("question_id", ForeignKey("questions.id"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("kind", String, nullable=False),
    Column("body", Text, nullable=False),  # JSON
)

# What an answer rests on, by the ids of `knowledge`: a passage or a row, and the document that holds it.
citations = Table(
    "citations",
    metadata,
    Column("question_id", ForeignKey("questions.id"), primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("kind", String, nullable=False),  # passage or fact
    Column("document_id", String, nullable=False),
    Column("source_id", String, nullable=False),  # of the passage or the row
    Index("citations_by_document", "document_id"),
)

# Questions that listeners gave to the artist.
inbox = Table(
    "inbox",
    metadata,
    Column("question_id", ForeignKey("questions.id"), primary_key=True),
    Column("with_name", Boolean, nullable=False),
    Column("forwarded_at", Float, nullable=False),
    Column("state", String, nullable=False),  # open, answered, dismissed
    Column("document_id", String),  # the note that answers it
    Index("inbox_by_state", "state"),
)
