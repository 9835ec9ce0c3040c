"""Sharing in the studio: parts come to a hundred, hold when all have agreed, and what was before stays to be read."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from presence.bootstrap import Services
from tests.nodes import client_of
from tests.presence.web.paying import ANN, ASKED, CENT, give, open_shop
from tests.presence.web.studio.shop import HTML, ask, desk, seen, words

PAGE = "/studio/splits"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Services]:
    with open_shop(tmp_path / "home") as node:
        yield node


@pytest.fixture
def client(shop: Services) -> Iterator[TestClient]:
    with client_of(shop) as opened:
        yield desk(opened, shop)


def added(client: TestClient, name: str) -> str:
    """Add a collaborator; give the path of her link."""
    page = client.post(f"{PAGE}/people", data={"name": name}, headers=HTML)
    assert page.headers["cache-control"] == "no-store"
    found = re.search(r"http://localhost:8765(/splits/[\w-]+)", page.text)
    assert found is not None
    return found[1]


def parted(shop: Services, scope: str, *percents: str) -> dict[str, object]:
    parties = ["artist", *(one.ident for one in shop.paying.splits.parties())]
    return {"scope": scope, "party": parties, "percent": list(percents)}


def test_it_waits_until_she_agrees_by_her_link(shop: Services, client: TestClient) -> None:
    link = added(client, "Zeno <Obuya>")
    waits = client.post(PAGE, data=parted(shop, "node", "66,67", "33.33"), headers=HTML).text
    assert "It waits for Zeno <Obuya>. Until then, it is divided as before." in words(waits)
    assert "Everything is yours." in words(waits)
    with client_of(shop) as zeno:
        zeno.post(f"{link}/accept", data={"version": 1}, headers=HTML)
    page = client.get(PAGE, headers=HTML).text
    assert "Everything is yours." not in words(page)
    assert seen(page).select_one("#holds-title ~ article time, #holds-title ~ article .meta") is not None
    assert shop.paying.splits.listed()[0].shares == {"artist": 6_667, shop.paying.splits.parties()[0].ident: 3_333}
    again = client.post(f"{PAGE}/people/link", data={"party": shop.paying.splits.parties()[0].ident}, headers=HTML)
    assert link not in again.text
    assert client.get(link, headers=HTML).status_code == 404
    ended = words(client.post(f"{PAGE}/end", data={"scope": "node"}, headers=HTML).text)
    assert "Ended. What was paid before stays as it was divided." in ended
    assert "Everything is yours." in ended
    assert "Everything, ended" in ended


@pytest.mark.parametrize(
    ("percents", "sentence"),
    [
        (("60", "30"), "The shares come to 90.00 %, and have to come to 100 %."),
        (("60", "50"), "The shares come to 110.00 %"),
        (("60", "forty"), "is no percentage"),
        (("99.999", "0.001"), "is no percentage"),
        (("", ""), "Shares are"),
    ],
)
def test_parts_that_are_no_hundred_are_refused_and_what_was_typed_stays(
    shop: Services, client: TestClient, percents: tuple[str, str], sentence: str
) -> None:
    added(client, "Zeno")
    assert "Together they have to come to 100 %." in words(client.get(PAGE, headers=HTML).text)
    refused = client.post(PAGE, data=parted(shop, "node", *percents), headers=HTML)
    assert (refused.status_code, sentence in words(refused.text)) == (422, True)
    assert [field["value"] for field in seen(refused.text).select("[name=percent]")] == list(percents)
    assert shop.paying.splits.listed() == []


def test_a_note_has_an_agreement_of_its_own(shop: Services, client: TestClient) -> None:
    added(client, "Zeno")
    scope = f"note:{shop.library.shelf.notes()[0].ident}"
    page = client.get(f"{PAGE}?about={scope}", headers=HTML).text
    assert seen(page).select("#scope option[selected]")[0]["value"] == scope
    assert "The note “The rented piano”" in words(
        client.post(PAGE, data=parted(shop, scope, "50", "50"), headers=HTML).text
    )
    assert shop.paying.splits.listed()[0].scope == scope
    assert client.post(PAGE, data=parted(shop, "note:nothing", "50", "50"), headers=HTML).status_code == 422


def test_an_agreement_on_a_note_outlives_an_edit_of_it(shop: Services) -> None:
    party, _ = shop.paying.splits.add_party("Zeno")
    (note,) = shop.library.shelf.notes()
    splits, payables = shop.paying.splits, shop.paying.payables
    splits.accept(party.ident, splits.propose(f"note:{note.ident}", {"artist": 5_000, party.ident: 5_000}))
    shop.library.shelf.edit(note.ident, "I wrote Pilot Ladder on a rented piano in York.\n")
    (edited,) = shop.library.shelf.notes()
    assert edited.ident != note.ident
    give(shop, ANN, 100)
    ask(shop, ANN, ASKED)
    assert payables.owed(party.ident) == CENT
    with client_of(shop) as client:
        assert "The note “The rented piano” Ada Marsh: 50 %" in words(desk(client, shop).get(PAGE, headers=HTML).text)
    splits.accept(party.ident, splits.propose(f"note:{edited.ident}", {"artist": 7_500, party.ident: 2_500}))
    ask(shop, ANN, f"{ASKED}?")
    assert payables.owed(party.ident) == CENT + CENT // 2, "what is agreed for the note as it is now comes first"


def test_all_for_herself_holds_at_once_and_replaces_what_was(shop: Services, client: TestClient) -> None:
    added(client, "Zeno")
    party = shop.paying.splits.parties()[0].ident
    client.post(PAGE, data=parted(shop, "node", "50", "50"))
    shop.paying.splits.accept(party, 1)
    page = client.post(PAGE, data=parted(shop, "node", "100", ""), headers=HTML).text
    assert "It holds from now on." in words(page)
    assert "Everything, replaced by a newer one" in words(page)


def test_a_name_is_needed(client: TestClient) -> None:
    refused = client.post(f"{PAGE}/people", data={"name": "   "}, headers=HTML)
    assert (refused.status_code, "A collaborator has a name" in refused.text) == (422, True)
    assert client.post(f"{PAGE}/people/link", data={"party": "nobody"}, headers=HTML).status_code == 422
