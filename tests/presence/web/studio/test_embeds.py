"""Elsewhere: sites that are hers, sites on which the room may stand, and what to put into their pages."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from presence.bootstrap import Services
from presence.sites.own import NO_LINK
from tests.nodes import client_of
from tests.presence.web.studio.shop import HTML, desk, seen, words

PAGE = "/studio/elsewhere"


@pytest.fixture
def client(node: Services) -> Iterator[TestClient]:
    with client_of(node) as opened:
        yield desk(opened, node)


def test_a_site_is_named_looked_at_and_taken_off(node: Services, client: TestClient) -> None:
    # An address inside is never asked for anything, so this needs no network.
    page = words(client.post(f"{PAGE}/sites", data={"address": "http://127.0.0.1:9/<b>"}, headers=HTML).text)
    assert "Nothing was changed: A site is named by its address" in page
    page = words(client.post(f"{PAGE}/sites", data={"address": "http://127.0.0.1:9/"}, headers=HTML).text)
    assert "It is not confirmed yet: see what is missing." in page
    assert "127.0.0.1:9 not confirmed:" in page
    (site,) = node.sites.own.all()
    assert site.why != NO_LINK
    page = words(client.post(f"{PAGE}/sites/remove", data={"address": site.address}, headers=HTML).text)
    assert "Taken off the list." in page
    assert node.sites.own.all() == []
    assert client.post(f"{PAGE}/sites/remove", data={"address": site.address}, headers=HTML).status_code == 404


def test_the_room_may_stand_where_she_says_and_nowhere_else(node: Services, client: TestClient) -> None:
    data = {"origin": "https://Blog.example/", "per_visitor": "3", "per_day": "70"}
    page = client.post(f"{PAGE}/rooms", data=data, headers=HTML).text
    assert "https://blog.example" in words(page)
    assert "3 from one visitor, 70 in all" in words(page)
    assert '<script src="http://localhost:8765/embed.js"></script>' in words(page)
    assert client.get("/embed?site=https://blog.example").status_code == 200
    client.post(f"{PAGE}/rooms/remove", data={"origin": "https://blog.example"})
    assert client.get("/embed?site=https://blog.example").status_code == 403
    assert node.sites.embeds.all() == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"origin": "http://blog.example"}, "A site is named by its origin"),
        ({"origin": "https://blog.example/path"}, "A site is named by its origin"),
        ({"per_day": "0"}, "questions a day can be taken"),
        ({"per_visitor": "many"}, "is a number"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(
    node: Services, client: TestClient, change: dict[str, str], sentence: str
) -> None:
    data = {"origin": "https://blog.example", "per_visitor": "3", "per_day": "70"} | change
    refused = client.post(f"{PAGE}/rooms", data=data, headers=HTML)
    assert (refused.status_code, sentence in refused.text) == (422, True)
    for name, value in data.items():
        assert seen(refused.text).select(f"#{name}")[0]["value"] == value
    assert node.sites.embeds.all() == []


def test_the_line_for_her_own_site_and_the_feed_are_there_to_copy(client: TestClient) -> None:
    page = client.get(PAGE, headers=HTML).text
    copied = [one.get_text() for one in seen(page).select(".code-to-copy")]
    assert copied == [
        '<a rel="me" href="http://localhost:8765/">Ada Marsh</a>',
        '<script src="http://localhost:8765/embed.js"></script>',
        "http://localhost:8765/feed.xml",
    ]
