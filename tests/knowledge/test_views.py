"""What a reader at a tier can reach: its views, and nothing beneath them."""

import contextlib
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from knowledge.contracts import TIERS
from knowledge.views import VIEWS, open_sqlite_views
from presence.bootstrap import Services
from tests.knowledge.notes import note, tell, texts
from tests.nodes import open_node

SQLITE_TRICKS = (
    "SELECT * FROM main.documents",
    "SELECT 1 FROM main.documents",
    "SELECT count(*) FROM main.documents",
    "SELECT count(*) FROM main.passages",
    "SELECT rowid FROM main.passages",
    "SELECT version FROM main.corpus_versions",
    "WITH documents AS (SELECT * FROM main.documents) SELECT * FROM documents",
    "WITH passages AS (SELECT text FROM main.passages) SELECT * FROM passages",
    "WITH corpus_versions AS (SELECT * FROM main.corpus_versions) SELECT * FROM corpus_versions",
    "WITH RECURSIVE documents AS (SELECT * FROM main.documents UNION SELECT * FROM main.documents)"
    " SELECT * FROM documents",
    "SELECT (SELECT group_concat(text) FROM main.documents)",
    "SELECT id FROM documents WHERE id IN (SELECT id FROM main.documents)",
    "SELECT d.text FROM documents LEFT JOIN main.documents d ON d.tier = 3",
    "SELECT origin FROM documents",
    "SELECT searched FROM passages",
    "SELECT * FROM imports",
    "SELECT * FROM main.imports",
    "SELECT * FROM alembic_version",
    "SELECT * FROM questions",
    "SELECT * FROM sessions",
    "SELECT * FROM rekeyings",
    "SELECT * FROM own_keys",
    "SELECT file FROM recordings",
    "SELECT file FROM main.recordings",
    "SELECT * FROM sqlite_master",
    "SELECT * FROM main.sqlite_schema",
    "SELECT * FROM sqlite_temp_master",
    "SELECT * FROM temp.sqlite_temp_schema",
    "SELECT * FROM pragma_table_info('documents')",
    "SELECT * FROM pragma_table_list",
    "SELECT * FROM pragma_database_list",
    "SELECT * FROM dbstat",
    "SELECT * FROM main.lexical_3",
    "SELECT * FROM lexical_3 WHERE lexical_3 MATCH 'heronshaw'",
    "SELECT * FROM lexical_3_content",
    "SELECT * FROM lexical_3_data",
    "SELECT * FROM lexical_3_idx",
    "SELECT * FROM lexical_3_docsize",
    "SELECT * FROM lexical_3_config",
    "SELECT * FROM terms_3",
    "SELECT * FROM frequencies_3",
    "CREATE VIRTUAL TABLE temp.mine USING fts5vocab(main, lexical_3, instance)",
    "CREATE TEMP VIEW mine AS SELECT * FROM main.documents",
    "CREATE TEMP TABLE mine AS SELECT * FROM main.documents",
    "CREATE TEMP TRIGGER mine INSTEAD OF INSERT ON documents BEGIN SELECT * FROM main.documents; END",
    "DROP VIEW documents",
    "DROP VIEW temp.documents",
    "ATTACH ':memory:' AS other",
    "ATTACH 'file:presence.db' AS other",
    "DETACH main",
    "PRAGMA table_info(documents)",
    "PRAGMA database_list",
    "PRAGMA writable_schema = 1",
    "PRAGMA query_only = 0",
    "PRAGMA trusted_schema = 1",
    "INSERT INTO main.documents (id) VALUES ('x')",
    "INSERT INTO documents (id) VALUES ('x')",
    "UPDATE main.documents SET tier = 0",
    "UPDATE main.passages SET tier = 0",
    "DELETE FROM main.passages",
    "DELETE FROM lexical_0",
    "INSERT INTO lexical_0(lexical_0) VALUES ('delete-all')",
    "REINDEX",
    "ANALYZE",
    "VACUUM",
    "VACUUM INTO '/tmp/copy-of-everything.db'",
    "SELECT load_extension('/tmp/x')",
    "SELECT writefile('/tmp/x', text) FROM documents",
)

POSTGRESQL_TRICKS = (
    "SELECT * FROM public.documents",
    "SELECT count(*) FROM public.passages",
    "SELECT * FROM public.imports",
    "SELECT * FROM public.corpus_versions",
    "SELECT * FROM public.alembic_version",
    "SELECT * FROM public.questions",
    "SELECT * FROM public.sessions",
    "SELECT * FROM public.rekeyings",
    "SELECT * FROM public.own_keys",
    "SELECT file FROM recordings",
    "SELECT * FROM public.recordings",
    "SELECT * FROM tier_4.recordings",
    "SELECT * FROM tier_4.documents",
    "SELECT * FROM tier_1.passages",
    "SELECT * FROM lexical_3",
    "SELECT * FROM public.lexical_3",
    "SELECT * FROM public.lexical_0",
    "SELECT * FROM tier_4.lexical_3",
    "WITH documents AS (SELECT * FROM public.documents) SELECT * FROM documents",
    "SELECT origin FROM documents",
    "SELECT searched FROM passages",
    "CREATE TABLE mine (a int)",
    "CREATE TEMP TABLE mine (a int)",
    "CREATE VIEW mine AS SELECT * FROM public.documents",
    "INSERT INTO documents (id) VALUES ('x')",
    "UPDATE documents SET tier = 0",
    "DELETE FROM passages",
    "DROP VIEW documents",
    "SELECT pg_read_file('/etc/hostname')",
    "COPY documents TO PROGRAM 'cat'",
)

TABLES = {
    "documents": "id, file_name, sha256, format, kind, title, date, speaker, licence, tier, text, published_at,"
    " retracted_at",
    "passages": "number, id, document_id, ordinal, tier, speaker, heading, start, text, sentences, words, vector,"
    " embedder",
    "corpus_versions": "tier, version, passages, words",
}


@pytest.fixture(scope="module")
def sqlite_told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    folder = tmp_path_factory.mktemp("views")
    with open_node(folder / "home") as services:
        yield told(services, folder)


@pytest.fixture
def postgres_told(postgres_shelf: Services, tmp_path: Path) -> Services:
    return told(postgres_shelf, tmp_path)


def told(services: Services, folder: Path) -> Services:
    names = ("public", "follower", "supporter", "circle", "inner")
    notes = {name: note(f"A sentence for {name} eyes.", title=name, tier=name) for name in names}
    tell(services, folder / "notes", **notes)
    return services


def run(reader: Connection, statement: str) -> list[object]:
    done = reader.exec_driver_sql(statement)
    return list(done) if done.returns_rows else []


@pytest.mark.parametrize("statement", SQLITE_TRICKS)
def test_no_trick_on_sqlite_reaches_beneath_the_views(sqlite_told: Services, statement: str) -> None:
    with pytest.raises(DBAPIError), sqlite_told.database.reader(0) as reader:
        run(reader, statement)
    assert texts(sqlite_told, 0) == ["A sentence for public eyes."]
    assert len(texts(sqlite_told, 4)) == 5


def test_a_query_plan_does_not_give_away_the_door_behind_a_view(sqlite_told: Services) -> None:
    with sqlite_told.database.reader(0) as reader:
        try:
            plan = run(reader, "EXPLAIN QUERY PLAN SELECT * FROM documents LEFT JOIN passages ON 1")
        except DBAPIError:
            return
    assert not re.search(r"(documents|passages)_[0-9a-f]{8,}", str(plan))


def test_the_door_behind_a_view_has_another_name_on_every_connection() -> None:
    """It could be opened by a query that gives its own subquery the same name."""
    names = [doors(), doors()]
    assert all(len(found) == 2 * len(VIEWS) for found in names)
    assert names[0] & names[1] == set(VIEWS)


def doors() -> set[str]:
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        for view, columns in TABLES.items():
            connection.execute(f"CREATE TABLE {view} ({columns})")
        for tier in TIERS:
            connection.execute(f"CREATE VIRTUAL TABLE lexical_{tier} USING fts5(body)")
        open_sqlite_views(connection, 0)
        connection.set_authorizer(None)
        return {row[0] for row in connection.execute("SELECT name FROM sqlite_temp_master WHERE type = 'view'")}


def test_a_view_named_by_its_schema_is_still_the_view(sqlite_told: Services) -> None:
    with sqlite_told.database.reader(0) as reader:
        assert run(reader, "SELECT title FROM temp.documents") == [("public",)]


@pytest.mark.slow
def test_no_trick_on_postgresql_reaches_beneath_the_views(postgres_told: Services) -> None:
    reached = []
    for statement in POSTGRESQL_TRICKS:
        try:
            with postgres_told.database.reader(0) as reader:
                run(reader, statement)
        except DBAPIError:
            continue
        reached.append(statement)
    assert reached == []
    assert texts(postgres_told, 0) == ["A sentence for public eyes."]


def test_each_tier_reads_itself_and_what_is_below(shelf: Services, tmp_path: Path) -> None:
    told(shelf, tmp_path)
    for tier in TIERS:
        assert len(texts(shelf, tier)) == tier + 1


def test_the_sizes_of_higher_tiers_are_not_told(shelf: Services, tmp_path: Path) -> None:
    told(shelf, tmp_path)
    with shelf.database.reader(1) as reader:
        assert sorted(row[0] for row in reader.exec_driver_sql("SELECT tier, version FROM corpus_versions")) == [0, 1]


def test_no_view_shows_a_path_of_the_artists_machine(shelf: Services, tmp_path: Path) -> None:
    told(shelf, tmp_path)
    with shelf.database.reader(4) as reader:
        for view in ("documents", "passages", "corpus_versions"):
            rows = list(reader.exec_driver_sql(f"SELECT * FROM {view}"))
            assert rows
            assert str(tmp_path) not in str(rows)
