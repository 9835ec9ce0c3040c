"""Playlists of players."""

import json
from pathlib import Path, PurePosixPath

import pytest

from knowledge.errors import ImportRefused
from knowledge.importers import read_file
from knowledge.importers.playlists import is_it
from knowledge.importers.record import ImportedDoc
from knowledge.importers.sniffed import Sniffed
from knowledge.importers.statements import Event, SetItem

SAMPLES = Path(__file__).parents[4] / "shared" / "data" / "formats"
M3U = """#EXTM3U
#EXTINF:245,Ada Marsh - Low Tide (Ana Remix)
/home/somebody/low.mp3
#EXTINF:-1,/home/somebody/x/Zeno - Monday.mp3
/home/somebody/x/Zeno - Monday.mp3
C:\\Users\\somebody\\07 Kaja - Snow.flac
"""
PLS = (
    "[playlist]\nFile2=x.mp3\nTitle2=Snow\nFile1=/home/somebody/Zeno%20-%20Monday.mp3\nLength1=123\nNumberOfEntries=2\n"
)
ASX = """<ASX version="3.0"><Entry><Ref HREF="http://example.org/low.mp3" />
<Abstract>Here</abstract><Title>Low Tide & Dub</Title><Author>Ada</Author></ENTRY></ASX>"""
XSPF = """<?xml version="1.0"?><playlist><title>Warm-up</title><date>2024-05-01T20:00:00</date><trackList>
<track><title>Low Tide</title><creator>Ada</creator><duration>60000</duration><identifier>GBAAA9900001</identifier>
</track>
<track><location>file:///home/somebody/Zeno%20-%20Monday.flac</location></track>
<track><annotation>nothing</annotation></track></trackList></playlist>"""
JSPF = json.dumps(
    {"playlist": {"title": "Warm-up", "track": [{"title": "Low Tide", "creator": "Ada", "duration": 60000}]}}
)


def document(text: str, name: str = "warm-up.m3u") -> ImportedDoc:
    [found] = read_file(text.encode(), name)
    assert "somebody" not in str(found.as_dict())
    return found


def items(text: str, name: str = "warm-up.m3u") -> list[tuple[int, str, str, int | None]]:
    found = [one for one in document(text, name).statements if isinstance(one, SetItem)]
    return [(one.at.line, one.artist, one.title, one.duration_ms) for one in found]


def event(found: ImportedDoc) -> Event:
    assert isinstance(found.statements[0], Event)
    return found.statements[0]


def test_an_m3u_has_titles_or_the_names_of_files() -> None:
    assert items(M3U) == [(2, "Ada Marsh", "Low Tide", 245_000), (4, "Zeno", "Monday", None), (6, "Kaja", "Snow", None)]


def test_an_entry_is_quoted_as_it_stands_without_folders() -> None:
    assert [one.at.raw for one in document(M3U).statements[1:]] == [
        "#EXTINF:245,Ada Marsh - Low Tide (Ana Remix)", "Zeno - Monday.mp3", "07 Kaja - Snow.flac",
    ]  # fmt: skip


def test_a_playlist_was_never_played() -> None:
    assert (event(document(M3U)).kind, event(document(M3U)).title, document(M3U).kind) == (
        "playlist",
        "warm-up",
        "note",
    )


def test_the_history_of_a_night_was() -> None:
    found = document(M3U, "HISTORY 2024-05-01.m3u8")
    assert (event(found).kind, event(found).date, found.kind) == ("", "2024-05-01", "set")


def test_a_pls_is_read_in_the_order_of_its_numbers() -> None:
    assert items(PLS, "a.pls") == [(4, "Zeno", "Monday", 123_000), (2, "", "Snow", None)]


def test_the_tag_soup_of_an_asx_is_read() -> None:
    [(_, artist, title, _)] = items(ASX, "a.asx")
    assert (artist, title.split()[:2]) == ("Ada", ["Low", "Tide"])


def test_an_xspf_is_read_without_its_namespace() -> None:
    assert items(XSPF, "a.xspf") == [(2, "Ada", "Low Tide", 60_000), (4, "Zeno", "Monday", None)]
    found = document(XSPF, "a.xspf")
    assert (event(found).title, event(found).date) == ("Warm-up", "2024-05-01")
    assert found.left_out == ("1 row without a name: line 5.",)
    assert isinstance(found.statements[1], SetItem)
    assert found.statements[1].isrc == "GBAAA9900001"


def test_a_jspf_names_the_place_of_each_entry() -> None:
    found = document(JSPF, "a.jspf")
    assert isinstance(found.statements[1], SetItem)
    assert (found.statements[1].artist, found.statements[1].at.place) == ("Ada", "entry 1")


@pytest.mark.parametrize("data", [b"", b"# A heading", b'{"playlist": 1}', b"<play/>", b"\x00\xff", b"[general]\n"])
def test_other_files_are_none(data: bytes) -> None:
    assert not is_it(Sniffed(data, PurePosixPath("x.txt")))


@pytest.mark.parametrize(
    "text", ["#EXTM3U\n", "[playlist]\n", "<playlist><trackList/></playlist>", "<asx></asx>", "<playlist>",
             '{"playlist": {"track": []}}', '{"playlist": {"track"']
)  # fmt: skip
def test_an_empty_or_a_damaged_playlist_is_refused(text: str) -> None:
    with pytest.raises(ImportRefused):
        read_file(text.encode(), "x.m3u")


@pytest.mark.skipif(not SAMPLES.exists(), reason="the samples are not here")
@pytest.mark.parametrize(
    ("name", "tracks"),
    [("m3u/clementine_test.m3u", 239), ("m3u/playlist.m3u", 2), ("m3u/playlist.m3u8", 2), ("pls-asx/pls_one.pls", 1),
     ("pls-asx/secretagent.pls", 4), ("pls-asx/secretagent.asx", 4), ("xspf/clementine_test.xspf", 1),
     ("xspf/playlist-broken-relative-paths.xspf", 3)],
)  # fmt: skip
def test_playlists_found_in_the_wild_are_read(name: str, tracks: int) -> None:
    [found] = read_file((SAMPLES / name).read_bytes(), name)
    assert sum(isinstance(one, SetItem) for one in found.statements) == tracks
    assert "/home/" not in str(found.as_dict())


@pytest.mark.skipif(not SAMPLES.exists(), reason="the samples are not here")
def test_playlists_without_tracks_are_refused() -> None:
    for path in sorted((SAMPLES / "xspf").glob("playlist-*.xspf")):
        if "broken" not in path.name:
            with pytest.raises(ImportRefused):
                read_file(path.read_bytes(), path.name)
