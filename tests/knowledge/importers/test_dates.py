"""Dates as people write them."""

import pytest

from knowledge.importers.dates import iso_date


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2019-03-04", "2019-03-04"),
        ("2019-3-4", "2019-03-04"),
        ("2019-03", "2019-03"),
        ("2019", "2019"),
        ("2019-1-1 19:07:00 +0200", "2019-01-01"),
        ("2019-01-01T19:07:00Z", "2019-01-01"),
        ("", ""),
        ("soon", ""),
        ("in 2019", ""),
    ],
)
def test_a_date_keeps_the_precision_that_was_written(written: str, iso: str) -> None:
    assert iso_date(written) == iso


@pytest.mark.parametrize("written", ["2019-13-01", "2019-02-31", "2019-00-10"])
def test_a_day_that_never_was_is_not_a_date(written: str) -> None:
    assert iso_date(written) in ("", "2019", "2019-02")
