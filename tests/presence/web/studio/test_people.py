"""The artist's people over HTTP: for the operator alone; followers come in by the door's key."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from presence.bootstrap import Services
from tests.nodes import client_of
from tests.presence.web.inviting import open_house
from tests.trusting import Artist, key, operator_of, sign_in
from trustgraph import Tier

HTML = {"Accept": "text/html"}
House = tuple[Services, Artist]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path / "home") as opened:
        yield opened


@pytest.fixture
def client(house: House) -> Iterator[TestClient]:
    with client_of(house[0]) as opened:
        operator_of(opened, house[0])
        yield opened


def asked(node: Services, count: int) -> list[str]:
    dids = [key(f"fan {n}").did for n in range(count)]
    for n, did in enumerate(dids):
        node.people.requests.ask(did, name=f"Fan {n}", words="Hello <b>there</b>")
    return dids


def tier(node: Services, did: str) -> Tier:
    return node.trust.tier_of(did).tier


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/studio/people"),
        ("POST", "/studio/people/let-in"),
        ("POST", "/studio/people/dismiss"),
        ("POST", "/studio/people/rules"),
        ("POST", "/studio/invites"),
        ("POST", "/studio/invites/x/close"),
        ("GET", "/studio/invites/x.svg"),
    ],
)
def test_nobody_but_the_operator_comes_here(house: House, method: str, path: str) -> None:
    house[1].grant(key("ann").did, Tier.INNER)
    with client_of(house[0]) as stranger:
        assert stranger.request(method, path).status_code == 401
        sign_in(stranger, key("ann"))
        assert stranger.request(method, path).status_code == 401


def test_requests_are_let_in_after_one_look(house: House, client: TestClient) -> None:
    dids = asked(house[0], 3)
    page = client.get("/studio/people", headers=HTML).text
    assert "Hello &lt;b&gt;there" in page
    look = client.post("/studio/people/let-in", data={"did": dids[:2]}, headers=HTML).text
    assert "Let in 2 people?" in look
    assert tier(house[0], dids[0]) == Tier.PUBLIC
    client.post("/studio/people/let-in", data={"did": dids[:2], "confirmed": "yes"}, headers=HTML)
    assert [tier(house[0], did) for did in dids] == [Tier.FOLLOWER, Tier.FOLLOWER, Tier.PUBLIC]


def test_fifty_come_in_by_one_confirmation(house: House, client: TestClient) -> None:
    dids = asked(house[0], 52)
    look = client.post("/studio/people/let-in", data={"oldest": "yes"}, headers=HTML).text
    chosen = re.findall(r'name="did" value="([^"]+)"', look)
    assert len(chosen) == 50
    client.post("/studio/people/let-in", data={"did": chosen, "confirmed": "yes"})
    assert [tier(house[0], did) for did in dids].count(Tier.FOLLOWER) == 50


def test_who_asks_for_more_is_left_for_the_artists_key(house: House, client: TestClient) -> None:
    house[0].people.requests.ask_above(key("ann").did, Tier.CIRCLE, "A place was kept")
    page = client.get("/studio/people", headers=HTML).text
    assert 'data-tier="circle"' in page
    look = client.post("/studio/people/let-in", data={"did": [key("ann").did]}, headers=HTML).text
    assert "Nobody was chosen" in look


def test_requests_are_put_away(house: House, client: TestClient) -> None:
    dids = asked(house[0], 1)
    client.post("/studio/people/dismiss", data={"did": dids})
    assert house[0].people.requests.waiting() == []


def test_a_link_is_made_shown_once_and_closed(house: House, client: TestClient) -> None:
    made = client.post("/studio/invites", data={"label": "ferry", "people": 3, "hours": 2}, headers=HTML).text
    found = re.search(r"http://localhost:8765(/invite/[\w-]{43})", made)
    assert found is not None
    assert client.get(found[1], headers=HTML).status_code == 200
    assert 'data-zone="moment"' in made, "hours are told with the hour"
    assert '<a href="/studio/people" aria-current="true">' in made
    page = client.get("/studio/people", headers=HTML).text
    assert "0 of 3" in page
    assert found[1] not in page
    (invite,) = house[0].people.invites.all()
    client.post(f"/studio/invites/{invite.ident}/close")
    assert "closed" in client.get("/studio/people", headers=HTML).text
    assert client.post("/studio/invites", data={"people": 0, "hours": 2}).status_code == 422


def test_everybody_is_shown_with_what_the_artists_own_key_can_do(house: House, client: TestClient) -> None:
    granted = house[1].grant(key("ann").did, Tier.CIRCLE)
    house[0].people.door.let_in(key("bob").did)
    page = client.get("/studio/people", headers=HTML).text
    assert f'data-revoke="{granted.entry.event}"' in page
    assert f'data-block="{key("bob").did}"' in page
    assert page.count('<g class="person in">') == 2
    assert "style=" not in page


def test_the_forms_that_the_scripts_look_for_are_there(house: House, client: TestClient) -> None:
    asked(house[0], 1)
    page = client.get("/studio/people", headers=HTML).text
    for part in (
        'id="let-in"',
        'id="approve"',
        *(f'name="{one}"' for one in ("did", "tier", "days", "vouch_depth", "vouch_max", "vouch_tier")),
    ):
        assert part in page


def test_rules_are_kept(house: House, client: TestClient) -> None:
    client.post("/studio/people/rules", data={"follow": "open", "per_day": 7, "tree_seen_by": "circle"})
    assert (house[0].people.rules.follow.how, house[0].people.rules.follow.per_day) == ("open", 7)
    assert house[0].people.rules.tree_seen_by == "circle"
    assert client.post("/studio/people/rules", data={"follow": "shut", "tree_seen_by": "own"}).status_code == 422


def test_a_closed_door_is_said(node: Services) -> None:
    with client_of(node) as client:
        operator_of(client, node)
        assert "The door is shut" in client.get("/studio/people", headers=HTML).text
