"""Where an artist's material is kept: imports, documents, passages with their vectors, corpus versions, embedders.

What documents state of music stands in `knowledge.facts.tables`.

A document is staged while `published_at` is empty, live after that, and set aside by
`retracted_at`. Nothing but the owner's connection sees these tables; listeners' connections
see the views of `knowledge.views`.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    text,
)

metadata = MetaData()

# Who set a document aside, where no import did; no import's id has a space in it.
BY_HAND = "by hand"

imports = Table(
    "imports",
    metadata,
    Column("id", String, primary_key=True),
    Column("label", Text, nullable=False),  # the path as it was given: for the artist only
    Column("created_at", Float, nullable=False),  # Unix seconds
    Column("published_at", Float),
    Column("kind", String, nullable=False, server_default="files"),  # files, edit, answer, correction
    Column("undone_at", Float),
)

documents = Table(
    "documents",
    metadata,
    Column("id", String, primary_key=True),
    Column("import_id", ForeignKey("imports.id"), nullable=False),
    Column("origin", Text, nullable=False),  # absolute path: never in a view
    Column("file_name", Text, nullable=False),  # relative to what was imported
    Column("part", Text, nullable=False, server_default=""),  # of a file that holds several documents
    Column("sha256", String(64), nullable=False),  # of what was read: the file, or the part
    Column("format", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("title", Text, nullable=False),
    Column("date", String, nullable=False),  # ISO 8601 with its own precision, or ""
    Column("speaker", Text, nullable=False),
    Column("licence", Text, nullable=False),
    Column("tier", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("published_at", Float),
    Column("retracted_at", Float),
    Column("retracted_by", String),  # the import that replaced it, which undone brings it back; BY_HAND
    Column("tier_by_hand", Integer),  # what the artist decided, which outlives the next import
    Index("documents_by_sha256", "sha256"),
    Index("documents_by_origin", "origin"),
    Index("documents_by_tier", "tier", "published_at"),
)

_MOVING = text("next_embedder IS NOT NULL")
passages = Table(
    "passages",
    metadata,
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("id", String, nullable=False, unique=True),
    Column("document_id", ForeignKey("documents.id"), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("tier", Integer, nullable=False),
    Column("speaker", Text, nullable=False),
    Column("heading", Text, nullable=False),
    Column("start", Integer, nullable=False),  # characters into documents.text
    Column("text", Text, nullable=False),
    Column("sentences", JSON, nullable=False),  # [[start, end, line, time or null], ...] into text
    Column("words", Integer, nullable=False),
    Column("searched", Text, nullable=False),  # what the lexical index and the embedder read
    Column("vector", LargeBinary, nullable=False),  # float32, little-endian
    Column("embedder", String, nullable=False),
    # While the node moves to another embedder: what that one made, beside what is still searched.
    Column("next_vector", LargeBinary),
    Column("next_embedder", String),
    Index("passages_by_document", "document_id", "ordinal"),
    Index("passages_by_tier", "tier"),
    # Each start asks whether there is anything that another embedder made.
    Index("passages_by_embedder", "embedder"),
    Index("passages_moving", "next_embedder", sqlite_where=_MOVING, postgresql_where=_MOVING),
)

embedders = Table(
    "embedders",
    metadata,
    Column("name", String, primary_key=True),
    Column("setting", String, nullable=False),  # what opens it again; "" when that is not known
    Column("folder", Text),  # absolute path: never in a view
    Column("space", String, nullable=False, unique=True),  # of the vector index
)

corpus_versions = Table(
    "corpus_versions",
    metadata,
    Column("tier", Integer, primary_key=True, autoincrement=False),
    Column("version", String, nullable=False),
    Column("passages", Integer, nullable=False),
    Column("words", Integer, nullable=False),
)

recordings = Table(
    "recordings",
    metadata,
    Column("id", String, primary_key=True),
    Column("file", String, nullable=False, unique=True),  # its name in the uploads: never in a view
    Column("sha256", String(64), nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("type", String, nullable=False),  # a media type
    Column("duration_ms", BigInteger, nullable=False),
    Column("peaks", LargeBinary),  # int8, lowest and highest by turns; null: not drawn yet; empty: cannot be drawn
    Column("tier", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("of_kind", String),  # event or work
    Column("of_key", Text),
    Column("published_at", Float, nullable=False),
    Column("retracted_at", Float),
    Index("recordings_by_subject", "of_key"),
    Index("recordings_by_tier", "tier", "retracted_at"),  # whether there are any at all
)
