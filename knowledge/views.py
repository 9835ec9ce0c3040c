"""What a reader at a tier may see: views of 0..t, and nothing beneath them.

SQLite: temporary views of the same names as the tables, and an authorizer that allows a table to
be read only on behalf of such a view. PostgreSQL: one schema and one role per tier, whose views
are the only thing the role was ever granted. Both make a forgotten filter impossible rather than
unlikely: the name `documents` means "the documents that this tier may read".
"""

import secrets
import sqlite3
from collections.abc import Callable

from sqlalchemy import Connection, inspect, text

from knowledge.contracts import TIERS
from knowledge.facts.tables import STATEMENTS, UNSEEN

# `origin` and the import's label hold local paths and are in no view.
DOCUMENTS_VIEW = """SELECT id, file_name, sha256, format, kind, title, date, speaker, licence, tier, text,
 part FROM {schema}.documents WHERE tier <= {tier} AND published_at IS NOT NULL AND retracted_at IS NULL"""

PASSAGES_VIEW = """SELECT p.number, p.id, p.document_id, p.ordinal, p.tier, p.speaker, p.heading, p.start, p.text,
 p.sentences, p.words, p.vector, p.embedder, p.next_vector, p.next_embedder
 FROM {schema}.passages p JOIN {schema}.documents d ON d.id = p.document_id
 WHERE p.tier <= {tier} AND d.tier <= {tier} AND d.published_at IS NOT NULL AND d.retracted_at IS NULL"""

CORPUS_VIEW = "SELECT tier, version, passages, words FROM {schema}.corpus_versions WHERE tier <= {tier}"

RECORDINGS_VIEW = """SELECT id, sha256, bytes, type, duration_ms, peaks, tier, title, of_kind, of_key, published_at
 FROM {schema}.recordings WHERE tier <= {tier} AND retracted_at IS NULL"""

STATEMENTS_VIEW = """SELECT {columns} FROM {{schema}}.{table} x JOIN {{schema}}.documents d ON d.id = x.document_id
 WHERE x.tier <= {{tier}} AND d.tier <= {{tier}} AND d.published_at IS NOT NULL AND d.retracted_at IS NULL"""

MENTIONS_VIEW = """SELECT m.document_id, m.date FROM {schema}.mentions m JOIN {schema}.documents d
 ON d.id = m.document_id WHERE d.tier <= {tier} AND d.published_at IS NOT NULL AND d.retracted_at IS NULL"""

FACT_VIEWS = {
    table.name: STATEMENTS_VIEW.format(
        table=table.name, columns=", ".join(f"x.{column.name}" for column in table.columns if column.name not in UNSEEN)
    )
    for table in STATEMENTS
} | {"mentions": MENTIONS_VIEW}

VIEWS = {
    "documents": DOCUMENTS_VIEW,
    "passages": PASSAGES_VIEW,
    "corpus_versions": CORPUS_VIEW,
    "recordings": RECORDINGS_VIEW,
} | FACT_VIEWS

# Reading as such, and beginning or ending a transaction; what may be read is decided table by table.
_HARMLESS = {
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_FUNCTION,
    sqlite3.SQLITE_RECURSIVE,
    sqlite3.SQLITE_TRANSACTION,
}


def open_sqlite_views(connection: sqlite3.Connection, tier: int) -> None:
    """Leave on this connection only what `tier` may read; it can do nothing else from here on."""
    # The authorizer is told the name of the view, or of the CTE, on whose behalf a table is read.
    # A CTE may carry any name, so the views that touch tables carry one that cannot be guessed.
    doors = {name: f"{name}_{secrets.token_hex(16)}" for name in VIEWS}
    for name, body in VIEWS.items():
        connection.execute(f"CREATE TEMP VIEW {doors[name]} AS {body.format(schema='main', tier=int(tier))}")
        connection.execute(f"CREATE TEMP VIEW {name} AS SELECT * FROM {doors[name]}")
    for allowed in range(tier + 1):
        connection.execute(
            f"CREATE VIRTUAL TABLE temp.terms_{allowed} USING fts5vocab(main, lexical_{allowed}, instance)"
        )
        # FTS5 connects a table when it is first read, which the authorizer would not let it do.
        connection.execute(f"SELECT 1 FROM temp.terms_{allowed} WHERE term = ''").fetchall()
    connection.set_authorizer(_only_views(tier, frozenset(doors.values())))


def _only_views(
    tier: int, doors: frozenset[str]
) -> Callable[[int, str | None, str | None, str | None, str | None], int]:
    shadows = {
        f"lexical_{allowed}{part}"
        for allowed in range(tier + 1)
        for part in ("", "_data", "_idx", "_docsize", "_config", "_content")
    }
    terms = {f"terms_{allowed}" for allowed in range(tier + 1)}

    def allow(action: int, first: str | None, second: str | None, database: str | None, view: str | None) -> int:
        if action in _HARMLESS or (action == sqlite3.SQLITE_PRAGMA and first == "data_version"):
            return sqlite3.SQLITE_OK  # FTS5 asks for the data version by itself
        if action != sqlite3.SQLITE_READ or first is None:
            return sqlite3.SQLITE_DENY
        through_door = view in doors and database == "main"
        own_view = (first in VIEWS or first in doors) and database == "temp"
        own_terms = first in shadows or first in terms
        return sqlite3.SQLITE_OK if through_door or own_view or own_terms else sqlite3.SQLITE_DENY

    return allow


def tier_role(database: str, tier: int) -> str:
    """Name the PostgreSQL role of a tier; roles belong to the cluster, so the database is in the name."""
    return f"{database}_tier_{tier}"


def create_postgresql_views(connection: Connection) -> None:
    """Create the role and the schema of every tier; run once, by the migration."""
    for tier in TIERS:
        schema = f"tier_{tier}"
        connection.execute(text(f"CREATE SCHEMA {schema}"))
        for name, body in VIEWS.items():
            connection.execute(text(f"CREATE VIEW {schema}.{name} AS {body.format(schema='public', tier=tier)}"))
        for allowed in range(tier + 1):
            connection.execute(
                text(f"CREATE VIEW {schema}.lexical_{allowed} AS SELECT * FROM public.lexical_{allowed}")
            )
    grant_postgresql_views(connection)


def grant_postgresql_views(connection: Connection) -> None:
    """Let the role of every tier into its schema, made where it is missing: as after a copy from another server."""
    database = connection.execute(text("SELECT current_database()")).scalar_one()
    for tier in TIERS:
        role, schema = _quoted(tier_role(database, tier)), f"tier_{tier}"
        known = connection.execute(
            text("SELECT 1 FROM pg_roles WHERE rolname = :name"), {"name": tier_role(database, tier)}
        ).first()
        if known is None:
            connection.execute(text(f"CREATE ROLE {role} NOLOGIN"))
        connection.execute(text(f"GRANT {role} TO CURRENT_USER"))
        connection.execute(text(f"GRANT USAGE ON SCHEMA {schema} TO {role}"))
        connection.execute(text(f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {role}"))


def renew_postgresql_views(connection: Connection) -> None:
    """Let the views show what came later, and grant what is new; what was granted stays granted."""
    database = connection.execute(text("SELECT current_database()")).scalar_one()
    here = set(inspect(connection).get_table_names())
    for tier in TIERS:
        for name in VIEWS.keys() & here:
            body = VIEWS[name].format(schema="public", tier=tier)
            connection.execute(text(f"CREATE OR REPLACE VIEW tier_{tier}.{name} AS {body}"))
        role = _quoted(tier_role(database, tier))
        connection.execute(text(f"GRANT SELECT ON ALL TABLES IN SCHEMA tier_{tier} TO {role}"))


def enter_postgresql_tier(connection: Connection, database: str, tier: int) -> None:
    """Make this transaction a reader of one tier: its role, its schema, one snapshot, nothing else."""
    connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
    connection.execute(text(f"SET LOCAL search_path TO tier_{int(tier)}"))
    connection.execute(text(f"SET LOCAL ROLE {_quoted(tier_role(database, tier))}"))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
