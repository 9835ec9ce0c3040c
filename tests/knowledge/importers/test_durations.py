"""Durations, in milliseconds."""

import pytest

from knowledge.importers.durations import clock, duration_ms, from_clock, from_iso, from_seconds


@pytest.mark.parametrize(
    ("written", "ms"),
    [
        ("0:00", 0),
        ("3:45", 225_000),
        ("03:45", 225_000),
        ("1:02:03", 3_723_000),
        ("62:03", 3_723_000),
        ("3:45.5", 225_500),
        (" 3:45 ", 225_000),
    ],
)
def test_a_clock_is_read(written: str, ms: int) -> None:
    assert from_clock(written) == duration_ms(written) == ms


@pytest.mark.parametrize("written", ["", "345", "3:75", "a:10", "1:2:3:4", "-1:00", "??:??"])
def test_what_is_no_clock_is_none(written: str) -> None:
    assert from_clock(written) is None


@pytest.mark.parametrize(
    ("written", "ms"), [("PT3M45S", 225_000), ("PT1H2M3S", 3_723_000), ("P1DT1S", 86_401_000), ("PT0.5S", 500)]
)
def test_iso_8601_is_read(written: str, ms: int) -> None:
    assert from_iso(written) == duration_ms(written) == ms


@pytest.mark.parametrize("written", ["P", "PT", "", "3M"])
def test_what_is_no_iso_duration_is_none(written: str) -> None:
    assert from_iso(written) is None


@pytest.mark.parametrize(("written", "ms"), [("241.700394", 241_700), ("60", 60_000), ("-1", None), ("", None)])
def test_seconds_are_read_and_a_negative_number_is_unknown(written: str, ms: int | None) -> None:
    assert from_seconds(written) == duration_ms(written) == ms


def test_a_clock_is_written_back() -> None:
    assert [clock(ms) for ms in (0, 225_999, 3_723_000)] == ["0:00:00", "0:03:45", "1:02:03"]
