"""VirtualDJ's library and histories. All of it is written by hand: no real file was at hand."""

from pathlib import PurePosixPath

import pytest

from knowledge.errors import ImportRefused
from knowledge.importers import read_file
from knowledge.importers.sniffed import Sniffed
from knowledge.importers.statements import Event, SetItem, Track
from knowledge.importers.virtualdj import is_it

LIBRARY = """<?xml version="1.0" encoding="UTF-8"?>
<VirtualDJ_Database Version="2024">
 <Song FilePath="C:\\Users\\somebody\\low.mp3" FileSize="1">
  <Tags Author="Ada Marsh" Title="Low Tide" Remix="Ana Remix" Year="2019" Label="Dock" Bpm="0.5" />
  <Infos SongLength="245.5" />
  <Scan Version="801" Bpm="0.46875" Key="Am" />
 </Song>
 <Song FilePath="D:\\music\\Zeno - Monday.mp3"><Scan Bpm="128" /></Song>
 <Song FilePath=""/>
</VirtualDJ_Database>
"""
HISTORY = """#EXTVDJ:<time>23:59</time><lastplaytime>1</lastplaytime><artist>Ada &amp; Winnie</artist><title>Low Tide</title><remix>Dub</remix>
C:\\Users\\somebody\\low.mp3
/home/somebody/Zeno - Monday.mp3
#EXTVDJ:<time>00:04</time><artist>Kaja</artist><title>Snow</title>
D:\\snow.mp3
"""  # noqa: E501


def test_the_length_of_a_beat_is_turned_into_a_tempo() -> None:
    [found] = read_file(LIBRARY.encode(), "database.xml")
    tracks = [one for one in found.statements if isinstance(one, Track)]
    assert [(one.artist, one.title, one.version, one.bpm_milli, one.musical_key) for one in tracks] == [
        ("Ada Marsh", "Low Tide", "Ana Remix", 128_000, "Am"),
        ("Zeno", "Monday", "", 128_000, ""),
    ]
    assert (tracks[0].duration_ms, tracks[0].date, tracks[0].label) == (245_500, "2019", "Dock")
    assert found.left_out == ("1 row named by its file only: line 8.", "1 row without a name: line 9.")


def test_a_history_is_a_set_of_its_day_with_times_of_the_clock() -> None:
    [found] = read_file(HISTORY.encode(), "2024-05-01.m3u")
    event, *items = found.statements
    assert isinstance(event, Event)
    assert (event.kind, event.date, event.time, found.kind) == ("", "2024-05-01", "23:59", "set")
    assert [
        (one.at.line, one.artist, one.title, one.version, one.time_ms, one.time_basis)
        for one in items
        if isinstance(one, SetItem)
    ] == [
        (1, "Ada & Winnie", "Low Tide", "Dub", 86_340_000, "clock"),
        (3, "Zeno", "Monday", "", None, ""),
        (4, "Kaja", "Snow", "", 240_000, "clock"),
    ]


def test_no_path_of_a_machine_is_kept() -> None:
    for text, name in ((LIBRARY, "database.xml"), (HISTORY, "2024-05-01.m3u")):
        assert "somebody" not in str([found.as_dict() for found in read_file(text.encode(), name)])


@pytest.mark.parametrize("data", [b"", b"#EXTM3U\n", b"<Database/>", b"\x00\xff"])
def test_other_files_are_none(data: bytes) -> None:
    assert not is_it(Sniffed(data, PurePosixPath("x.m3u")))


@pytest.mark.parametrize("text", ["<VirtualDJ_Database/>", "#EXTVDJ:<time>1:00</time>\n"])
def test_what_holds_nothing_is_refused(text: str) -> None:
    with pytest.raises(ImportRefused):
        read_file(text.encode(), "x.m3u")
