"""Statements as rows: each belongs to a document, carries its tier and its place, and keeps its source verbatim.

Keys (`knowledge.facts.keys`) say what is meant; nothing here points at an entity by a number, so that
what an entity is called, and whether it exists at all, is a function of the rows that a tier may read.
"""

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, String, Table, Text

from knowledge.tables import metadata


def _statement_columns() -> list[Column[object]]:
    return [
        Column("id", String, primary_key=True),
        Column("document_id", ForeignKey("documents.id"), nullable=False),
        Column("ordinal", Integer, nullable=False),  # of the statement in its document
        Column("tier", Integer, nullable=False),
        Column("line", Integer, nullable=False),
        Column("place", Text, nullable=False),
        Column("raw", Text, nullable=False),
    ]


def _texts(*names: str) -> list[Column[object]]:
    return [Column(name, Text, nullable=False) for name in names]


def _numbers(*names: str) -> list[Column[object]]:
    return [Column(name, Integer) for name in names]


events = Table(
    "events",
    metadata,
    *_statement_columns(),
    Column("ref", Text, nullable=False),  # holds a folder's path: never in a view
    *_texts("event_key", "title", "title_key", "kind", "date", "time", "venue", "place_key", "city", "city_key"),
    *_texts("region", "region_key", "country", "country_key", "tour", "tour_key", "url", "note", "mbid"),
    # yyyymmdd, first and last day that the date can mean; 0 where there is none.
    Column("date_from", Integer, nullable=False),
    Column("date_to", Integer, nullable=False),
    *_numbers("year", "month", "day", "weekday"),  # weekday 0 is Monday
    Column("day_ordinal", Integer, nullable=False),
    *_numbers("duration_ms"),
    Column("cancelled", Boolean, nullable=False),
    Index("events_by_document", "document_id"),
    Index("events_by_key", "event_key"),
    Index("events_by_ref", "ref"),
    Index("events_by_date", "date_from"),
)

set_items = Table(
    "set_items",
    metadata,
    *_statement_columns(),
    Column("ref", Text, nullable=False),
    *_texts("event_key", "title", "work_key", "recording_key", "artist", "artist_key", "version", "version_key"),
    *_texts(
        "label", "label_key", "set_name", "time_basis", "musical_key", "cover_of", "guests", "isrc", "mbid", "note"
    ),
    Column("position", Integer, nullable=False),
    Column("set_no", Integer, nullable=False),
    *_numbers("time_ms", "bpm_milli", "duration_ms"),
    *[Column(name, Boolean, nullable=False) for name in ("encore", "segue", "from_tape", "is_unknown")],
    Index("set_items_by_document", "document_id"),
    Index("set_items_by_event", "event_key", "position"),
    Index("set_items_by_work", "work_key"),
    Index("set_items_by_ref", "ref"),
)

releases = Table(
    "releases",
    metadata,
    *_statement_columns(),
    *_texts("release_key", "title", "title_key", "artist", "artist_key", "kind", "date", "label", "label_key"),
    *_texts("catalogue_number", "barcode", "medium", "country", "licence", "mbid"),
    Index("releases_by_document", "document_id"),
    Index("releases_by_key", "release_key"),
)

tracks = Table(
    "tracks",
    metadata,
    *_statement_columns(),
    *_texts("release_key", "title", "work_key", "recording_key", "artist", "artist_key", "version", "version_key"),
    *_texts("musical_key", "isrc", "iswc", "mbid", "work_mbid", "date", "label", "label_key", "licence"),
    Column("position", Integer, nullable=False),
    Column("medium_no", Integer, nullable=False),
    *_numbers("duration_ms", "bpm_milli"),
    Index("tracks_by_document", "document_id"),
    Index("tracks_by_work", "work_key"),
    Index("tracks_by_release", "release_key"),
)

credits = Table(
    "credits",
    metadata,
    *_statement_columns(),
    *_texts("of_kind", "of_key", "subject", "person", "person_key", "role"),
    Index("credits_by_document", "document_id"),
    Index("credits_by_subject", "of_key"),
    Index("credits_by_person", "person_key"),
)

aliases = Table(
    "aliases",
    metadata,
    *_statement_columns(),
    *_texts("kind", "name", "name_key", "alias", "alias_key"),
    Index("aliases_by_document", "document_id"),
)

links = Table(
    "links",
    metadata,
    *_statement_columns(),
    *_texts("of_kind", "of_key", "subject", "relation", "url", "label"),
    Index("links_by_document", "document_id"),
    Index("links_by_subject", "of_key"),
)

# Dates that a document's prose speaks of, so that a night's notes can be found by the night.
mentions = Table(
    "mentions",
    metadata,
    Column("document_id", ForeignKey("documents.id"), primary_key=True),
    Column("date", String, primary_key=True),
)

# What the artist joined or set apart; in no view, like everything that is not a statement.
rekeyings = Table(
    "rekeyings",
    metadata,
    Column("id", String, primary_key=True),
    Column("act", String, nullable=False),  # what is undone together
    *_texts("kind", "from_key", "into_key"),
    Column("tier", Integer, nullable=False),  # rows below it keep their keys
    # Where it holds: everywhere, in one document, or for one statement of it, also in its later versions.
    Column("document_id", String),
    Column("ordinal", Integer),
    Column("raw", Text),
    Column("created_at", Float, nullable=False),
    Column("undone_at", Float),
)

# The key that a row came with, while it bears another one; `pinned` is what set it apart.
own_keys = Table(
    "own_keys",
    metadata,
    Column("row_id", String, primary_key=True),
    Column("place", String, primary_key=True),  # table and column
    Column("key", Text, nullable=False),
    Column("pinned", Text),
)

STATEMENTS = (events, set_items, releases, tracks, credits, aliases, links)
UNSEEN = {"ref"}
