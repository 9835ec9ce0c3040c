"""Asking to follow over HTTP."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from presence.bootstrap import Services
from tests.nodes import client_of
from tests.presence.web.inviting import open_house
from tests.trusting import Artist, key, sign_in

HTML = {"Accept": "text/html"}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[tuple[Services, Artist]]:
    with open_house(tmp_path / "home") as opened:
        yield opened


@pytest.fixture
def client(house: tuple[Services, Artist]) -> Iterator[TestClient]:
    with client_of(house[0]) as opened:
        yield opened


def test_who_is_not_known_is_led_to_a_key(client: TestClient) -> None:
    page = client.get("/follow", headers=HTML).text
    assert "/key" in page
    refused = client.post("/follow", data={"name": "Ann", "words": "hello"}, headers=HTML)
    assert refused.status_code == 401
    assert "Sign in first" in refused.text


def test_a_request_waits_and_the_page_says_so(house: tuple[Services, Artist], client: TestClient) -> None:
    sign_in(client, key("ann"))
    assert "looks at it" in client.get("/follow", headers=HTML).text
    page = client.post("/follow", data={"name": "Ann", "words": "I was there"}, headers=HTML)
    assert "Your request waits" in page.text
    assert [one.name for one in house[0].people.requests.waiting()] == ["Ann"]


def test_an_open_rule_lets_in_at_once(house: tuple[Services, Artist], client: TestClient) -> None:
    house[0].people.rules.set_follow("open")
    sign_in(client, key("ann"))
    assert "You are in" in client.post("/follow", data={"name": "Ann"}, headers=HTML).text
    assert client.get("/api/me").json()["tier"] == "follower"


@pytest.mark.parametrize("form", [{"name": ""}, {"name": "x" * 81}, {"name": "Ann", "words": "x" * 401}, {}])
def test_what_cannot_be_kept_is_refused_in_a_sentence(client: TestClient, form: dict[str, str]) -> None:
    sign_in(client, key("ann"))
    assert client.post("/follow", data=form, headers=HTML).status_code == 422


def test_a_request_from_another_site_is_refused(client: TestClient) -> None:
    sign_in(client, key("ann"))
    elsewhere = {"Origin": "https://evil.example", **HTML}
    assert client.post("/follow", data={"name": "Ann"}, headers=elsewhere).status_code == 403
