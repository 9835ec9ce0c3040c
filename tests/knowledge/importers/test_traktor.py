"""Traktor's collections, playlists and histories."""

from pathlib import Path, PurePosixPath

import pytest

from knowledge.errors import ImportRefused
from knowledge.importers import read_file
from knowledge.importers.record import ImportedDoc
from knowledge.importers.sniffed import Sniffed
from knowledge.importers.statements import Event, SetItem, Track
from knowledge.importers.traktor import is_it, read

SAMPLES = Path(__file__).parents[4] / "shared" / "data" / "formats" / "traktor-nml"
DAY = 2024 << 16 | 5 << 8 | 1
NML = f"""<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<NML VERSION="19"><HEAD COMPANY="x" PROGRAM="Traktor"/>
<COLLECTION ENTRIES="2">
<ENTRY TITLE="Low Tide (Original Mix)" ARTIST="Ada Marsh" AUDIO_ID="xyz"><LOCATION DIR="/:Users/:somebody/:" FILE="low.mp3" VOLUME="osx"/>
<INFO LABEL="Dock" PLAYTIME_FLOAT="419.6" RELEASE_DATE="2016/1/1"/><TEMPO BPM="124.999985"/><MUSICAL_KEY VALUE="22"/></ENTRY>
<ENTRY TITLE=""><LOCATION DIR="/:" FILE="x.mp3" VOLUME="osx"/></ENTRY>
</COLLECTION>
<PLAYLISTS><NODE TYPE="FOLDER" NAME="$ROOT"><SUBNODES COUNT="1"><NODE TYPE="PLAYLIST" NAME="HISTORY">
<PLAYLIST ENTRIES="3" TYPE="PROTOCOL">
<ENTRY><PRIMARYKEY TYPE="TRACK" KEY="osx/:Users/:somebody/:low.mp3"/><EXTENDEDDATA DECK="1" DURATION="241.7" PLAYEDPUBLIC="1" STARTDATE="{DAY}" STARTTIME="68839"/></ENTRY>
<ENTRY><PRIMARYKEY TYPE="TRACK" KEY="osx/:low.mp3"/><EXTENDEDDATA PLAYEDPUBLIC="0" STARTDATE="{DAY}" STARTTIME="69000"/></ENTRY>
<ENTRY><PRIMARYKEY TYPE="TRACK" KEY="usb/:DJing/:09 Zeno - Monday (Dub Mix).mp3"/><EXTENDEDDATA PLAYEDPUBLIC="1" STARTDATE="{DAY}" STARTTIME="69080"/></ENTRY>
</PLAYLIST></NODE></SUBNODES></NODE></PLAYLISTS></NML>
"""  # noqa: E501


def document(text: str = NML) -> ImportedDoc:
    [found] = read(Sniffed(text.encode(), PurePosixPath("history.nml")))
    return found


def test_a_history_is_a_set_of_its_day() -> None:
    [event] = [one for one in document().statements if isinstance(one, Event)]
    assert (event.kind, event.date, event.time) == ("", "2024-05-01", "19:07")
    assert (document().kind, document().date) == ("set", "2024-05-01")


def test_times_are_of_the_clock() -> None:
    items = [one for one in document().statements if isinstance(one, SetItem)]
    assert [(one.position, one.artist, one.title, one.version, one.time_ms, one.time_basis) for one in items] == [
        (1, "Ada Marsh", "Low Tide", "", 68_839_000, "clock"),
        (2, "Zeno", "Monday", "Dub Mix", 69_080_000, "clock"),
    ]
    assert (items[0].bpm_milli, items[0].musical_key, items[0].duration_ms, items[0].label) == (
        125_000, "Bbm", 241_700, "Dock",
    )  # fmt: skip


def test_the_collection_is_tracks() -> None:
    [track] = [one for one in document().statements if isinstance(one, Track)]
    assert (track.artist, track.title, track.duration_ms, track.date) == ("Ada Marsh", "Low Tide", 419_600, "2016")
    assert track.at.raw == '<ENTRY TITLE="Low Tide (Original Mix)" ARTIST="Ada Marsh"/>'


def test_what_nobody_else_heard_and_what_has_no_title_is_reported() -> None:
    assert document().left_out == (
        "1 row of the collection without a title: line 6.",
        "1 row heard in the headphones only, so left out: line 11.",
        "1 row named by its file only: line 12.",
    )


def test_no_path_of_a_machine_is_kept() -> None:
    assert "somebody" not in str(document().as_dict())
    assert "DJing" not in str(document().as_dict())


def test_a_playlist_was_never_played() -> None:
    text = NML.replace("PROTOCOL", "LIST").replace("STARTTIME", "X").replace('NAME="HISTORY"', 'NAME="Warm-up"')
    [event] = [one for one in document(text).statements if isinstance(one, Event)]
    assert (event.kind, event.title) == ("playlist", "Warm-up")


@pytest.mark.parametrize("value", ["0", "-1", "x", "99999999999999999999"])
def test_a_day_that_never_was_is_none(value: str) -> None:
    [event] = [one for one in document(NML.replace(str(DAY), value)).statements if isinstance(one, Event)]
    assert event.date == ""


@pytest.mark.parametrize("data", [b"", b"<NMLX/>", b"NML", b"\x00\xff<NML>"])
def test_other_files_are_none(data: bytes) -> None:
    assert not is_it(Sniffed(data, PurePosixPath("x.nml")))


@pytest.mark.parametrize("text", ["<NML/>", "<NML><COLLECTION>"])
def test_what_holds_nothing_is_refused(text: str) -> None:
    with pytest.raises(ImportRefused):
        document(text)


@pytest.mark.skipif(not SAMPLES.exists(), reason="the samples are not here")
@pytest.mark.parametrize(
    ("name", "tracks", "events", "items"),
    [("collection", 1, 0, 0), ("collection_indexing", 1, 2, 0), ("cuepoints", 1, 0, 0), ("history", 151, 1, 1),
     ("playlist", 0, 3, 3)],
)  # fmt: skip
def test_files_found_in_the_wild_are_read(name: str, tracks: int, events: int, items: int) -> None:
    [found] = read_file((SAMPLES / f"{name}.nml").read_bytes(), f"{name}.nml")
    counted = [sum(isinstance(one, kind) for one in found.statements) for kind in (Track, Event, SetItem)]
    assert counted == [tracks, events, items]
    assert "johndoe" not in str(found.as_dict())
