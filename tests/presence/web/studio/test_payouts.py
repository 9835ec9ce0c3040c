"""Paying collaborators from the studio: booked once, in whole cents, never more than was earned."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from presence.bootstrap import Services
from tests.nodes import client_of
from tests.presence.web.paying import CENT, open_shop
from tests.presence.web.studio.shop import HTML, desk, sell, total, words

PAGE = "/studio/payouts"
Sold = tuple[Services, str]


@pytest.fixture(scope="module")
def sold(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sold]:
    with open_shop(Path(tmp_path_factory.mktemp("sold")) / "home") as node:
        yield node, sell(node)


@pytest.fixture
def client(sold: Sold) -> Iterator[TestClient]:
    with client_of(sold[0]) as opened:
        yield desk(opened, sold[0])


def form(client: TestClient) -> dict[str, str]:
    found = re.findall(r'name="(party|once|amount)"[^>]*? value="([^"]*)"', client.get(PAGE, headers=HTML).text)
    return dict(found)


def test_what_is_owed_is_paid_once_and_the_rest_is_carried(sold: Sold, client: TestClient) -> None:
    node, party = sold
    owed = node.paying.payables.owed(party)
    cents, rest = divmod(owed, CENT)
    assert rest, "the split leaves fractions"
    filled = form(client) | {"proof": "bank transfer <b>17</b>"}
    assert (filled["party"], filled["amount"]) == (party, node.paying.currency.written(cents * CENT))
    for amount in ("0.30", "0,30"):
        assert "Noted as paid." in client.post(PAGE, data=filled | {"amount": amount}, headers=HTML).text
    assert node.paying.payables.owed(party) == owed - 30 * CENT, "the same form is booked once"
    refused = client.post(PAGE, data=filled | {"amount": "0.05"}, headers=HTML)
    assert (refused.status_code, "sent before" in refused.text) == (422, True)
    after = form(client) | {"proof": "cash"}
    assert after["once"] != filled["once"]
    shown = words(client.post(PAGE, data=after, headers=HTML).text)
    assert "fractions wait until they are whole" in shown
    assert "bank transfer <b>17</b>" in shown
    assert node.paying.payables.owed(party) == rest
    assert -total(node, "assets:bank", "'payout'") == -cents * CENT


@pytest.mark.parametrize(
    ("amount", "proof", "sentence"),
    [
        ("1000", "bank", "So much has not been earned."),
        ("0.005", "bank", "Whole cents are paid out"),
        ("five", "bank", "is no amount"),
        ("0.01", "  ", "how it was paid"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_booked(
    sold: Sold, client: TestClient, amount: str, proof: str, sentence: str
) -> None:
    node, party = sold
    before = node.paying.payables.owed(party)
    data = {"party": party, "once": "other", "amount": amount, "proof": proof}
    refused = client.post(PAGE, data=data, headers=HTML)
    assert (refused.status_code, sentence in refused.text) == (422, True)
    assert node.paying.payables.owed(party) == before
    assert client.post(PAGE, data=data | {"party": "nobody", "amount": "1"}, headers=HTML).status_code == 422
