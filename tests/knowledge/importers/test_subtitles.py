"""Subtitles to running speech."""

import json
from pathlib import Path, PurePosixPath

import pytest

from knowledge.errors import ImportRefused
from knowledge.importers import subtitles
from knowledge.importers.record import ImportedDoc
from knowledge.importers.sniffed import Sniffed

SAMPLES = Path(__file__).parents[4] / "shared" / "data" / "formats" / "subtitles"


def read(text: str, name: str = "talk.srt") -> ImportedDoc:
    file = Sniffed(text.encode(), PurePosixPath(name))
    assert subtitles.is_it(file)
    [document] = subtitles.read(file)
    return document


def said(text: str) -> list[tuple[str, str]]:
    return [(block.place, block.text) for block in read(text).blocks]


SRT = """1
00:00:01,000 --> 00:00:03,000
I wrote it on a rented
piano. The piano

2
00:00:03,000 --> 00:00:05,000
had <i>two</i> dead keys.

3
01:12:30,500 --> 01:12:32,000
Nobody slept.
"""


def test_subtitles_are_joined_until_a_sentence_ends() -> None:
    assert said(SRT) == [
        ("0:00:01", "I wrote it on a rented piano. The piano had two dead keys."),
        ("1:12:30", "Nobody slept."),
    ]
    assert [block.line for block in read(SRT).blocks] == [3, 12]
    assert read(SRT).kind == "interview"


def test_a_long_pause_ends_a_block() -> None:
    text = "0:00:01.000,0:00:02.000\nand then\n\n0:00:09.000,0:00:10.000\nthe tide\n"
    assert said(text) == [("0:00:01", "and then"), ("0:00:09", "the tide")]


@pytest.mark.parametrize(
    "lines",
    [
        ("<v Ada Marsh>One two.</v>", "<v Zeno>Three.", "Four."),
        ("ADA MARSH: One two.", "ZENO: Three.", "Four."),
        (">> ADA MARSH: One two.", ">> ZENO: Three.", "Four."),
    ],
)
def test_every_speaker_has_a_block(lines: tuple[str, ...]) -> None:
    cues = "".join(f"\n00:0{n}.000 --> 00:0{n + 1}.000\n{line}\n" for n, line in enumerate(lines, start=1))
    document = read(f"WEBVTT\n{cues}")
    assert [(block.speaker.title(), block.text) for block in document.blocks] == [
        ("Ada Marsh", "One two."),
        ("Zeno", "Three."),
        ("Zeno", "Four."),
    ]


def test_a_sentence_with_a_colon_names_nobody() -> None:
    [block] = read("00:01.000 --> 00:02.000\nI said: no. And Zeno: yes.\n").blocks
    assert block.speaker == ""


def test_rolling_captions_say_everything_once() -> None:
    text = """WEBVTT
Kind: captions

00:01.000 --> 00:02.000 align:start
this<00:01.500><c> is</c>

00:02.000 --> 00:02.010
this is

00:02.010 --> 00:03.000
this is
the<00:02.500><c> tide</c>

00:03.000 --> 00:03.010
the tide

00:03.010 --> 00:04.000
the tide
going out
"""
    assert said(text) == [("0:00:01", "this is the tide going out")]


def test_what_is_said_twice_on_purpose_stays() -> None:
    assert said("0:00:01.000,0:00:02.000\nYes.\n\n0:00:04.000,0:00:05.000\nYes.\n") == [
        ("0:00:01", "Yes."),
        ("0:00:04", "Yes."),
    ]


def test_heads_notes_and_styles_are_no_speech() -> None:
    text = (
        "WEBVTT - a\nKind: captions\nStyle:\n::cue(c) { color: red }\n##\n\nNOTE by the editor\n\nSTYLE\n::cue {}\n\n"
    )
    assert said(f"{text}intro\n00:01.000 --> 00:02.000\nOne &amp; all.\n") == [("0:00:01", "One & all.")]


def test_whisper_is_read() -> None:
    segments = [{"start": 1.5, "end": 3, "text": " The tide", "speaker": "A"}, {"start": 3, "end": 4, "text": "came."}]
    document = read(json.dumps({"text": "x", "segments": segments}), "talk.json")
    assert [(block.place, block.text, block.speaker) for block in document.blocks] == [
        ("0:00:01", "The tide", "A"),
        ("0:00:03", "came.", ""),
    ]


def test_times_that_cannot_be_read_are_named() -> None:
    document = read("00:01.000 --> 00:02.000\nOne.\n\n00:xx --> 00:03\nTwo.\n")
    assert document.left_out == ("Times that could not be read: line 4.",)


@pytest.mark.parametrize("text", ["WEBVTT\n", "00:01.000 --> 00:02.000\n", '{"segments": [], "start": 1, "text": 2}'])
def test_silence_is_refused(text: str) -> None:
    with pytest.raises(ImportRefused, match="nothing is said"):
        read(text)


@pytest.mark.parametrize("text", ["The tide.\n", "12:30 Zeno - Dub\n14:00 Ada - Tide\n", "", '{"segments": 1}'])
def test_other_texts_are_none(text: str) -> None:
    assert not subtitles.is_it(Sniffed(text.encode(), PurePosixPath("a.txt")))


@pytest.mark.skipif(not SAMPLES.exists(), reason="the sample files are elsewhere")
@pytest.mark.parametrize(
    ("name", "count"),
    [("sample.srt", 5), ("sample.vtt", 16), ("sample.sbv", 6), ("invalid_timeframe.srt", 5), ("invalid.vtt", 7),
     ("metadata_headers_multiline.vtt", 2)],
)  # fmt: skip
def test_real_ones(name: str, count: int) -> None:
    text = " ".join(block.text for block in read((SAMPLES / name).read_text(), name).blocks)
    assert text.count("Caption text") == count


@pytest.mark.skipif(not SAMPLES.exists(), reason="the sample files are elsewhere")
def test_a_real_rolling_one() -> None:
    document = read((SAMPLES / "youtube_dl.vtt").read_text(), "youtube_dl.vtt")
    assert " ".join(block.text for block in document.blocks) == "yeah what this will happen is I'm telling"
