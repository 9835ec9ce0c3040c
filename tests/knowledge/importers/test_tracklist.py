"""Tracklists, line by line."""

import pytest

from knowledge.importers.tracklist import Track, is_tracklist, read_track, seconds


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
        ("0:00 A - B [Zeno Remix]", "B [Zeno Remix]", "", ""),
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
