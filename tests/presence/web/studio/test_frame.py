"""The frame of the studio: sections that lead somewhere, and nobody there but the artist."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from presence.bootstrap import Services
from presence.web.rooms import ROUTERS
from presence.web.studio.frame import SECTIONS
from tests.nodes import client_of
from tests.presence.web.inviting import open_house
from tests.trusting import Artist, key, operator_of, sign_in
from trustgraph import Tier

House = tuple[Services, Artist]
PLACES = sorted(
    {
        (method, route.path)
        for router in ROUTERS
        for route in router.routes
        if isinstance(route, APIRoute) and "/studio" in route.path
        for method in route.methods or ()
    }
)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(Path(tmp_path_factory.mktemp("house")) / "home") as opened:
        yield opened


@pytest.mark.parametrize(("address", "words"), SECTIONS)
def test_a_section_leads_to_its_page(house: House, address: str, words: str) -> None:
    with client_of(house[0]) as client:
        operator_of(client, house[0])
        page = client.get(address, headers={"Accept": "text/html"})
        assert page.status_code == 200
        assert f'href="{address}" aria-current="page">{words}</a>' in page.text


@pytest.fixture(scope="module")
def others(house: House) -> Iterator[tuple[TestClient, TestClient]]:
    house[1].grant(key("ann").did, Tier.INNER)
    with client_of(house[0]) as stranger, client_of(house[0]) as innermost:
        sign_in(innermost, key("ann"))
        yield stranger, innermost


@pytest.mark.parametrize(("method", "path"), PLACES)
def test_neither_strangers_nor_the_innermost_come_in(
    others: tuple[TestClient, TestClient], method: str, path: str
) -> None:
    for client in others:
        assert client.request(method, path.replace("{", "").replace("}", "")).status_code == 401


def test_a_page_below_a_section_belongs_to_it(house: House) -> None:
    with client_of(house[0]) as client:
        operator_of(client, house[0])
        page = client.get("/studio/notes/new", headers={"Accept": "text/html"}).text
    assert page.count('aria-current="page"') == 1
    assert '<a class="group" href="/studio/notes" aria-current="true">Notes</a>' in page
