"""A node that can mail, with an artist, a clock that can be set, and a listener who signed in."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from presence.bootstrap import Services
from tests.mailing import USER, Mailroom, mailroom
from tests.nodes import client_of, open_node
from tests.presence.telling.people import ANN, Clock
from tests.push_service import PushService, push_service
from tests.trusting import Artist, sign_in


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr("time.time", made)
    return made


@pytest.fixture
def room() -> Iterator[Mailroom]:
    with mailroom() as opened:
        yield opened


@pytest.fixture
def house(tmp_path: Path, database_url: str | None, room: Mailroom, clock: Clock) -> Iterator[Services]:
    """It looks for what happened when a test says so."""
    url = SecretStr(room.url)
    with open_node(tmp_path / "home", database_url=database_url, smtp_url=url, mail_from=USER) as opened:
        yield opened


@pytest.fixture
def artist(house: Services) -> Artist:
    return Artist(house.trust)


@pytest.fixture
def client(house: Services, artist: Artist) -> Iterator[TestClient]:
    with client_of(house) as opened:
        sign_in(opened, ANN)
        yield opened


@pytest.fixture
def service(tmp_path: Path, house: Services) -> Iterator[PushService]:
    """A push service that the house reaches."""
    with push_service(tmp_path) as (opened, door):
        mine = house.telling.door
        mine.resolve, mine.networks, mine.ports, mine.trusted = door.resolve, door.networks, door.ports, door.trusted
        yield opened
