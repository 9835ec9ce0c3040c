"""Serato's histories."""

from pathlib import Path, PurePosixPath

import pytest

from knowledge.errors import ImportRefused
from knowledge.importers import read_file
from knowledge.importers.record import ImportedDoc
from knowledge.importers.serato import is_it, read
from knowledge.importers.sniffed import Sniffed
from knowledge.importers.statements import Event, SetItem

SAMPLES = Path(__file__).parents[4] / "shared" / "data" / "formats" / "serato"
HISTORY = """name,artist,bpm,start time,end time,playtime,deck,notes,album
"13/05/2024","",,"13/05/2024, 11:40:02 PM","14/05/2024, 12:20:00 AM",00:39:58,,,
"Low Tide (Ana Remix)","Ada Marsh",128.50,"11:40:05 PM","11:45:00 PM",00:04:55,1,"slow, for once",Tides
,"Nobody",,,,,,,
"Monday","Zeno Obuya",0,"12:05:10 AM",,,2,,
"""


def document(text: str = HISTORY, name: str = "history.csv") -> ImportedDoc:
    [found] = read(Sniffed(text.encode(), PurePosixPath(name)))
    return found


def event(found: ImportedDoc) -> Event:
    [one] = [one for one in found.statements if isinstance(one, Event)]
    return one


def test_the_first_row_is_the_session() -> None:
    session = event(document())
    assert (session.title, session.date, session.time, session.at.line) == ("13/05/2024", "2024-05-13", "23:40", 2)


def test_the_other_rows_are_what_was_played_at_times_of_the_clock() -> None:
    items = [one for one in document().statements if isinstance(one, SetItem)]
    assert [(one.at.line, one.position, one.artist, one.title, one.version, one.time_ms) for one in items] == [
        (3, 1, "Ada Marsh", "Low Tide", "Ana Remix", 85_205_000),
        (5, 2, "Zeno Obuya", "Monday", "", 310_000),
    ]
    assert {one.time_basis for one in items} == {"clock"}
    assert (items[0].duration_ms, items[0].bpm_milli, items[0].note) == (295_000, 128_500, "slow, for once")
    assert items[1].bpm_milli is None


def test_a_row_without_a_name_is_reported() -> None:
    assert document().left_out == ("1 row without a name: line 4.",)


def test_a_date_that_can_be_read_both_ways_is_no_day() -> None:
    found = document(HISTORY.replace("13/05", "03/05").replace("14/05", "04/05"))
    assert event(found).date == "2024"
    assert any("not certain" in sentence for sentence in found.left_out)


def test_the_files_name_tells_the_day() -> None:
    text = HISTORY.replace("13/05", "03/05").replace("14/05", "04/05")
    assert event(document(text, "2024-05-03.csv")).date == "2024-05-03"


def test_without_a_session_every_row_is_a_track() -> None:
    lines = HISTORY.split("\n")
    found = document("\n".join([lines[0], *lines[2:]]))
    assert sum(isinstance(one, SetItem) for one in found.statements) == 2
    assert event(found).title == "history"


def test_it_is_known_by_its_header() -> None:
    [found] = read_file(HISTORY.encode(), "export.csv")
    assert found.format == "serato"


@pytest.mark.parametrize("data", [b"", b"name,artist\n", b"name,start time\nAda,20:00\n", b"\x00\xff,deck"])
def test_other_tables_are_none(data: bytes) -> None:
    assert not is_it(Sniffed(data, PurePosixPath("x.csv")))


@pytest.mark.parametrize("rows", [1, 2])
def test_a_history_without_a_track_is_refused(rows: int) -> None:
    with pytest.raises(ImportRefused):
        document("\n".join(HISTORY.split("\n")[:rows]))


@pytest.mark.skipif(not SAMPLES.exists(), reason="the samples are not here")
@pytest.mark.parametrize("name", ["SeratoAutotags.flac.bin", "SeratoBeatGrid.bin"])
def test_tags_of_an_audio_file_are_no_history(name: str) -> None:
    data = (SAMPLES / name).read_bytes()
    assert not is_it(Sniffed(data, PurePosixPath(name)))
    with pytest.raises(ImportRefused):
        read_file(data, name)
