"""Following a link over HTTP."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from presence.bootstrap import Services
from presence.languages import written_clock
from presence.web.pages import iso_time
from tests.nodes import client_of
from tests.presence.web.inviting import open_house
from tests.trusting import Artist, key, operator_of, sign_in

HTML = {"Accept": "text/html"}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[tuple[Services, Artist]]:
    with open_house(tmp_path / "home") as opened:
        yield opened


@pytest.fixture
def client(house: tuple[Services, Artist]) -> Iterator[TestClient]:
    with client_of(house[0]) as opened:
        yield opened


def link(node: Services, people: int = 2) -> tuple[str, str]:
    invite, token = node.people.invites.make("the ferry", people_max=people, seconds=3600)
    return invite.ident, f"/invite/{token}"


def test_the_page_says_who_invites_and_takes_no_place(house: tuple[Services, Artist], client: TestClient) -> None:
    _, path = link(house[0])
    page = client.get(path, headers=HTML)
    assert "Ada Marsh invites you: the ferry" in page.text
    assert 'id="take-invite"' in page.text
    assert (page.headers["Cache-Control"], page.headers["Referrer-Policy"]) == ("no-store", "same-origin")
    assert house[0].people.invites.all()[0].taken == 0


def test_who_is_signed_in_comes_in_by_one_press(house: tuple[Services, Artist], client: TestClient) -> None:
    _, path = link(house[0])
    sign_in(client, key("ann"))
    assert "You have your place" in client.post(path, headers=HTML).text
    assert client.get("/api/me").json()["tier"] == "follower"


def test_a_script_gets_json(house: tuple[Services, Artist], client: TestClient) -> None:
    _, path = link(house[0])
    assert client.post(path).status_code == 401
    sign_in(client, key("ann"))
    assert client.post(path).json()["tier"] == "follower"


def test_without_a_script_who_is_not_known_is_led_to_signing_in(
    house: tuple[Services, Artist], client: TestClient
) -> None:
    _, path = link(house[0])
    led = client.post(path, headers=HTML, follow_redirects=False)
    assert led.status_code == 303
    assert led.headers["Location"] == f"/sign-in?next={path.replace('/', '%2F')}"


def test_full_and_closed_say_so_and_offer_to_ask(house: tuple[Services, Artist], client: TestClient) -> None:
    ident, path = link(house[0], people=1)
    sign_in(client, key("ann"))
    client.post(path)
    sign_in(client, key("bob"))
    refused = client.post(path)
    assert (refused.status_code, "places" in refused.json()["detail"]) == (409, True)
    assert 'href="/follow"' in client.get(path, headers=HTML).text
    house[0].people.invites.close(ident)
    assert client.post(path).status_code == 410


@pytest.mark.parametrize("token", ["nothing", "a" * 43, "a" * 43 + ".%22"])
def test_a_link_that_opens_nothing_says_what_it_may_be_and_not_which(client: TestClient, token: str) -> None:
    page = client.get(f"/invite/{token}", headers=HTML)
    assert page.status_code == 404
    assert "It was used, has run out or was taken back" in page.text
    assert 'href="/follow"' in page.text


def test_an_invitation_of_hours_says_until_which(house: tuple[Services, Artist], client: TestClient) -> None:
    made, token = house[0].people.invites.make("tonight", people_max=100, seconds=12 * 3600)
    page = BeautifulSoup(client.get(f"/invite/{token}", headers=HTML).text, "html.parser")
    (until,) = page.select(".meta time[data-zone=moment]")
    assert until["datetime"] == iso_time(made.expires_at)
    assert written_clock(made.expires_at) in until.get_text()
    _, token = house[0].people.invites.make("this summer", people_max=100, seconds=60 * 24 * 3600)
    assert "UTC" not in client.get(f"/invite/{token}", headers=HTML).text


def test_the_code_for_cameras_is_for_the_operator(house: tuple[Services, Artist], client: TestClient) -> None:
    ident, path = link(house[0])
    secret = path.removeprefix("/invite/")
    assert client.get(f"/studio/invites/{ident}.svg?token={secret}").status_code == 401
    operator_of(client, house[0])
    drawn = client.get(f"/studio/invites/{ident}.svg?token={secret}")
    assert drawn.headers["Content-Type"] == "image/svg+xml"
    assert drawn.text.startswith("<svg")
    assert client.get(f"/studio/invites/other.svg?token={secret}").status_code == 404
    assert client.get(f"/studio/invites/{ident}.svg?token={'a' * 43}").status_code == 404
