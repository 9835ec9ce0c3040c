"""Earnings in the studio: every figure of every table agrees with the ledger, to the micro."""

import csv
import io
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from presence.bootstrap import Services
from presence.paying.bars import SLOTS_MIN
from presence.paying.earnings import earnings
from presence.paying.periods import parts, period
from presence.web.pages import TIER_MARKS
from tests.nodes import client_of
from tests.presence.web.paying import ANN, CENT, open_shop
from tests.presence.web.studio.shop import HTML, ask, desk, micros, seen, sell, total, words

WHOLE = 8 * CENT + 100 * CENT


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    with open_shop(Path(tmp_path_factory.mktemp("shop")) / "home") as node:
        sell(node)
        yield node


@pytest.fixture
def client(shop: Services) -> Iterator[TestClient]:
    with client_of(shop) as opened:
        yield desk(opened, shop)


def page_of(client: TestClient, chosen: str = "month") -> BeautifulSoup:
    answered = client.get(f"/studio/earnings?while={chosen}", headers=HTML)
    assert answered.status_code == 200
    return seen(answered.text)


def amount(page: BeautifulSoup, ident: str) -> int:
    found = page.find(id=ident)
    assert found is not None, ident
    return micros(found.get_text())


def rows(page: BeautifulSoup, ident: str) -> dict[str, tuple[int, int]]:
    section = page.select_one(f'[aria-labelledby="{ident}"]')
    assert section is not None
    found = [[cell.get_text(" ", strip=True) for cell in row.find_all(["th", "td"])] for row in section.select("tr")]
    return {name: (int(count), micros(earned)) for name, count, earned in found[1:]}


def agrees(shop: Services, client: TestClient, chosen: str) -> None:
    """Compare each figure of a page with sums of the ledger that are made here."""
    hers, others = total(shop, "income:"), total(shop, "liabilities:payable:")
    assert hers + others == WHOLE
    page = page_of(client, chosen)
    assert (amount(page, "whole"), amount(page, "yours"), amount(page, "shared")) == (WHOLE, hers, others)
    assert amount(page, "given") == 2 * CENT
    assert sum(earned for _, earned in rows(page, "acts-title").values()) == WHOLE
    tiers = [name for name in rows(page, "tiers-title") if not name.startswith("Not known")]
    assert {name[:2] for name in tiers} <= {f"{mark} " for mark in TIER_MARKS}
    assert rows(page, "acts-title") == {"A question": (4, 8 * CENT), "Tips": (1, 100 * CENT)}
    for ident in ("notes-title", "tiers-title", "depth-title", "return-title"):
        assert sum(earned for _, earned in rows(page, ident).values()) == 8 * CENT, ident
    twin = page.select("details table tbody td")
    assert sum(micros(cell.get_text()) for cell in twin) == WHOLE
    assert len(page.select("svg.bars rect")) == len(twin)
    whole = int(str(page.select("svg.bars")[0]["viewbox"]).split()[2])
    assert all(int(str(bar["width"])) * SLOTS_MIN <= whole for bar in page.select("svg.bars rect"))


@pytest.mark.parametrize("chosen", ["today", "month", "all", "nonsense"])
def test_every_table_comes_to_what_the_ledger_says(shop: Services, client: TestClient, chosen: str) -> None:
    agrees(shop, client, chosen)


def test_notes_have_what_was_quoted_of_them(client: TestClient) -> None:
    found = rows(page_of(client), "notes-title")
    assert set(found) <= {"The rented piano", "=The chapel"}
    assert found["The rented piano"][1] >= 6 * CENT
    assert rows(page_of(client), "return-title") == {"Came on one day": (2, 8 * CENT)}


def test_amounts_below_each_other_have_equally_many_digits(client: TestClient) -> None:
    for table in page_of(client).select("table.figures"):
        written = [row.select("td")[-1].get_text(strip=True) for row in table.select("tbody tr")]
        assert len({len(amount.partition(".")[2]) for amount in written}) == 1, written


def test_practice_money_is_called_so(shop: Services, client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    said = "This is practice money"
    assert said not in words(str(page_of(client)))
    monkeypatch.setattr(shop.settings.billing, "practice", True)
    assert said in words(str(page_of(client)))
    assert said in words(client.get("/studio", headers=HTML).text)


def test_where_the_money_lies_is_the_ledgers_balance(shop: Services, client: TestClient) -> None:
    every = "'capture', 'tip', 'subscription', 'top_up', 'gift', 'payout'"
    page = page_of(client)
    assert amount(page, "pending") == -total(shop, "assets:processor", every) == 500 * CENT
    assert "Paid in, not spent yet" in words(str(page))
    assert amount(page, "in-wallets") == total(shop, "liabilities:wallets:", every) == (500 - 100 - 6) * CENT
    assert amount(page, "owed") == total(shop, "liabilities:payable:", every)
    assert amount(page, "paid-out") == amount(page, "taken") == 0


def test_the_files_say_the_same(shop: Services, client: TestClient) -> None:
    told = list(csv.DictReader(io.StringIO(client.get("/studio/earnings.csv?while=all").text)))

    def summed(column: str, lines: list[dict[str, str]]) -> int:
        return sum(micros(f"${line[column]}") for line in lines)

    assert [line["what"] for line in told] == ["ask", "ask", "ask", "ask", "tip"]
    assert (summed("amount", told), summed("yours", told)) == (WHOLE, total(shop, "income:"))
    assert (summed("shared", told), summed("from credit you gave", told)) == (WHOLE - total(shop, "income:"), 2 * CENT)
    assert all(shop.paying.receipts.find(line["receipt"]) for line in told)
    assert ANN.did not in str(told)
    notes = list(csv.DictReader(io.StringIO(client.get("/studio/earnings-by-note.csv?while=all").text)))
    assert summed("amount", notes) == 8 * CENT
    assert [line["note"] for line in notes if "chapel" in line["note"]] in ([], ["'=The chapel"]), "no formula"


def test_who_had_everything_deleted_is_counted_and_not_known(tmp_path: Path, database_url: str | None) -> None:
    with open_shop(tmp_path / "home", database_url=database_url) as node, client_of(node) as client:
        sell(node)
        agrees(node, desk(client, node), "month")
        node.leaving.leave(ANN.did)
        page = page_of(client)
        assert amount(page, "whole") == WHOLE
        for ident in ("notes-title", "tiers-title", "depth-title", "return-title"):
            found = rows(page, ident)
            unknown = [earned for name, (_, earned) in found.items() if name.startswith("Not known any more")]
            assert unknown == [6 * CENT]
            assert sum(earned for _, earned in found.values()) == 8 * CENT


def test_the_first_page_says_what_came_in(client: TestClient) -> None:
    page = seen(client.get("/studio", headers=HTML).text)
    assert amount(page, "earned-today") == amount(page, "earned-month") == WHOLE


def test_nothing_sold_is_said(tmp_path: Path) -> None:
    with open_shop(tmp_path / "empty") as node, client_of(node) as opened:
        page = page_of(desk(opened, node), "all")
        assert amount(page, "whole") == 0
        assert "Nothing was earned in this time." in words(str(page))
        assert page.select("svg.bars, details table") == []
        assert "Nothing so far." in words(str(page))
        assert not re.search(r"plays\b", words(str(page)))


def test_whiles_hold_every_hour_day_and_month_once() -> None:
    leap, later = 1_709_164_800.0, 1_741_000_000.0  # 29 February 2024; March 2025
    assert parts(period("today", leap, 0))[::23] == ["00:00", "23:00"]
    assert parts(period("month", leap, 0)) == [f"2024-02-{day:02d}" for day in range(1, 30)]
    months = parts(period("all", later, leap))
    assert (months[0], months[-1], len(months)) == ("2024-02", "2025-03", 14)
    for name in ("today", "month", "all"):
        chosen = period(name, later, leap)
        assert chosen.part_of(chosen.since) == parts(chosen)[0]
        assert chosen.part_of(chosen.until - 1) in parts(chosen)


def test_what_was_worked_out_stands_until_something_is_sold_deleted_or_written(tmp_path: Path) -> None:
    with open_shop(tmp_path / "home") as shop:
        sell(shop)
        now = time.time()
        before = earnings(shop.database, "month", now)
        assert earnings(shop.database, "month", now) is before
        ask(shop, ANN, "Where did you write Pilot Ladder, and when?")
        after = earnings(shop.database, "month", now)
        assert after.sums.whole == before.sums.whole + 2 * CENT
        assert earnings(shop.database, "all", now).sums == after.sums
        shop.leaving.leave(ANN.did)
        left = earnings(shop.database, "month", now)
        assert left.sums == after.sums
        assert left.by_tier != after.by_tier
        note = next(one for one in shop.library.shelf.notes() if one.title == "The rented piano")
        shop.library.shelf.retract(note.ident)
        assert earnings(shop.database, "month", now) is not left
