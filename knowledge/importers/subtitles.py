"""What was said in a recording: SRT, VTT, SBV and Whisper's JSON, merged into running speech with its time.

A subtitle is cut where the screen is full, not where a sentence ends, so subtitles are joined until one
does. YouTube's own captions roll: every cue says the line before it once more, and that is taken out.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from html import unescape
from typing import Any

from knowledge.errors import ImportRefused
from knowledge.importers import jsonfile
from knowledge.importers.durations import clock, from_clock
from knowledge.importers.record import Block, ImportedDoc
from knowledge.importers.sniffed import Sniffed

_CLOCK = r"(?:\d{1,3}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?"
_TIMES = re.compile(rf"^[ \t]*(?P<start>{_CLOCK})[ \t]*(?:-->|,)[ \t]*(?P<end>{_CLOCK})(?P<settings>[ \t].*)?$")
_VOICE = re.compile(r"<v(?:\.[\w.-]+)?[ \t]+(?P<name>[^>]{1,80})>")
_SAYS = re.compile(r"^(?:>>[ \t]*|-[ \t]+)?(?P<name>[A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ .'’-]{1,30})[ \t]*:[ \t]+(?=\S)")
_CHANGE = re.compile(r"^(?:>>|&gt;&gt;)[ \t]*")
_TAG = re.compile(r"</?[a-zA-Z][^>\n]{0,200}>|<\d[\d:.]*>|\{\\[^}\n]{0,60}\}")
_NOTE_HEAD = re.compile(r"^(?:NOTE|STYLE|REGION)\b")
_ENDED = re.compile(r"[.!?…][\"'”’)\]]*$")
_BLOCK_CHARS_MAX = 700
_PAUSE_MS = 4_000
_LISTED_MAX = 20


@dataclass(frozen=True, slots=True)
class _Cue:
    start_ms: int
    end_ms: int
    lines: tuple[str, ...]
    line: int
    speaker: str = ""


def is_it(file: Sniffed) -> bool:
    if file.opening.startswith("{"):
        return jsonfile.looks_like(file, "segments") and b'"start"' in file.data and b'"text"' in file.data
    return file.opening.startswith("WEBVTT") or any(map(_TIMES.match, file.opening.split("\n")[:3]))


def read(file: Sniffed) -> Sequence[ImportedDoc]:
    """Read one transcript as one document."""
    left_out: list[str] = []
    cues = list(_whisper(file) if file.opening.startswith("{") else _cues(file.text.split("\n"), left_out))
    blocks = tuple(_running(_spoken(_once(cues))))
    if not blocks:
        raise ImportRefused("There are times in these subtitles, but nothing is said.")
    return [
        ImportedDoc(
            format="subtitles",
            title=re.sub(r"(?:[._-][a-z]{2}(?:-[A-Za-z]{2,4})?)$", "", file.name.stem).replace("_", " "),
            blocks=blocks,
            kind="interview",
            left_out=tuple(left_out),
        )
    ]


def _cues(lines: list[str], left_out: list[str]) -> Iterator[_Cue]:
    """Give the cues; what stands before the first and notes between them are no speech."""
    at, broken = 0, list[int]()
    while at < len(lines):
        times = _TIMES.match(lines[at])
        if times is None:
            broken += [at + 1] if "-->" in lines[at] else []
            at += 1
            continue
        end = _end_of(lines, at + 1)
        start_ms, end_ms = from_clock(times["start"]), from_clock(times["end"])
        if start_ms is not None and end_ms is not None:
            yield _Cue(start_ms, end_ms, tuple(lines[at + 1 : end]), at + 2)
        at = end
    if broken:
        listed = ", ".join(map(str, broken[:_LISTED_MAX])) + (" …" if len(broken) > _LISTED_MAX else "")
        left_out.append(f"Times that could not be read: line {listed}.")


def _end_of(lines: list[str], at: int) -> int:
    """A cue ends before an empty line, a note, the number of the next cue or its times."""
    while at < len(lines) and lines[at].strip() and not _TIMES.match(lines[at]) and not _NOTE_HEAD.match(lines[at]):
        if lines[at].strip().isdecimal() and at + 1 < len(lines) and _TIMES.match(lines[at + 1]):
            return at
        at += 1
    return at


def _whisper(file: Sniffed) -> Iterator[_Cue]:
    for segment in jsonfile.mappings(jsonfile.mapping(jsonfile.parsed(file)).get("segments", [])):
        text, start, end = segment.get("text"), _ms(segment.get("start")), _ms(segment.get("end"))
        if isinstance(text, str):
            yield _Cue(start, max(start, end), (text,), 1, jsonfile.words(segment.get("speaker")))


def _ms(seconds: Any) -> int:
    is_number = isinstance(seconds, (int, float)) and not isinstance(seconds, bool) and 0 <= seconds < 1_000_000
    return round(seconds * 1_000) if is_number else 0


def _once(cues: list[_Cue]) -> Iterator[_Cue]:
    """Take out of every cue the lines that the cue before it showed already."""
    shown: tuple[str, ...] = ()
    shown_until = 0
    for cue in cues:
        clean = tuple(line for line in cue.lines if _text(line))
        told = tuple(_text(line) for line in clean)
        repeated = _repeated(shown, told) if cue.start_ms <= shown_until + 50 else 0
        if told:
            shown, shown_until = told, cue.end_ms
        if told[repeated:]:
            yield replace(cue, lines=clean[repeated:], line=cue.line + repeated)


def _repeated(shown: tuple[str, ...], told: tuple[str, ...]) -> int:
    """How many lines of the new cue end the old one; captions roll by one line or more."""
    for length in range(min(len(shown), len(told)), 0, -1):
        if shown[-length:] == told[:length]:
            return length
    return 0


def _text(line: str) -> str:
    return " ".join(unescape(_TAG.sub("", line)).split())


def _spoken(cues: Iterator[_Cue]) -> Iterator[_Cue]:
    """Give every cue its speaker; one who is named speaks until another is, or until the mark of a change."""
    speaker = ""
    for cue in cues:
        first = cue.lines[0]
        voice, says = _VOICE.search(first), _SAYS.match(_text(first))
        if voice or says or _CHANGE.match(first.strip()):
            speaker = voice["name"].strip() if voice else says["name"].strip().title() if says else ""
        told = [_text(line) for line in cue.lines]
        told[0] = _CHANGE.sub("", told[0][says.end() :] if says and not voice else told[0])
        yield replace(cue, lines=tuple(filter(None, told)), speaker=cue.speaker or speaker)


def _running(cues: Iterator[_Cue]) -> Iterator[Block]:
    """Join cues until a sentence ends, somebody else speaks, or nobody does for a while."""
    run = list[_Cue]()
    for cue in cues:
        if run and _ends(run, cue):
            yield _block(run)
            run = []
        run.append(cue)
    if run:
        yield _block(run)


def _ends(run: list[_Cue], cue: _Cue) -> bool:
    text = " ".join(line for one in run for line in one.lines)
    if cue.speaker != run[-1].speaker or cue.start_ms - run[-1].end_ms >= _PAUSE_MS:
        return True
    return bool(_ENDED.search(text)) or len(text) >= _BLOCK_CHARS_MAX


def _block(run: list[_Cue]) -> Block:
    text = " ".join(line for cue in run for line in cue.lines)
    return Block("prose", text, run[0].line, speaker=run[0].speaker, own_lines=False, place=clock(run[0].start_ms))
