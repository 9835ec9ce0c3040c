"""Tests of sentences that come as plain English and are found again by their form."""

from presence.languages import Decimals, in_a_row, said, said_many, speaking, wording, written_decimal
from presence.languages.retelling import CHARS_MAX, retold


def test_a_sentence_is_found_with_what_was_put_into_it() -> None:
    made = retold("The key for door has its right for 1,200 days.")
    assert made == "The key for door has its right for 1,200 days."
    assert made is not None
    assert (made.form, made.values) == (
        "The key for {role} has its right for {days} days.",
        {"role": "door", "days": 1200},
    )


def test_a_reason_inside_a_reason_is_said_too_and_a_name_stays_a_name() -> None:
    with speaking("fr", "Ada Marsh"):
        assert "titre" in wording("3 rows without a title left out: line 3, 4.")
        told = wording("There is a release called “Records and {braces}” already: join the two.")
    assert "Records and {braces}" in told


def test_what_has_no_such_form_and_what_is_too_long_stay_as_they_are() -> None:
    assert retold("Night bus, and the rain on it") is None
    assert retold(f"The database is damaged: {CHARS_MAX * 'x'}.") is None
    with speaking("fr", "Ada Marsh"):
        assert wording("Night bus, and the rain on it") == "Night bus, and the rain on it"


def test_in_english_nothing_is_retold() -> None:
    assert wording("3 rows without a title left out: line 3, 4.") == "3 rows without a title left out: line 3, 4."


def test_parts_stand_in_a_row_each_in_its_own_plural() -> None:
    row = in_a_row([said_many("{n} set", "{n} sets", 1), said_many("{n} track", "{n} tracks", 1200), "{odd}"])
    assert row == "1 set, 1,200 tracks, {odd}"
    with speaking("fr", "Ada Marsh"):
        told = wording(row)
    assert told.startswith("1 set, 1\N{NARROW NO-BREAK SPACE}200 ")
    assert told.endswith(", {odd}")


def test_decimals_are_written_as_the_language_does() -> None:
    assert said("{size} MB", size=Decimals(1234.56, 1)) == "1,234.6 MB"
    assert written_decimal(0.5, 2) == "0.50"
    with speaking("fr", "Ada Marsh"):
        assert written_decimal(1234.56) == "1\N{NARROW NO-BREAK SPACE}234,6"
        assert written_decimal(1234.56, 0) == "1\N{NARROW NO-BREAK SPACE}235"
