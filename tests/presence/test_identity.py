"""The keys of a home: what is made, what the running node needs, and what it never opens."""

import time
from pathlib import Path

import pytest

from presence.home import Home
from presence.identity import artist_file, found
from tests.nodes import client_of, open_node
from tests.trusting import key, sign_in
from trustgraph import Tier
from trustgraph.errors import KeyFileWrong


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def test_a_node_serves_and_lets_in_without_the_artists_key(home: Home) -> None:
    made = found(home, int(time.time()), passphrase="a phrase")
    artist_file(home).unlink()
    with open_node(home.folder) as services:
        assert services.trust.keys.key == made.artist.did
        services.people.door.let_in(key("ann").did)
        with client_of(services) as client:
            sign_in(client, key("ann"))
            assert client.get("/api/me").json()["tier"] == "follower"
        for held in (services.node_keys.presence, services.node_keys.till, services.node_keys.door):
            assert held is not None
            assert held.did != made.artist.did


def test_the_founding_documents_begin_the_log_once(home: Home) -> None:
    found(home, int(time.time()), passphrase="a phrase")
    with open_node(home.folder) as services:
        seq, head = services.trust.head
        assert seq == 4
    with open_node(home.folder) as services:
        assert services.trust.head == (seq, head)
        assert services.trust.delegated("door", services.node_keys.door.did) is not None  # type: ignore[union-attr]


def test_a_key_that_others_can_read_stops_the_node(home: Home) -> None:
    found(home, int(time.time()), passphrase="a phrase")
    (home.keys / "till.json").chmod(0o644)
    with pytest.raises(KeyFileWrong, match="chmod 600"), open_node(home.folder):
        pass


def test_a_home_without_keys_is_public_to_all(home: Home) -> None:
    with open_node(home.folder) as services:
        assert services.trust.keys.root is None
        assert services.trust.tier_of(key("ann").did).tier == Tier.PUBLIC
        assert services.trust.doubt is None
