"""Codes, kinds of nights, names in one field, mixes of titles, dates and times of columns."""

import pytest

from knowledge.importers import codes, date_columns
from knowledge.importers.event_kinds import event_kind
from knowledge.importers.left_out import LeftOut
from knowledge.importers.people import people, without_numbers
from knowledge.importers.statements import EVENT_KINDS
from knowledge.importers.versions import split_version


@pytest.mark.parametrize(
    ("written", "read"),
    [("NLA1Z2600123", "NLA1Z2600123"), ("nl-a1z-26-00123", "NLA1Z2600123"), ("NLA1Z26", ""), ("", ""), ("x" * 999, "")],
)
def test_an_isrc_loses_its_dashes(written: str, read: str) -> None:
    assert codes.isrc(written) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [("0724384960650", "0724384960650"), ("'0724 384960650", "0724384960650"), ("123", ""), ("n/a", "")],
)
def test_a_barcode_is_its_digits(written: str, read: str) -> None:
    assert codes.barcode(written) == read


@pytest.mark.parametrize(
    ("written", "read"), [("124", 124_000), ("124,5 BPM", 124_500), ("0", None), ("0.00", None), ("fast", None)]
)
def test_a_tempo_of_nought_is_unknown(written: str, read: int | None) -> None:
    assert codes.bpm_milli(written) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("https://example.org/a", "https://example.org/a"),
        ("ftp://example.org", ""),
        ("javascript:alert(1)", ""),
        ("https://example.org/<b>", ""),
        ("example.org", ""),
    ],
)
def test_an_address_is_on_the_web(written: str, read: str) -> None:
    assert codes.web_address(written) == read


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("club", "club night"),
        ("DJ set", "club night"),
        ("festival", "festival"),
        ("Konzert", "concert"),
        ("gig", "concert"),
        ("radio show", "radio"),
        ("live stream", "livestream"),
        ("wedding", "private"),
        ("open decks", "open decks"),
        ("podcast", "mix"),
        ("other", ""),
    ],
)
def test_a_night_is_called_by_one_of_the_known_kinds(written: str, kind: str) -> None:
    assert event_kind(written) == kind
    assert not kind or kind in EVENT_KINDS


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("Ada b2b Zeno", ("Ada", "Zeno")),
        ("w/ Ada, Zeno; Ada", ("Ada", "Zeno")),
        ("Salt & Sand", ("Salt & Sand",)),
        ("AB/CD / Mo", ("AB/CD", "Mo")),
        (" , ", ()),
    ],
)
def test_names_in_one_field_are_parted(written: str, names: tuple[str, ...]) -> None:
    assert people(written) == names


def test_numbers_behind_names_go_and_years_stay() -> None:
    assert without_numbers("Human (2), Kontur (13)") == "Human, Kontur"
    assert without_numbers("Harbour (1979)") == "Harbour (1979)"


@pytest.mark.parametrize(
    ("title", "parts"),
    [
        ("Low Tide (Ana Remix)", ("Low Tide", "Ana Remix")),
        ("Low Tide (Original Mix)", ("Low Tide", "")),
        ("Low Tide [Dub]", ("Low Tide", "Dub")),
        ("(I Can't Get No) Satisfaction", ("(I Can't Get No) Satisfaction", "")),
        ("Low Tide (Reprise)", ("Low Tide (Reprise)", "")),
        ("(Remix)", ("(Remix)", "")),
    ],
)
def test_a_mix_stands_behind_its_title(title: str, parts: tuple[str, str]) -> None:
    assert split_version(title) == parts


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("1977-05-08", ("1977-05-08", "")),
        ("1977-05-08T20:00:00Z", ("1977-05-08", "20:00")),
        ("1977/11/24", ("1977-11-24", "")),
        ("10/18/2019 10:00 PM", ("2019-10-18", "22:00")),
        ("5/13/77", ("1977-05-13", "")),
        ("Sun, 8 May 1977", ("1977-05-08", "")),
        ("1er août 2019", ("2019-08-01", "")),
        ("2 de mayo de 2020", ("2020-05-02", "")),
        ("juillet 2019", ("2019-07", "")),
        ("March 2020", ("2020-03", "")),
        ("1977", ("1977", "")),
        ("31.02.2000", ("", "")),
        ("soon", ("", "")),
    ],
)
def test_dates_are_read_as_people_write_them(written: str, read: tuple[str, str]) -> None:
    assert date_columns.DateOrder().read(written) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [("23:00", "23:00"), ("11 pm", "23:00"), ("12:05 a.m.", "00:05"), ("23h30", "23:30"), ("23", ""), ("25:00", "")],
)
def test_a_time_of_day_is_written_in_one_way(written: str, read: str) -> None:
    assert date_columns.clock(written) == read


def test_what_is_left_out_is_one_sentence_a_kind() -> None:
    left = LeftOut()
    left.add("without a title left out", range(1, 15))
    left.add("without a date left out", [3])
    assert left.sentences() == (
        "14 rows without a title left out: line 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 and 2 more.",
        "1 row without a date left out: line 3.",
    )
