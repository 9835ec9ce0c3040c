"""A room with records and nights of several tiers, an artist, and two listeners who signed in."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from presence.bootstrap import Services
from tests.nodes import client_of, open_node, take_in, write_notes
from tests.presence.memory.people import ANN, BOB, NOTES, RECORDS
from tests.trusting import Artist, sign_in
from trustgraph import Tier


@pytest.fixture
def room(tmp_path: Path, database_url: str | None) -> Iterator[Services]:
    with open_node(tmp_path / "home", database_url=database_url) as services:
        take_in(services, write_notes(tmp_path / "notes", NOTES), tier=None)
        take_in(services, write_notes(tmp_path / "records", {"records.csv": RECORDS}), tier=0)
        yield services


@pytest.fixture
def artist(room: Services) -> Artist:
    return Artist(room.trust)


@pytest.fixture
def grants(artist: Artist) -> dict[str, Any]:
    return {who.did: artist.grant(who.did, Tier.CIRCLE) for who in (ANN, BOB)}


@pytest.fixture
def ann(room: Services, grants: dict[str, Any]) -> Iterator[TestClient]:
    with client_of(room) as client:
        sign_in(client, ANN)
        yield client


@pytest.fixture
def bob(room: Services, grants: dict[str, Any]) -> Iterator[TestClient]:
    with client_of(room) as client:
        sign_in(client, BOB)
        yield client
