"""Fixtures that every room shares."""

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from presence import logs
from presence.bootstrap import Services
from tests import stores
from tests.databases import migrated_database
from tests.nodes import open_node, take_in, write_notes
from tests.parsers import KeptParser
from tests.postgres import binaries, cluster, drop_database, new_database

_names = itertools.count(1)

NOTES = {
    "piano.md": """---
title: The rented piano
date: 2019-03-04
tier: public
---
I wrote Pilot Ladder on a rented piano in Leeds. The piano had two dead keys, and both were B flat.
Nobody in the house slept that week.
""",
    "ferry.md": """---
title: Night ferry
date: 2015-06-20
kind: set
tier: public
---
We played on the upper deck until the coast guard called.

[0:00:00] Zeno Obuya - Monday Dub [Lantern]
[0:07:30] Ada Marsh - Low Tide (Long Mix) [Dock]
[0:15:10] ID - ID
""",
    "friends.md": """---
title: What I told my friends
tier: circle
---
The next record has the working title Heronshaw. Heronshaw was recorded in a chapel with nineteen notes.
""",
    "letter.md": """---
title: A letter from Winnie
tier: follower
speaker: Winifred Marsh
---
Your grandfather kept the tide books in the pantry. He never missed a day.
""",
}


@pytest.fixture(autouse=True)
def _quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the machine reaches a test."""
    for name in list(os.environ):
        if name.startswith("PRESENCE_"):
            monkeypatch.delenv(name)
    logs.configure("json", level=50)


@pytest.fixture(scope="session")
def kept_parser() -> Iterator[KeptParser]:
    """The parser of all imports of a test process; its process starts with the first of them."""
    parser = KeptParser()
    yield parser
    parser.close()


@pytest.fixture(autouse=True)
def _one_parser(request: pytest.FixtureRequest, kept_parser: KeptParser, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the slow suites every import starts a parser of its own, as it does in a node."""
    if request.node.get_closest_marker("slow") is None:
        monkeypatch.setattr("knowledge.ingest.Parser", lambda: kept_parser)


@pytest.fixture(autouse=True)
def _given_back(request: pytest.FixtureRequest) -> Iterator[None]:
    """What a test's homes stand on goes with its folder, where that is servers."""
    folder = None
    if stores.ON_SERVERS and "tmp_path" in request.fixturenames:
        folder = request.getfixturevalue("tmp_path")
    yield
    if folder is not None:
        stores.servers().take_back(folder)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a cluster, one per test process."""
    if binaries() is None:
        pytest.fail("PostgreSQL is not installed: apt-get install postgresql")
    if stores.ON_SERVERS:
        yield stores.servers().address
        return
    with cluster() as address:
        yield address


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def database_url(request: pytest.FixtureRequest) -> Iterator[str | None]:
    """Both databases: None is the SQLite file in the home; the other one is empty and migrated."""
    if request.param == "sqlite":
        yield None
        return
    address: str = request.getfixturevalue("postgres")
    name = f"test_{os.getpid()}_{next(_names)}"
    yield migrated_database(address, name)
    drop_database(address, name)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def new_database_url(request: pytest.FixtureRequest) -> Iterator[str | None]:
    """Both databases as an installation finds them: nothing is in there yet."""
    if request.param == "sqlite":
        yield None
        return
    address: str = request.getfixturevalue("postgres")
    name = f"new_{os.getpid()}_{next(_names)}"
    yield new_database(address, name)
    drop_database(address, name)


@pytest.fixture
def material(tmp_path: Path) -> Path:
    """A few notes of three tiers and two speakers."""
    return write_notes(tmp_path / "material", NOTES)


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Services]:
    """An empty node on SQLite."""
    with open_node(tmp_path / "home") as services:
        yield services


@pytest.fixture
def told_node(node: Services, material: Path) -> Services:
    """A node that knows the notes."""
    take_in(node, material, tier=None)
    return node


@pytest.fixture
def both(tmp_path: Path, database_url: str | None) -> Iterator[Services]:
    """An empty node, once on each database."""
    with open_node(tmp_path / "home", database_url=database_url) as services:
        yield services
