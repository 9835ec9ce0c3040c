"""Cue sheets."""

from pathlib import Path, PurePosixPath

import pytest

from knowledge.errors import ImportRefused
from knowledge.importers import read_file
from knowledge.importers.cue import is_it, read
from knowledge.importers.record import ImportedDoc
from knowledge.importers.sniffed import Sniffed
from knowledge.importers.statements import Event, Release, SetItem, Track

SAMPLES = Path(__file__).parents[4] / "shared" / "data" / "formats" / "cue"
MIX = """rem date 2019
PERFORMER "Ada Marsh"
TITLE "Live at the Dock"
FILE "dock.wav" WAVE
  TRACK 01 AUDIO
    TITLE "Low Tide (Ana Remix)"
    PERFORMER "Zeno Obuya"
    INDEX 00 00:00:00
    INDEX 01 00:00:33
  TRACK 02 AUDIO
    TITLE "Kaja - Snow"
    INDEX 01 107:30:15
  TRACK 03 AUDIO
    TITLE "ID"
    what is this
"""
RECORD = """REM DATE 1999-05
CATALOG 0724356789012
PERFORMER "Ada Marsh"
TITLE "Tides"
FILE "one.wav" WAVE
  TRACK 01 AUDIO
    TITLE "Ebb"
    ISRC GBAAA9900001
    INDEX 01 00:00:00
  TRACK 02 AUDIO
    TITLE "Flow"
    INDEX 01 04:00:00
FILE "two.wav" WAVE
  TRACK 03 AUDIO
    TITLE "Slack"
    PERFORMER "Winnie"
    INDEX 01 00:00:00
"""


def document(text: str, encoding: str = "utf-8") -> ImportedDoc:
    [found] = read(Sniffed(text.encode(encoding), PurePosixPath("a.cue")))
    return found


def test_one_file_with_several_tracks_is_a_mix() -> None:
    found = document(MIX)
    [event] = [one for one in found.statements if isinstance(one, Event)]
    assert (event.kind, event.title, event.date, event.performers) == (
        "mix",
        "Live at the Dock",
        "2019",
        ("Ada Marsh",),
    )
    assert found.kind == "set"


def test_every_track_of_a_mix_has_its_time_in_the_recording() -> None:
    items = [one for one in document(MIX).statements if isinstance(one, SetItem)]
    assert [(one.at.line, one.artist, one.title, one.version, one.time_ms, one.time_basis) for one in items] == [
        (5, "Zeno Obuya", "Low Tide", "Ana Remix", 440, "recording"),
        (10, "Kaja", "Snow", "", 6_450_200, "recording"),
        (13, "", "ID", "", None, ""),
    ]
    assert items[2].is_unknown
    assert (items[0].at.place, items[0].at.raw.split("\n")[0]) == ("TRACK 01", "  TRACK 01 AUDIO")


def test_what_could_not_be_read_is_reported_with_its_line() -> None:
    left_out = document(MIX).left_out
    assert "1 row could not be read: line 15." in left_out
    assert "1 row without a time: line 13." in left_out


def test_several_files_are_a_release() -> None:
    found = document(RECORD)
    [release] = [one for one in found.statements if isinstance(one, Release)]
    assert (release.title, release.artist, release.date, release.barcode) == (
        "Tides", "Ada Marsh", "1999-05", "0724356789012",
    )  # fmt: skip
    tracks = [one for one in found.statements if isinstance(one, Track)]
    assert [(one.position, one.title, one.artist, one.duration_ms, one.isrc) for one in tracks] == [
        (1, "Ebb", "Ada Marsh", 240_000, "GBAAA9900001"),
        (2, "Flow", "Ada Marsh", None, ""),
        (3, "Slack", "Winnie", None, ""),
    ]
    assert {one.release for one in tracks} == {release.ref}


@pytest.mark.parametrize("mark", ["REM DISCID 12345678", 'REM COMMENT "ExactAudioCopy v1.0"', "CATALOG 0724356789012"])
def test_the_sheet_of_a_disc_is_a_release_even_in_one_file(mark: str) -> None:
    assert any(isinstance(one, Release) for one in document(f"{mark}\n{MIX}").statements)


def test_several_files_are_no_mix_even_without_a_barcode() -> None:
    text = "\n".join(line for line in RECORD.split("\n") if not line.startswith("CATALOG"))
    assert any(isinstance(one, Release) for one in document(text).statements)


def test_an_old_encoding_and_a_mark_of_byte_order_are_read() -> None:
    text = MIX.replace("Live at the Dock", "Ночь на причале, долгая и холодная")
    assert document(text, "utf-8-sig").title.startswith("Ночь")
    assert document(text, "cp1251").title.startswith("Ночь")


def test_a_sheet_without_tracks_is_refused() -> None:
    with pytest.raises(ImportRefused):
        document('TITLE "x"\nFILE "a.wav" WAVE\n')


@pytest.mark.parametrize("data", [b"", b"\x00\xff", b"TITLE", b"Track 1 was the best.\n", b"# FILE x\nTRACK 01 AUDIO"])
def test_other_files_are_none(data: bytes) -> None:
    assert not is_it(Sniffed(data, PurePosixPath("a.cue")))


@pytest.mark.skipif(not SAMPLES.exists(), reason="the samples are not here")
@pytest.mark.parametrize(
    ("name", "tracks"),
    [("01_lower_case", 4), ("02_dragonattack", 11), ("02_multi_file", 15), ("all_tags", 4), ("fullmetadata", 2),
     ("garbage", 4), ("manyfilesbroken", 8), ("meatloaf", 7), ("ru_utf8_BOM", 4), ("simple", 4)],
)  # fmt: skip
def test_sheets_found_in_the_wild_are_read_whole(name: str, tracks: int) -> None:
    [found] = read_file((SAMPLES / f"{name}.cue").read_bytes(), f"{name}.cue")
    assert sum(isinstance(one, (Track, SetItem)) for one in found.statements) == tracks
    assert found.kind == ("set" if name in ("02_dragonattack", "fullmetadata") else "release")
