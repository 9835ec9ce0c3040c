"""What is sound, of what type, how long, and what it looks like."""

from pathlib import Path

import numpy as np
import pytest

from knowledge.errors import NotSound
from knowledge.recordings.sound import PEAKS, drawn, folded, media_type, told
from tests.knowledge.recordings.sounds import m4a, samples, wav, write


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.wav", "audio/wav"), ("a.aiff", "audio/aiff"), ("a.flac", "audio/flac"), ("a.ogg", "audio/ogg"),
        ("a.mp3", "audio/mpeg"),
    ],
)  # fmt: skip
def test_the_type_comes_from_the_content_and_never_from_the_name(tmp_path: Path, name: str, kind: str) -> None:
    path = write(tmp_path / name).rename(tmp_path / "a.txt")
    found, duration_ms = told(path)
    assert found == kind
    assert duration_ms == pytest.approx(2_000, abs=120)
    peaks = drawn(path)
    assert peaks is not None
    assert peaks.shape == (PEAKS, 2)


@pytest.mark.parametrize(
    "data",
    [
        b"", b"RIFF", b"not a sound at all", b"RIFF\x00\x00\x00\x00WAVE", b"ID3" + b"\x00" * 500,
        b"\xff\xfb" + b"\x07" * 999, b"fLaC" + b"\x00" * 99, b"OggS" + b"\x00" * 99,
        b"\x00\x00\x00\x18ftypM4A " + b"\x00" * 99, b"FORM\x00\x00\x00\x00AIFF",
    ],
)  # fmt: skip
def test_what_only_begins_like_a_sound_is_none(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(data)
    with pytest.raises(NotSound):
        told(path)


def test_a_wave_without_a_frame_is_no_sound(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(wav(0))
    with pytest.raises(NotSound):
        told(path)


def test_a_text_has_no_type() -> None:
    assert media_type(b"# A note\n\nSome text.") is None


def test_the_picture_is_silent_where_the_sound_is_and_loud_where_it_is_loud(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(wav(4, channels=2))
    peaks = drawn(path)
    assert peaks is not None
    assert abs(peaks[:5]).max() <= 2
    assert peaks[-20:, 1].max() >= 110
    assert peaks[-20:, 0].min() <= -110
    assert (peaks[:, 0] <= peaks[:, 1]).all()


@pytest.mark.parametrize("block", [1, 7, 333, 16_000])
def test_the_picture_does_not_depend_on_the_blocks(block: int) -> None:
    sound = samples(2.0, channels=2)
    whole = folded([sound], len(sound), 50)
    parts = folded((sound[at : at + block] for at in range(0, len(sound), block)), len(sound), 50)
    assert np.array_equal(whole, parts)
    reference = np.array_split(sound, 50)
    assert np.array_equal(whole[:, 1], [max(0, round(float(part.max()) * 127)) for part in reference])


def test_a_sound_shorter_than_the_picture_has_a_smaller_one() -> None:
    assert folded([np.ones((3, 1), np.float32)], 3).tolist() == [[0, 127]] * 3


def test_a_head_that_promises_another_length_does_no_harm() -> None:
    sound = samples(1.0)
    assert folded([sound], 10, 4).shape == (4, 2)
    assert folded([sound], 10**12, 4)[0, 1] > 100


def test_what_is_no_number_is_silent() -> None:
    assert folded([np.full((10, 1), np.nan, np.float32)], 10, 2).tolist() == [[0, 0], [0, 0]]


def test_what_cannot_be_decoded_here_has_a_length_and_no_picture(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(m4a(2_500))
    assert told(path) == ("audio/mp4", 2_500)
    assert drawn(path) is None


def test_a_film_without_sound_is_no_recording(tmp_path: Path) -> None:
    path = tmp_path / "a.m4a"
    path.write_bytes(m4a(sound=False))
    with pytest.raises(NotSound):
        told(path)


@pytest.mark.parametrize("name", ["a.wav", "a.aiff", "a.flac", "a.ogg", "a.mp3"])
def test_a_recording_that_was_cut_has_a_picture_or_none(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / name, 30)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    try:
        told(path)
    except NotSound:
        return
    peaks = drawn(path)
    assert peaks is None or peaks.shape == (PEAKS, 2)


def test_an_empty_block_says_nothing() -> None:
    empty = np.zeros((0, 1), np.float32)
    assert folded([empty, np.ones((4, 1), np.float32), empty], 4, 2).tolist() == [[0, 127]] * 2
