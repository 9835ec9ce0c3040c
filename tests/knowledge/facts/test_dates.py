"""What people write for a date is read as the days that they mean."""

import datetime

import pytest

from knowledge.facts.dates import dated, dates_in
from knowledge.facts.days import NEVER, Calendar, When

TODAY = datetime.date(2026, 11, 21)
MONTH_FIRST = Calendar(1965, 1995, day_first=False, today=TODAY)
DAY_FIRST = Calendar(2001, 2024, day_first=True, today=TODAY)


def when(question: str, known: Calendar = MONTH_FIRST) -> When:
    (one,) = dated(question, known)
    return one.when


@pytest.mark.parametrize(
    "written",
    [
        "1977-05-08",
        "5/8/77",
        "5.8.77",
        "5-8-1977",
        "5/8/'77",
        "May 8, 1977",
        "May 8th 77",
        "8 May 1977",
        "8th of May 1977",
        "the eighth of May 77",
        "Sunday, May 8 1977",
        "on the 8th of May, 1977",
    ],
)
def test_a_day_is_read_however_it_is_written(written: str) -> None:
    read = when(f"What did you play {written}?")
    assert (read.first, read.last, read.words) == (19770508, 19770508, "on 8 May 1977")


@pytest.mark.parametrize(
    ("written", "first", "last", "words"),
    [
        ("in May 1977", 19770501, 19770531, "in May 1977"),
        ("May 77", 19770501, 19770531, "in May 1977"),
        ("February 1976", 19760201, 19760229, "in February 1976"),
        ("March-May 77", 19770301, 19770531, "from March to May 1977"),
        ("from March to May 1977", 19770301, 19770531, "from March to May 1977"),
        ("the summer of 89", 19890601, 19890831, "in summer 1989"),
        ("77 spring", 19770301, 19770531, "in spring 1977"),
        ("fall tour 1981", 19810901, 19811130, "in fall 1981"),
        ("winter 1977", 19761201, 19770228, "in winter 1977"),
        ("the seventies", 19700101, 19791231, "in the 1970s"),
        ("the '70s", 19700101, 19791231, "in the 1970s"),
        ("the early 1970s", 19700101, 19731231, "in the early 1970s"),
        ("late eighties", 19870101, 19891231, "in the late 1980s"),
        ("mid 77", 19770501, 19770831, "in mid 1977"),
        ("in 1977", 19770101, 19771231, "in 1977"),
        ("in 77", 19770101, 19771231, "in 1977"),
        ("'77", 19770101, 19771231, "in 1977"),
        ("this year", 20260101, 20261231, "in 2026"),
        ("last year", 20250101, 20251231, "in 2025"),
        ("between 1972 and 74", 19720101, 19741231, "from 1972 to 1974"),
        ("1972-74", 19720101, 19741231, "from 1972 to 1974"),
        ("between May 1977 and June 1978", 19770501, 19780630, "from May 1977 to June 1978"),
    ],
)
def test_a_stretch_has_its_first_and_last_day(written: str, first: int, last: int, words: str) -> None:
    read = when(f"how many shows {written}")
    assert (read.first, read.last, read.words) == (first, last, words)


@pytest.mark.parametrize(
    ("written", "first", "last", "words"),
    [
        ("before 1990", 0, 19891231, "before 1990"),
        ("prior to the summer of 74", 0, 19740531, "before summer 1974"),
        ("until 1980", 0, 19801231, "until 1980"),
        ("by 1980", 0, 19801231, "until 1980"),
        ("after 5/8/77", 19770509, 0, "after 8 May 1977"),
        ("after December 31, 1977", 19780101, 0, "after 31 December 1977"),
        ("since May 1977", 19770501, 0, "since May 1977"),
        ("from 1980", 19800101, 19801231, "in 1980"),
    ],
)
def test_a_word_before_a_date_opens_one_end_of_it(written: str, first: int, last: int, words: str) -> None:
    read = when(f"how many shows {written}")
    assert (read.first, read.last, read.words) == (first, last, words)


@pytest.mark.parametrize(
    ("written", "month", "day", "weekday", "words"),
    [
        ("May 8th", 5, 8, None, "on 8 May"),
        ("the 8th of May", 5, 8, None, "on 8 May"),
        ("29 February", 2, 29, None, "on 29 February"),
        ("every May", 5, None, None, "in May"),
        ("in all your May shows", 5, None, None, "in May"),
        ("NYE", 12, 31, None, "on 31 December"),
        ("Halloween", 10, 31, None, "on 31 October"),
        ("on a Friday", None, None, 4, "on a Friday"),
        ("Sunday nights", None, None, 6, "on a Sunday"),
    ],
)
def test_days_that_come_again_have_no_year(
    written: str, month: int | None, day: int | None, weekday: int | None, words: str
) -> None:
    read = when(f"what did you play {written}")
    assert (read.first, read.last) == (0, 0)
    assert (read.month, read.day, read.weekday, read.words) == (month, day, weekday, words)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("New Year's Eve 1978", 19781231),
        ("Christmas 1977", 19771225),
        ("the 4th of July 1976", 19760704),
        ("leap day 1976", 19760229),
        ("St. Patrick's Day 1972", 19720317),
        ("Valentine's Day 68", 19680214),
    ],
)
def test_a_day_with_a_name_has_a_date_when_its_year_is_told(written: str, day: int) -> None:
    assert (when(written).first, when(written).last) == (day, day)


def test_numbers_are_read_in_the_order_of_the_material_and_the_other_order_is_kept() -> None:
    (one,) = dated("5/8/77", MONTH_FIRST)
    assert one.when.words == "on 8 May 1977"
    assert one.otherwise is not None
    assert one.otherwise.words == "on 5 August 1977"
    (other,) = dated("5/8/14", DAY_FIRST)
    assert other.when.words == "on 5 August 2014"
    assert other.otherwise is not None
    assert other.otherwise.words == "on 8 May 2014"


@pytest.mark.parametrize(("written", "known"), [("13/5/77", MONTH_FIRST), ("5/13/14", DAY_FIRST)])
def test_an_order_that_gives_no_day_gives_way_to_the_other(written: str, known: Calendar) -> None:
    (one,) = dated(written, known)
    assert one.when.words.startswith("on 13 May")
    assert one.otherwise is None


@pytest.mark.parametrize("written", ["2/30/77", "1977-13-01", "31 June"])
def test_a_day_that_never_was_is_no_date(written: str) -> None:
    assert dated(f"what did you play on {written}", MONTH_FIRST) == []


@pytest.mark.parametrize("written", ["30 February 1977", "1977-02-30", "February 30th, 1977"])
def test_a_day_that_no_calendar_has_is_never_taken_for_its_month(written: str) -> None:
    meant = when(f"what did you play on {written}")
    assert (meant.first, meant.words) == (NEVER, "on 30 February 1977")


def test_one_year_may_stand_for_two_days() -> None:
    days = [one.when.first for one in dated("what changed between May 8 and May 9, 1977", MONTH_FIRST)]
    assert days == [19770508, 19770509]
    assert [one.when.first for one in dated("shows on May 8, or in 1977", MONTH_FIRST)] == [0, 19770101]


def test_years_may_be_told_backwards() -> None:
    assert when("how many shows from 1974 to 1972").words == "from 1972 to 1974"


@pytest.mark.parametrize(("known", "year"), [(MONTH_FIRST, 1914), (DAY_FIRST, 2014)])
def test_two_digits_mean_the_year_nearest_to_the_material(known: Calendar, year: int) -> None:
    middle = Calendar(year - 5, year + 5, known.day_first, TODAY)
    assert when("1 May 14", middle).first // 10_000 == year


def test_two_digits_alone_are_a_year_only_beside_the_years_of_the_material() -> None:
    assert dated("in 77", DAY_FIRST) == []
    assert dated("in 14", DAY_FIRST)[0].when.words == "in 2014"
    assert Calendar(0, 0, day_first=True, today=TODAY).year("14") == 2014


@pytest.mark.parametrize("said", ["70 times", "1977 bpm", "in 30 minutes", "at 1:02:30", "20 shows", "may you", "77th"])
def test_a_number_that_may_be_something_else_is_no_date(said: str) -> None:
    assert dated(said, MONTH_FIRST) == []


def test_two_days_stay_two_and_a_weekday_narrows_a_year() -> None:
    assert [one.when.first for one in dated("5/8/77 and 5/9/77", MONTH_FIRST)] == [19770508, 19770509]
    friday, year = (one.when for one in dated("Fridays in 1977", MONTH_FIRST))
    assert friday.with_(year) == When(19770101, 19771231, weekday=4, words="on a Friday in 1977")


def test_a_date_takes_its_small_words_with_it() -> None:
    question = "how often back in 77 did you play"
    (one,) = dated(question, MONTH_FIRST)
    assert question[one.start : one.end] == "back in 77"


def test_only_days_that_are_written_out_are_found_in_prose() -> None:
    said = "We met on 8 May 1977 and 1977-05-08, then May 9, 1977; 5/10/77 too. 31 June 1977, May 12 77."
    assert dates_in(said) == ["1977-05-08", "1977-05-09"]
