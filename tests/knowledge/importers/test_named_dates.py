"""Dates and times in the names and rows of DJ programs."""

import pytest

from knowledge.importers.clock_times import from_midnight, hour_and_minute
from knowledge.importers.named_dates import date_in, is_history


@pytest.mark.parametrize(
    ("name", "date"),
    [
        ("HISTORY 2024-05-01", "2024-05-01"),
        ("history_2019y10m18d_19h07m19s", "2019-10-18"),
        ("2024_05_01 (2)", "2024-05-01"),
        ("set20240501", "2024-05-01"),
        ("HISTORY 2024-13-01", ""),
        ("HISTORY 004", ""),
        ("1200345678", ""),
    ],
)
def test_the_day_in_a_name_is_found(name: str, date: str) -> None:
    assert date_in(name) == date


def test_a_name_says_whether_it_was_played() -> None:
    assert is_history("HISTORY 2024-05-01")
    assert is_history("history_2019y10m18d")
    assert not is_history("Prehistory Records")
    assert not is_history("Warm-up")


@pytest.mark.parametrize(
    ("written", "ms"),
    [
        ("22:13", 79_980_000),
        ("10:13:05 PM", 79_985_000),
        ("12:05 a.m.", 300_000),
        ("01/05/2024, 22.13", 79_980_000),
        ("", None),
        ("soon", None),
        ("25:10", None),
    ],
)
def test_times_of_day_are_read(written: str, ms: int | None) -> None:
    assert from_midnight(written) == ms


def test_a_time_of_day_is_written_back() -> None:
    assert (hour_and_minute(79_985_000), hour_and_minute(None)) == ("22:13", "")
