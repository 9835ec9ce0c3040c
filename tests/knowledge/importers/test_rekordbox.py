"""What rekordbox exports: the library as XML, lists as text."""

from pathlib import Path, PurePosixPath

import pytest

from knowledge.errors import ImportRefused
from knowledge.importers import ImportedDoc, read_file, rekordbox_list, rekordbox_xml
from knowledge.importers.sniffed import Sniffed
from knowledge.importers.statements import Event, SetItem, Track

SAMPLES = Path(__file__).parents[4] / "shared" / "data" / "formats" / "rekordbox"
LIBRARY = """<?xml version="1.0" encoding="UTF-8"?>
<DJ_PLAYLISTS Version="1.0.0">
  <PRODUCT Name="rekordbox" Version="7.0"/>
  <COLLECTION Entries="3">
    <TRACK TrackID="1" Name="Low Tide (Ana Remix)" Artist="Ada &amp; Winnie" TotalTime="245" Year="2019"
      AverageBpm="128.50" Tonality="8A" Label="Dock" Location="file://localhost/Users/somebody/low.wav"/>
    <TRACK TrackID="2" Name="Zeno Obuya - Monday" Artist="" TotalTime="0" Year="0" AverageBpm="0.00"/>
    <TRACK TrackID="3" Name="" Artist="Nobody"/>
  </COLLECTION>
  <PLAYLISTS>
    <NODE Type="0" Name="ROOT" Count="1">
      <NODE Type="0" Name="Spring" Count="1">
        <NODE Type="1" Name="Warm-up" KeyType="0" Entries="3">
          <TRACK Key="2"/><TRACK Key="1"/><TRACK Key="99"/>
        </NODE>
      </NODE>
    </NODE>
  </PLAYLISTS>
</DJ_PLAYLISTS>
"""
LIST = (
    "#\tArtwork\tTrack Title\tArtist\tAlbum\tGenre\tBPM\tRating\tTime\tKey\tDate Added\r\n"
    "1\t\tLow Tide (Original Mix)\tAda Marsh\tTides\t\t128.50\t     \t04:05\tEm\t2023-01-12\r\n"
    "2\t\t\tNobody\t\t\t\t\t\t\t\r\n"
    '3\t\tMonday 12"\tZeno Obuya\t\t\t0.00\t     \t07:20\t\t2022-08-16\r\n'
)


def library() -> ImportedDoc:
    [found] = rekordbox_xml.read(Sniffed(LIBRARY.encode(), PurePosixPath("library.xml")))
    return found


def a_list(name: str) -> ImportedDoc:
    [found] = read_file(LIST.encode("utf-16"), name)
    return found


def test_the_collection_is_tracks() -> None:
    tracks = [one for one in library().statements if isinstance(one, Track)]
    assert [(one.at.line, one.artist, one.title, one.version, one.label, one.date) for one in tracks] == [
        (6, "Ada & Winnie", "Low Tide", "Ana Remix", "Dock", "2019"),
        (7, "Zeno Obuya", "Monday", "", "", ""),
    ]
    assert (tracks[0].duration_ms, tracks[0].bpm_milli, tracks[0].musical_key) == (245_000, 128_500, "8A")
    assert (tracks[1].duration_ms, tracks[1].bpm_milli) == (None, None)


def test_a_playlist_was_never_played() -> None:
    [event] = [one for one in library().statements if isinstance(one, Event)]
    items = [one for one in library().statements if isinstance(one, SetItem)]
    assert (event.kind, event.title) == ("playlist", "Spring / Warm-up")
    assert [(one.position, one.title, one.at.line, one.at.place) for one in items] == [
        (1, "Monday", 14, "Spring / Warm-up, 1"),
        (2, "Low Tide", 14, "Spring / Warm-up, 2"),
    ]


def test_no_path_of_a_machine_is_kept() -> None:
    assert "somebody" not in str(library().as_dict())
    assert '<TRACK Name="Low Tide (Ana Remix)" Artist="Ada &amp; Winnie"' in library().statements[0].at.raw


def test_what_has_no_name_or_is_not_in_the_collection_is_reported() -> None:
    assert library().left_out == (
        "1 row of the collection without a name: line 8.",
        "1 row of a playlist without a track in the collection: line 14.",
    )


def test_a_history_is_a_set_of_its_day() -> None:
    found = a_list("HISTORY 2024-05-01 (2).txt")
    event = found.statements[0]
    assert isinstance(event, Event)
    assert (found.kind, event.kind, event.date, event.ordinal) == ("set", "", "2024-05-01", 2)
    items = [one for one in found.statements if isinstance(one, SetItem)]
    assert [(one.at.line, one.position, one.artist, one.title, one.bpm_milli, one.duration_ms) for one in items] == [
        (2, 1, "Ada Marsh", "Low Tide", 128_500, 245_000),
        (4, 2, "Zeno Obuya", 'Monday 12"', None, 440_000),
    ]
    assert found.left_out == ("1 row without a title: line 3.",)


def test_another_list_is_a_playlist_and_says_so() -> None:
    found = a_list("warm-up.txt")
    assert isinstance(found.statements[0], Event)
    assert found.statements[0].kind == "playlist"
    assert any("HISTORY" in sentence for sentence in found.left_out)


@pytest.mark.parametrize("data", [b"", b"<DJ>", b"<?xml", b"\xff\xfe\x00", b"# A heading\n\ntext", b"Artist\tTitle\n"])
def test_other_files_are_none(data: bytes) -> None:
    file = Sniffed(data, PurePosixPath("x"))
    assert not rekordbox_xml.is_it(file)
    assert not rekordbox_list.is_it(file)


def test_an_empty_library_and_an_empty_list_are_refused() -> None:
    with pytest.raises(ImportRefused):
        rekordbox_xml.read(Sniffed(b"<DJ_PLAYLISTS/>", PurePosixPath("x.xml")))
    with pytest.raises(ImportRefused):
        rekordbox_list.read(Sniffed(LIST.split("\r\n", maxsplit=1)[0].encode(), PurePosixPath("x.txt")))


@pytest.mark.skipif(not SAMPLES.exists(), reason="the samples are not here")
def test_a_real_library_is_read_whole() -> None:
    [found] = read_file((SAMPLES / "rekordbox_full.xml").read_bytes(), "rekordbox_full.xml")
    assert sum(isinstance(one, Track) for one in found.statements) == 473
    assert sum(isinstance(one, Event) for one in found.statements) == 57
    assert "/Users/" not in str(found.as_dict())


@pytest.mark.skipif(not SAMPLES.exists(), reason="the samples are not here")
def test_a_real_list_is_read_whole() -> None:
    [found] = read_file((SAMPLES / "playlist_export_utf16.txt").read_bytes(), "playlist_export_utf16.txt")
    assert sum(isinstance(one, SetItem) for one in found.statements) == 119
    assert "1 row without a title: line 74." in found.left_out
