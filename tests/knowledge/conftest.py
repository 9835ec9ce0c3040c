"""Nodes whose vector index a test can look into."""

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge.memory import MemoryIndex
from presence.bootstrap import Services
from tests.databases import migrated_database
from tests.nodes import open_node
from tests.postgres import drop_database

_names = itertools.count(1)


@pytest.fixture
def index() -> MemoryIndex:
    """The vector index behind `shelf` and `small_shelf`."""
    return MemoryIndex()


@pytest.fixture
def shelf(tmp_path: Path, database_url: str | None, index: MemoryIndex) -> Iterator[Services]:
    """An empty node, once on each database."""
    with open_node(tmp_path / "home", database_url=database_url, index=index) as services:
        yield services


@pytest.fixture
def small_shelf(tmp_path: Path, index: MemoryIndex) -> Iterator[Services]:
    """An empty node on SQLite, for what does not depend on the database."""
    with open_node(tmp_path / "home", index=index) as services:
        yield services


@pytest.fixture
def postgres_shelf(tmp_path: Path, postgres: str) -> Iterator[Services]:
    """An empty node on PostgreSQL."""
    name = f"knowledge_{os.getpid()}_{next(_names)}"
    with open_node(tmp_path / "home", database_url=migrated_database(postgres, name)) as services:
        yield services
    drop_database(postgres, name)
