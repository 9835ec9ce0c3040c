"""A home of an earlier version opens, with everything that it held; what tests copy is what the migrations make."""

import os
import sys
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from knowledge import Wish
from knowledge.contracts import TIERS
from knowledge.views import tier_role
from presence.database import Database, open_database
from presence.migrations import head, newest, upgrade
from tests.databases import migrated_database, open_migrated
from tests.knowledge.facts.curating import column, night, tell
from tests.knowledge.recordings.sounds import wav
from tests.nodes import open_node
from tests.postgres import drop_database

LATER = ("rekeyings", "own_keys", "recordings")


def test_a_home_without_curation_and_recordings_gets_both(tmp_path: Path, new_database_url: str | None) -> None:
    home = tmp_path / "home"
    with open_node(home, database_url=new_database_url, is_new=True) as services:
        tell(services, tmp_path / "notes", a=night("One", "2019-07-14", "The Dock", "Zeno O. - Monday"))
        tell(services, tmp_path / "notes", b=night("Two", "2020-07-14", "The Dock", "Zeno Obuya - Monday"))
        dialect = services.database.dialect
        with services.database.owner.begin() as owner:
            for table in LATER:
                owner.execute(text(f"DROP TABLE {table}" + (" CASCADE" if dialect == "postgresql" else "")))
            owner.execute(text("UPDATE alembic_version SET version_num = '0003'"))
    with open_node(home, database_url=new_database_url, is_new=True) as services:
        assert set(LATER) <= set(inspect(services.database.owner).get_table_names())
        services.curation.merge(*services.curation.find_two("Zeno O.", "Zeno Obuya", "artist"))
        assert column(services, "set_items", "artist_key", 0).count("zeno obuya") == 2
        (tmp_path / "one.wav").write_bytes(wav())
        wish = Wish(len(wav()), 2, "One")
        made = services.recordings.add(tmp_path / "one.wav", wish, lambda _done, _whole: None)
        assert services.recordings.recording(made.ident, 1) is None
        assert services.recordings.recording(made.ident, 2) == made


def made_of(database: Database) -> list[set[object]]:
    """Everything that there is; on PostgreSQL also what the role of each tier may read."""
    with database.owner.connect() as owner:
        if database.dialect == "sqlite":
            return [set(owner.execute(text("SELECT type, name, sql FROM sqlite_master")))]
        everything = """SELECT c.relkind, c.oid::regclass::text, coalesce(pg_get_viewdef(c.oid), '') FROM pg_class c
 WHERE c.relnamespace::regnamespace::text NOT IN ('pg_catalog', 'pg_toast', 'information_schema')"""
        may = """ AND has_table_privilege(:role, c.oid, 'SELECT')
 AND has_schema_privilege(:role, c.relnamespace, 'USAGE') AND c.relkind IN ('r', 'v')"""
        name = owner.engine.url.database or ""
        allowed = [owner.execute(text(everything + may), {"role": tier_role(name, tier)}) for tier in TIERS]
        return [set(rows) for rows in (owner.execute(text(everything)), *allowed)]


def test_what_tests_copy_is_what_the_migrations_make(
    tmp_path: Path, new_database_url: str | None, request: pytest.FixtureRequest
) -> None:
    made = open_database(new_database_url, tmp_path / "made.db")
    upgrade(made.owner)
    url, address, name = None, "", f"copied_{os.getpid()}"
    if new_database_url is not None:
        address = request.getfixturevalue("postgres")
        url = migrated_database(address, name)
    copied = open_migrated(url, tmp_path / "copied.db")
    assert made_of(copied) == made_of(made)
    assert all(made_of(copied))
    for database in (made, copied):
        database.close()
    if url is not None:
        drop_database(address, name)


def test_a_database_that_is_up_to_date_opens_without_alembic(
    tmp_path: Path, new_database_url: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert newest() == head()
    database = open_database(new_database_url, tmp_path / "presence.db")
    try:
        upgrade(database.owner)
        for name in ("alembic", "alembic.command", "alembic.util"):
            monkeypatch.setitem(sys.modules, name, None)  # whoever asks for it now fails
        upgrade(database.owner)
        with database.owner.begin() as owner:
            owner.execute(text("UPDATE alembic_version SET version_num = '0003'"))
        with pytest.raises(ImportError):
            upgrade(database.owner)
    finally:
        database.close()
