"""Tracklists, line by line."""

import pytest

from knowledge.importers.tracklist import Track, is_tracklist, read_line, read_track, seconds, time_of


def track(line: str) -> Track:
    found = read_track(line)
    assert found is not None
    return found


def test_a_whole_line_is_understood() -> None:
    assert track("[0:12:30] Ada Marsh - Low Tide (Long Mix) [Dock]") == Track(
        raw="[0:12:30] Ada Marsh - Low Tide (Long Mix) [Dock]",
        time="0:12:30",
        seconds=750,
        artist="Ada Marsh",
        title="Low Tide",
        mix="Long Mix",
        label="Dock",
    )


@pytest.mark.parametrize(
    ("line", "time", "whole"),
    [
        ("[0:12:30] A - B", "0:12:30", 750),
        ("0:12:30 A - B", "0:12:30", 750),
        ("12:30 A - B", "12:30", 750),
        ("[1:02:03] A - B", "1:02:03", 3723),
        ("1. 12:30 A - B", "12:30", 750),
        ("07) [12:30] A – B", "12:30", 750),
        ("  12:30\tA — B", "12:30", 750),
    ],
)
def test_times_are_read_in_every_way_they_are_written(line: str, time: str, whole: int) -> None:
    assert (track(line).time, track(line).seconds) == (time, whole)


@pytest.mark.parametrize(
    ("line", "title", "mix", "label"),
    [
        ("0:00 A - B", "B", "", ""),
        ("0:00 A - B (Dub)", "B", "Dub", ""),
        ("0:00 A - B [Lantern]", "B", "", "Lantern"),
        ("0:00 A - B [Zeno Remix]", "B", "Zeno Remix", ""),
        ("0:00 A - B [feat. Zeno]", "B [feat. Zeno]", "", ""),
        ("0:00 A - B (Dub) [Lantern]", "B", "Dub", "Lantern"),
        ("0:00 A - B - C [Lantern]", "B - C", "", "Lantern"),
    ],
)
def test_label_and_mix_are_told_apart(line: str, title: str, mix: str, label: str) -> None:
    assert (track(line).title, track(line).mix, track(line).label) == (title, mix, label)


def test_a_name_with_a_hyphen_stays_whole() -> None:
    assert (track("0:00 Jean-Luc - Tide-Book").artist, track("0:00 Jean-Luc - Tide-Book").title) == (
        "Jean-Luc",
        "Tide-Book",
    )


@pytest.mark.parametrize("line", ["0:00 ID - ID", "0:00 Ada Marsh - ID", "0:00 ID - Low Tide"])
def test_an_open_name_is_unknown(line: str) -> None:
    assert track(line).is_unknown


def test_a_named_track_is_known() -> None:
    assert not track("0:00 Ada Marsh - IDLE").is_unknown


@pytest.mark.parametrize(
    "line", ["", "Ada Marsh - Low Tide", "0:00 Ada Marsh", "At 12:30 we left - at last", "[soon] A - B", "12.30 A - B"]
)
def test_what_is_no_track_is_none(line: str) -> None:
    assert read_track(line) is None


def test_most_lines_make_a_tracklist() -> None:
    assert is_tracklist("0:00 A - B\n\n5:00 C - D\nand then the rain came")


@pytest.mark.parametrize("text", ["0:00 A - B", "", "0:00 A - B\n5:00 C - D\none\ntwo\nthree", "At nine.\nAt ten."])
def test_few_lines_do_not(text: str) -> None:
    assert not is_tracklist(text)


def test_seconds_of_both_shapes() -> None:
    assert (seconds("1:02:03"), seconds("62:03"), seconds("0:00")) == (3723, 3723, 0)


@pytest.mark.parametrize(
    ("line", "artist", "title", "time"),
    [
        ("01\tAda Marsh - Low Tide", "Ada Marsh", "Low Tide", ""),
        ("12. Ada – Low Tide (Original Mix) [DOCK]", "Ada", "Low Tide", ""),
        ("1) Ada - Low Tide", "Ada", "Low Tide", ""),
        ("* [00:12] Ada - Low Tide", "Ada", "Low Tide", "00:12"),
        ("[??:??] Ada - Low Tide", "Ada", "Low Tide", ""),
        ("[?] Ada - Low Tide", "Ada", "Low Tide", ""),
        ("0:00 - 3:20 Ada - Low Tide", "Ada", "Low Tide", "0:00"),
        ("0:00 - Ada - Low Tide", "Ada", "Low Tide", "0:00"),
        ("1:02:03 | Ada | Low Tide", "Ada", "Low Tide", "1:02:03"),
        ("Ada - Low Tide 12:30", "Ada", "Low Tide", "12:30"),
        ("Ada - Low Tide (1:12:30)", "Ada", "Low Tide", "1:12:30"),
        ("0:00 Ada - Salt &amp; Ice{: .x}", "Ada", "Salt & Ice", "0:00"),
        ("0:00 Ada\tLow Tide", "Ada", "Low Tide", "0:00"),
        ("0:00 ID", "", "ID", "0:00"),
        ("50 Pence - Low Tide", "50 Pence", "Low Tide", ""),
    ],
)
def test_a_line_of_a_tracklist_is_read_however_it_is_written(line: str, artist: str, title: str, time: str) -> None:
    read = read_line(line)
    assert read is not None
    assert (read.artist, read.title, read.time) == (artist, title, time)


def test_a_record_laid_over_another_a_note_and_a_segue_are_seen() -> None:
    layered, noted, gone_on = (read_line(line) for line in ("w/ Ada - Low", "0:00 Ada - Low * by hand", "Ada - Low >"))
    assert layered is not None
    assert layered.is_layered
    assert noted is not None
    assert (noted.title, noted.note) == ("Low", "by hand")
    assert gone_on is not None
    assert (gone_on.title, gone_on.segue) == ("Low", True)


@pytest.mark.parametrize(("line", "time"), [("0:30 A - B", "0:30"), ("A - B 0:30", "0:30"), ("then rain", "")])
def test_the_time_of_a_line_is_found_at_both_ends(line: str, time: str) -> None:
    assert time_of(line) == time


@pytest.mark.parametrize(
    "text",
    [
        "Ada - Low Tide 0:00\nZeno - Dub 4:10\nKaja - Snow 9:20",
        "0:00 Ada: Low Tide\n4:00 Zeno: Dub\n9:00 Kaja: Snow Fence",
        "01\tAda - Low Tide\n02\tZeno - Dub (Kaja Remix)\n03\tKaja - Snow [Lantern]",
        "1. Ada - Low Tide (Original Mix)\n2. Zeno - Dub (Original Mix)\n3. Kaja - Snow",
        "TRACKLIST:\n1. Ada - Low Tide\n2. Zeno - Dub",
        "Set 1:\nDark Star >\nSt. Stephen\nRipple",
        "Set 1: Dark Star > St. Stephen, Ripple\nEncore: Loser",
        "First set: Ripple, 50 Ways, Loser",
    ],
)
def test_these_are_tracklists(text: str) -> None:
    assert is_tracklist(text)


NO_TRACKLISTS = [
    "Milk - 2 litres\nEggs - a dozen\nBread - rye, sliced",
    "- Milk - semi-skimmed\n- Eggs - Free Range\n- Butter - Salted",
    "1. Warp - WARP01\n2. Lantern - LD004\n3. Pale Grocer - PG012",
    "1. Chapter One - The Pantry\n2. Chapter Two - The Piano\n3. Chapter Three - The Tide",
    "Ada: Where was it?\nZeno: In Leeds.\nAda: And then?",
    "0:00 Ada: hello there.\n0:05 Zeno: hi.\n0:09 Ada: how are you?\n0:12 Zeno: fine.",
    "0:00 Ada: Yes\n0:05 Zeno: No\n0:09 Ada: Maybe\n0:12 Zeno: Never",
    "Reaper - the one with the mix (Home Edit)\nAbleton - the one with clips (Live Edit)\nBitwig - a third (Big Edit)",
    "Ingredients: flour\nSalt: a pinch\nSugar: two spoons",
    "1. The tide is a clock - it never lies.\n2. The clock is a tide - it lies.\n3. All else - is noise.",
    "Soundcloud - my mixes\nBandcamp - my records\nMixcloud - my radio show",
    "Mixes - https://example.org/mixes\nRecords - https://example.org/records\nRadio - https://example.org/radio",
    "20:00 Doors - bar opens\n21:00 Ada Marsh - live\n22:30 Zeno - all night",
    "10:30 We left the house.\n11:15 The ferry was late.",
    "0:00 Introduction\n1:30 What a node is\n4:00 Questions",
    "Set 1: 10 push-ups, 20 squats\nSet 2: 10 pull-ups, 5 dips",
    "Set the table. Set the clock.\nSet 1: the beginning of something that went on for a year.",
    "File > Save > Export\nEdit > Copy",
    "Oslo - Bergen 6:30\nBergen - Voss 1:15\nVoss - Oslo 5:45",
    "The piano had two dead keys - both were B flat - and\nnobody - not even Winnie - could say why.",
    "Berlin - Germany [1]\nOslo - Norway [2]\nLeeds - England [3]",
]


@pytest.mark.parametrize("text", NO_TRACKLISTS)
def test_these_are_none(text: str) -> None:
    assert not is_tracklist(text)


def test_what_a_heading_announces_may_be_plain() -> None:
    text = "Ada - Low Tide\nZeno - Monday Dub"
    assert not is_tracklist(text)
    assert is_tracklist(text, announced=True)
