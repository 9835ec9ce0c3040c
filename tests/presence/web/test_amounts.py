"""Tests of amounts as people type them."""

from pathlib import Path

import pytest

from presence.web.amounts import with_a_point
from tests.nodes import client_of
from tests.presence.web.paying import ANN, give, open_shop
from tests.trusting import sign_in


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("7,50", "7.50"),
        (" 7,5 ", " 7.5 "),
        ("7.50", "7.50"),
        ("1,000", "1,000"),
        ("1.000,50", "1.000,50"),
        (",5", ",5"),
    ],
)
def test_a_comma_is_a_point_where_it_can_be_nothing_else(typed: str, read: str) -> None:
    assert with_a_point(typed) == read


def test_a_limit_may_be_typed_with_a_comma(tmp_path: Path) -> None:
    with open_shop(tmp_path) as shop, client_of(shop) as ann:
        give(shop, ANN, 300)
        sign_in(ann, ANN)
        ann.post("/wallet/limits", data={"day": "7,50", "month": "20"})
        kept = shop.paying.wallets.find(ANN.did)
        assert kept is not None
        assert (kept.day_max, kept.month_max) == (7_500_000, 20_000_000)
        assert ann.post("/wallet/limits", data={"day": "1,000"}).status_code == 422
