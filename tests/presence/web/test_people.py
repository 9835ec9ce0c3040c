"""“My people” over HTTP: her own part, and nobody else's."""

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from presence.bootstrap import Services
from tests.nodes import client_of
from tests.presence.web.inviting import open_house
from tests.trusting import Artist, key, sign_in
from trustgraph import Tier, Vouch

HTML = {"Accept": "text/html"}
House = tuple[Services, Artist]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """Artist → Ann → Bob, and artist → Dan."""
    with open_house(tmp_path / "home") as (node, artist):
        right = Vouch(2, 3, Tier.FOLLOWER)
        ann = artist.grant(key("ann").did, Tier.CIRCLE, vouch=right)
        artist.grant(key("dan").did, Tier.SUPPORTER)
        artist.vouch(key("ann"), ann, key("bob").did, Tier.FOLLOWER)
        for name in ("ann", "bob", "dan"):
            node.people.names.set(key(name).did, f"{name.title()} Quill")
        yield node, artist


@pytest.fixture
def client(house: House) -> Iterator[TestClient]:
    with client_of(house[0]) as opened:
        yield opened


def page(client: TestClient, who: str) -> str:
    sign_in(client, key(who))
    return client.get("/people", headers=HTML).text


def test_who_is_not_known_is_told_how_to_be(client: TestClient) -> None:
    shown = client.get("/people", headers=HTML)
    assert shown.status_code == 200
    assert "Quill" not in shown.text


def test_each_sees_her_own_part_alone(client: TestClient) -> None:
    ann, bob, dan = page(client, "ann"), page(client, "bob"), page(client, "dan")
    assert "Bob Quill" in ann
    assert "Dan" not in ann
    assert "introduced by Ann Quill" in bob
    assert "Dan" not in bob
    assert "Ann" not in dan
    assert "Bob" not in dan


def test_no_whole_code_of_anybody_stands_on_it(client: TestClient) -> None:
    shown = page(client, "ann")
    assert "did:key" not in re.sub(r"<[^>]*>", " ", shown)
    assert key("bob").did not in shown


def test_the_form_carries_the_rights_that_hold(client: TestClient) -> None:
    found = re.search(r'data-rights="([^"]*)"', page(client, "ann"))
    assert found is not None
    (right,) = json.loads(html.unescape(found[1]))
    assert (right["tier"], right["left"]) == ("follower", 2)
    assert "introduce nobody" in page(client, "dan")


def test_misuse_further_down_is_seen_above_with_its_reason(house: House, client: TestClient) -> None:
    house[1].revoke(key("bob").did)
    assert "blocked" in page(client, "ann")
    assert "Bob" not in page(client, "dan")


def test_the_circle_sees_everybody_where_the_artist_wants_it(house: House, client: TestClient) -> None:
    house[0].people.rules.set_tree_seen_by("circle")
    assert "Dan Quill" in page(client, "ann")
    assert "Ann" not in page(client, "dan")


def test_a_name_is_kept_and_one_like_the_artists_is_remarked_on(client: TestClient) -> None:
    sign_in(client, key("dan"))
    shown = client.post("/people/name", data={"name": "аda marsh"}, headers=HTML)
    assert "looks like the artist" in shown.text
    assert client.post("/people/name", data={"name": ""}).status_code == 422
    client.cookies.clear()
    assert client.post("/people/name", data={"name": "Eve"}).status_code == 401


def test_nobody_finds_out_by_a_name_who_else_is_here(client: TestClient) -> None:
    sign_in(client, key("dan"))
    pages = [client.post("/people/name", data={"name": name}, headers=HTML).text for name in ("Bob Quill", "Zoe Quill")]
    assert pages[0].replace("Bob", "Zoe") == pages[1]


def test_a_name_does_nothing_to_the_page(house: House, client: TestClient) -> None:
    house[0].people.names.set(key("bob").did, "<script>alert(1)</script>")
    assert "<script>alert" not in page(client, "ann")
