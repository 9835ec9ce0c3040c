"""Databases that are migrated once for a test process, and copied for each test.

A copy is what the migrations make, byte for byte; opening one still asks them whether anything is missing.
Tests of the migrations themselves, and of processes of their own, begin with nothing.
"""

import os
import shutil
import tempfile
from functools import cache
from pathlib import Path

import psycopg
from psycopg import sql

from knowledge.contracts import TIERS
from knowledge.views import tier_role
from presence.database import Database, open_database
from presence.migrations import upgrade
from tests.postgres import new_database


def migrated_file(file: Path) -> None:
    """Put an empty, migrated SQLite database where there is none."""
    if not file.exists():
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.write_bytes(_sqlite())


def open_migrated(url: str | None, file: Path) -> Database:
    """Open what the migrations make: at a URL, or in a file that is put there."""
    if url is None:
        migrated_file(file)
    database = open_database(url, file)
    upgrade(database.owner)
    return database


def migrated_database(address: str, name: str) -> str:
    """Make an empty, migrated PostgreSQL database; gives its address."""
    model = _postgresql(address)
    with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(model))
        )
        # Roles belong to the cluster and carry the database's name: each may what the model's may, and no more.
        for tier in TIERS:
            role, like = sql.Identifier(tier_role(name, tier)), sql.Identifier(tier_role(model, tier))
            connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN IN ROLE {}").format(role, like))
            connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(role))
    return f"{address}/{name}"


@cache
def _sqlite() -> bytes:
    folder = Path(tempfile.mkdtemp(prefix="presence-migrated-"))
    file = folder / "presence.db"
    database = open_database(None, file)
    upgrade(database.owner)
    database.close()
    assert list(folder.iterdir()) == [file]  # all of it is in there, and nothing waits beside it
    made = file.read_bytes()
    shutil.rmtree(folder)
    return made


@cache
def _postgresql(address: str) -> str:
    name = f"migrated_{os.getpid()}"
    database = open_database(new_database(address, name), Path("unused"))
    upgrade(database.owner)
    database.close()
    return name
