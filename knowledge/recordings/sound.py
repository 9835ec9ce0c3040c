"""What a recording is, told by its content: its type, how long it is, and what it looks like.

libsndfile opens whatever it knows; MPEG-4 it does not, so those have a length and no picture.
"""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import numpy.typing as npt

from knowledge.errors import NotSound

PEAKS = 1_000
BLOCK_FRAMES = 65_536
_HEAD_BYTES = 16
_MILLISECONDS = 1_000

Peaks = npt.NDArray[np.int8]
"""Shape (n, 2): the lowest and the highest of each stretch, -127 to 127."""


def media_type(head: bytes) -> str | None:
    """Tell the type from the first bytes; None where they are no recording's."""
    if head[:4] in (b"RIFF", b"RF64") and head[8:12] == b"WAVE":
        return "audio/wav"
    if head[:4] == b"FORM" and head[8:11] == b"AIF":
        return "audio/aiff"
    if head[4:8] == b"ftyp":
        return "audio/mp4"
    if head[:3] == b"ID3" or (head[:1] == b"\xff" and head[1:2] > b"\xdf"):
        return "audio/mpeg"
    return {b"fLaC": "audio/flac", b"OggS": "audio/ogg"}.get(head[:4])


def told(path: Path) -> tuple[str, int]:
    """Give the media type and the length in milliseconds, or raise `NotSound`."""
    with path.open("rb") as file:
        kind = media_type(file.read(_HEAD_BYTES))
    if kind is None:
        raise NotSound
    duration_ms = _tagged_ms(path) if kind == "audio/mp4" else _decoded_ms(path)
    if duration_ms <= 0:
        raise NotSound
    return kind, duration_ms


def _tagged_ms(path: Path) -> int:
    from tinytag import ParseError, TinyTag

    try:
        with path.open("rb") as file:
            tags = TinyTag.get(file_obj=file)
    except (ParseError, OSError, ValueError) as error:
        raise NotSound from error
    is_sound = bool(tags.channels or tags.samplerate)  # a film may have none
    return int((tags.duration or 0) * _MILLISECONDS) if is_sound else 0


def _decoded_ms(path: Path) -> int:
    import soundfile

    try:
        info = soundfile.info(str(path))
    except soundfile.LibsndfileError as error:
        raise NotSound from error
    return int(info.frames * _MILLISECONDS // info.samplerate)


def drawn(path: Path) -> Peaks | None:
    """Draw a recording block by block; None where it cannot be decoded here."""
    import soundfile

    try:
        with soundfile.SoundFile(str(path)) as file:
            return folded(file.blocks(BLOCK_FRAMES, dtype="float32", always_2d=True), file.frames)
    except soundfile.LibsndfileError:
        return None


def folded(blocks: Iterable[npt.NDArray[np.float32]], frames: int, peaks: int = PEAKS) -> Peaks:
    """Fold blocks of shape (frames, channels) into the lowest and the highest of each stretch."""
    count, frames = max(1, min(peaks, frames)), max(1, frames)
    low, high = np.zeros(count, np.float32), np.zeros(count, np.float32)
    at = 0
    for block in filter(len, blocks):  # a file that was cut gives empty ones
        first, last = (min(frame * count // frames, count - 1) for frame in (at, at + len(block) - 1))
        # Where each further stretch begins, as the smallest frame whose stretch it is.
        starts = np.maximum(0, -(-np.arange(first, last + 1) * frames // count) - at)
        starts[0] = 0
        here = slice(first, last + 1)
        # fmin and fmax pass over what is no number, which a file of floats may hold.
        low[here] = np.fmin(low[here], np.fmin.reduceat(block, starts, axis=0).min(axis=1))
        high[here] = np.fmax(high[here], np.fmax.reduceat(block, starts, axis=0).max(axis=1))
        at += len(block)
    return (np.stack([low, high], axis=1).clip(-1, 1) * 127).round().astype(np.int8)
