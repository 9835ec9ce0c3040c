"""Money at a terminal: every deed of the operator, and what it refuses."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from billing import BillingError
from billing.errors import PricesWrong, SplitWrong
from presence.bootstrap import Services
from presence.errors import UnknownWallet
from presence.local.deeds import DEEDS
from tests.nodes import client_of
from tests.presence.web.paying import ANN, ASKED, BOB, CENT, open_shop
from tests.trusting import sign_in
from trustgraph import DocumentRefused

Do = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Services]:
    with open_shop(tmp_path / "home") as opened:
        yield opened


@pytest.fixture
def do(shop: Services) -> Do:
    def doing(deed: str, exit_code: int = 0, **arguments: Any) -> list[dict[str, Any]]:
        told: list[dict[str, Any]] = []
        assert DEEDS[deed](shop, arguments, told.append) == exit_code
        return told

    return doing


def paid(shop: Services) -> str:
    with client_of(shop) as client:
        sign_in(client, ANN)
        client.post("/ask", data={"question": ASKED, "max_price_micros": 5 * CENT})
    return shop.paying.receipts.of_owner(ANN.did)[0].ident


def test_credit_is_given_shown_and_closed(shop: Services, do: Do) -> None:
    (given,) = do("wallet give", did=ANN.did, amount="5.00", until=None, why="a thank-you")
    assert (given["available"], given["gift"], given["closed_because"]) == ("$5.00", "$5.00", None)
    receipt = paid(shop)
    shown, *lines = do("wallet show", did=ANN.did)
    assert shown["available"] == "$4.98"
    assert [(line["kind"], line["amount"], line["receipt"]) for line in lines] == [
        ("capture", "−$0.02", receipt),
        ("gift", "$5.00", None),
    ]
    assert do("wallet freeze", did=ANN.did, why="A payment is looked into.")[0]["available"] == "$0.00"
    assert do("wallet freeze", did=ANN.did, why=None)[0]["available"] == "$4.98"
    for did in (BOB.did, "nobody"):
        with pytest.raises(UnknownWallet):
            do("wallet show", did=did)
    with pytest.raises(DocumentRefused):
        do("wallet give", did="nobody", amount="1")
    for wrong in ("five", "0", "-1", "0.0000001"):
        with pytest.raises(BillingError):
            do("wallet give", did=ANN.did, amount=wrong)


def test_the_books_are_right_until_somebody_changes_them(shop: Services, do: Do) -> None:
    do("wallet give", did=ANN.did, amount="5.00")
    paid(shop)
    assert do("ledger verify")[-1] == {
        "event": "audited",
        "wrong": 0,
        "transactions": 2,
        "wallets": 1,
        "receipts": 1,
    }
    with shop.database.owner.connect().execution_options(writes=True) as owner, owner.begin():
        owner.execute(text("UPDATE wallets SET gift = gift + 1"))
    told = do("ledger verify", exit_code=1)
    assert "does not hold what its entries come to" in told[0]["sentence"]


def test_the_ledger_is_written_to_a_file_or_told(shop: Services, do: Do, tmp_path: Path) -> None:
    do("wallet give", did=ANN.did, amount="5.00")
    file = tmp_path / "books.beancount"
    (written,) = do("ledger export", path=str(file))
    assert file.stat().st_mode & 0o777 == 0o600
    assert len(file.read_text().splitlines()) == written["lines"]
    told = "\n".join(one["text"] for one in do("ledger export"))
    assert told == file.read_text().rstrip("\n")


def test_prices_are_set_whole_or_refused_with_the_place(do: Do) -> None:
    shown = do("prices set", written={"acts": {"ask": {"price": "0.03"}}, "free": {"first": 2}})
    assert (shown[0]["version"], shown[0]["free"]["first"]) == ("2", 2)
    assert shown[1]["prices"][0]["shown"] == "$0.03"
    with pytest.raises(PricesWrong, match=r"acts\.ask"):
        do("prices set", written={"acts": {"ask": {"price": 0.02}}})
    assert do("prices show")[0]["version"] == "2"


def test_a_split_is_proposed_by_name_agreed_and_ended(shop: Services, do: Do) -> None:
    (made,) = do("split add", name="Zeno Obuya")
    word = made["link"].rpartition("/splits/")[2]
    party = shop.paying.splits.party_of(word)
    assert party is not None
    assert party.ident == made["id"]
    (split,) = do("split propose", scope="node", shares=[["artist", 7_500], ["Zeno Obuya", 2_500]])
    assert [(one["name"], one["hundredths"], one["agreed"]) for one in split["shares"]] == [
        ("artist", 7_500, True),
        ("Zeno Obuya", 2_500, False),
    ]
    shop.paying.splits.accept(made["id"], split["version"])
    assert do("split list")[-1]["agreed"] is True
    (again,) = do("split link", party=made["id"])
    assert again["link"] != made["link"]
    assert shop.paying.splits.party_of(word) is None
    assert do("split end", scope="node")[-1]["ended"] is True
    do("split add", name="Zeno Obuya")
    for shares in ([["nobody", 10_000]], [["Zeno Obuya", 10_000]], [["artist", 5_000], ["artist", 5_000]]):
        with pytest.raises(SplitWrong):
            do("split propose", scope="node", shares=shares)


def test_receipts_are_listed(shop: Services, do: Do) -> None:
    do("wallet give", did=ANN.did, amount="5.00")
    ident = paid(shop)
    (listed,) = do("receipt list")
    assert (listed["id"], listed["amount"], listed["payer"], listed["leaf"]) == (ident, "$0.02", ANN.did, None)
    assert do("receipt list", did=BOB.did) == []
