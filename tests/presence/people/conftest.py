"""A node with its artist, a door that is open, and a clock that can be set."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from presence.bootstrap import Services
from presence.people.door import Door
from presence.people.invites import Invites
from presence.people.names import Names
from presence.people.places import KeptPlaces
from presence.people.requests import Requests
from presence.people.rules import Rules
from tests.nodes import open_node
from tests.trusting import Artist


@dataclass(frozen=True, slots=True)
class House:
    """A node and what it keeps about people."""

    node: Services
    artist: Artist
    door: Door
    invites: Invites
    names: Names
    rules: Rules
    requests: Requests
    places: KeptPlaces

    def tier(self, did: str) -> int:
        return int(self.node.trust.tier_of(did).tier)


def house_of(node: Services) -> House:
    """Begin a log, and open the door."""
    artist = Artist(node.trust)
    door = Door(node.trust, artist.delegate("door"))
    return with_door(node, artist, door)


def with_door(node: Services, artist: Artist, door: Door) -> House:
    rules, names = Rules(node.database, node.lane), Names(node.database, node.lane)
    requests = Requests(node.database, node.lane, node.trust, door, rules, names)
    return House(
        node,
        artist,
        door,
        Invites(node.database, node.lane, door),
        names,
        rules,
        requests,
        KeptPlaces(node.database, node.lane, door, requests, lambda address: f"box of {address}"),
    )


@pytest.fixture
def house(node: Services) -> House:
    return house_of(node)


@pytest.fixture
def both_houses(tmp_path: Path, database_url: str | None) -> Iterator[House]:
    """Once on each database."""
    with open_node(tmp_path / "home", database_url=database_url) as services:
        yield house_of(services)
