"""The tags inside recordings."""

import struct
from pathlib import Path, PurePosixPath

import pytest

from knowledge.errors import ImportRefused
from knowledge.importers import audio_tags
from knowledge.importers.record import ImportedDoc
from knowledge.importers.sniffed import Sniffed
from knowledge.importers.statements import Credit, Release, Statement, Track

DATA = Path(__file__).parents[4] / "shared" / "data" / "formats" / "audio-tags"
LYRICS = "The tide came in at nine,\nand Winnie wrote it down."


def flac(*comments: str) -> bytes:
    """Two seconds of nothing, with these Vorbis comments."""
    vendor = struct.pack("<I", 0) + struct.pack("<I", len(comments))
    body = vendor + b"".join(struct.pack("<I", len(one.encode())) + one.encode() for one in comments)
    rate = (44_100 << 44 | 1 << 41 | 15 << 36 | 88_200).to_bytes(8, "big")
    info = struct.pack(">HH", 4096, 4096) + bytes(6) + rate + bytes(16)
    return (
        b"fLaC" + bytes([0]) + len(info).to_bytes(3, "big") + info + bytes([0x84]) + len(body).to_bytes(3, "big") + body
    )


def document(data: bytes, name: str = "low-tide.flac") -> ImportedDoc:
    file = Sniffed(data, PurePosixPath(name))
    assert audio_tags.is_it(file)
    (only,) = audio_tags.read(file)
    return only


def said(data: bytes) -> tuple[Statement, ...]:
    return document(data).statements


TAGGED = flac(
    "TITLE=Low Tide (Ana Remix)", "ARTIST=Ada", "ALBUM=Harbour", "ALBUMARTIST=Various", "TRACKNUMBER=3", "DISCNUMBER=2",
    "DATE=2019-05", "ISRC=NL-A1Z-26-00123", "BPM=124.5", "INITIALKEY=4A", "ORGANIZATION=Kontur", "CATALOGNUMBER=KO-01",
    "BARCODE=0724384960650", "COMPOSER=Zeno; Mo", "LICENSE=CC BY 4.0", f"LYRICS={LYRICS}",
    "MUSICBRAINZ_TRACKID=8b882575-08a5-4452-a7a7-cbb8a1531f9e",
)  # fmt: skip


def test_a_recording_stands_in_its_slot_on_its_release() -> None:
    release, track, *_ = said(TAGGED)
    assert isinstance(release, Release)
    assert isinstance(track, Track)
    assert (release.title, release.artist, release.label, release.date) == ("Harbour", "Various", "Kontur", "2019-05")
    assert (release.catalogue_number, release.barcode) == ("KO-01", "0724384960650")
    assert (track.title, track.version, track.artist) == ("Low Tide", "Ana Remix", "Ada")
    assert (track.release, track.position, track.medium_no) == (release.ref, 3, 2)
    assert (track.isrc, track.bpm_milli, track.musical_key) == ("NLA1Z2600123", 124_500, "4A")
    assert (track.duration_ms, track.licence) == (2_000, "CC BY 4.0")
    assert track.mbid == "8b882575-08a5-4452-a7a7-cbb8a1531f9e"
    assert "title: Low Tide (Ana Remix)" in track.at.raw


def test_credits_are_given_one_by_one() -> None:
    assert [(one.person, one.role) for one in said(TAGGED) if isinstance(one, Credit)] == [
        ("Zeno", "composer"),
        ("Mo", "composer"),
    ]


def test_lyrics_are_text_and_short_remarks_are_not() -> None:
    blocks = document(
        flac(f"LYRICS=[00:01.00]{LYRICS}", "COMMENT=ripped by me", "DESCRIPTION=http://example.org/x")
    ).blocks
    assert [(block.text, block.place) for block in blocks] == [(LYRICS, "tags, lyrics")]


def test_a_recording_without_a_title_is_called_by_its_file() -> None:
    found = document(flac("ARTIST=Ada"))
    (track,) = found.statements
    assert isinstance(track, Track)
    assert (found.title, track.title, track.release) == ("low-tide", "low-tide", "")
    assert found.left_out == ("The recording has no title; it is called by its file.",)


@pytest.mark.parametrize("tempo", ["0", "", "fast"])
def test_a_tempo_that_is_none_stays_unknown(tempo: str) -> None:
    (track,) = said(flac("TITLE=Low Tide", f"BPM={tempo}"))
    assert isinstance(track, Track)
    assert track.bpm_milli is None


@pytest.mark.parametrize(
    "data",
    [b"fLaC", b"ID3", b"OggS" + b"\x00" * 40, b"RIFF\x00\x00\x00\x00WAVE", b"\x00\x00\x00\x20ftypM4A ", TAGGED[:60]],
)
def test_a_damaged_recording_is_refused(data: bytes) -> None:
    with pytest.raises(ImportRefused, match="this recording"):
        audio_tags.read(Sniffed(data, PurePosixPath("x.flac")))


def test_whatever_breaks_the_reader_refuses_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_: object) -> None:
        raise RuntimeError("anything")

    monkeypatch.setattr("tinytag.TinyTag.get", broken)
    with pytest.raises(ImportRefused, match="damaged"):
        audio_tags.read(Sniffed(TAGGED, PurePosixPath("x.flac")))


@pytest.mark.parametrize("cut", range(0, len(TAGGED), 7))
def test_a_recording_cut_anywhere_is_read_or_refused(cut: int) -> None:
    try:
        audio_tags.read(Sniffed(TAGGED[:cut], PurePosixPath("x.flac")))
    except ImportRefused as refused:
        assert "this recording" in str(refused)  # noqa: PT017


def test_other_bytes_are_no_recording() -> None:
    for data in (b"", b"\xff\xfeT\x00", b"Prose.", b"RIFF\x00\x00\x00\x00AVI ", b"%PDF-1.4"):
        assert not audio_tags.is_it(Sniffed(data, PurePosixPath("x.txt")))


@pytest.mark.skipif(not DATA.exists(), reason="the sample files are not here")
@pytest.mark.parametrize("name", ["full.mp3", "full.flac", "full.ogg", "full.opus", "full.m4a", "full.aiff"])
def test_every_container_says_the_same(name: str) -> None:
    release, track, *_ = said((DATA / name).read_bytes())
    assert isinstance(release, Release)
    assert isinstance(track, Track)
    assert (release.title, release.label, release.mbid) == (
        "the album",
        "the label",
        "9e873859-8aa4-4790-b985-5a953e8ef628",
    )
    assert (track.title, track.artist, track.position, track.medium_no, track.bpm_milli) == (
        "full",
        "the artist",
        2,
        4,
        6_000,
    )
    assert (track.date, track.mbid) == ("2001", "8b882575-08a5-4452-a7a7-cbb8a1531f9e")


@pytest.mark.skipif(not DATA.exists(), reason="the sample files are not here")
def test_every_sample_gives_a_track() -> None:
    for path in sorted(DATA.iterdir()):
        (found,) = audio_tags.read(Sniffed(path.read_bytes(), PurePosixPath(path.name)))
        assert any(isinstance(one, Track) for one in found.statements), path.name
    assert any("seventh novel" in block.text for block in document((DATA / "nero-chapters.m4b").read_bytes()).blocks)
