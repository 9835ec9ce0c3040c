"""Sounds made for tests."""

import io
import wave
from pathlib import Path

import numpy as np
import soundfile

RATE = 8_000


def samples(seconds: float = 2.0, *, channels: int = 1) -> "np.ndarray[tuple[int, ...], np.dtype[np.float32]]":
    """A tone that is silent at first and loud at the end."""
    at = np.arange(int(seconds * RATE)) / RATE
    tone = (np.sin(2 * np.pi * 220 * at) * at / seconds * 0.9).astype(np.float32)
    return np.stack([tone] * channels, axis=1)


def wav(seconds: float = 2.0, *, channels: int = 1) -> bytes:
    """Give a WAV file, made by the standard library."""
    data = io.BytesIO()
    with wave.open(data, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((samples(seconds, channels=channels) * 32_767).astype("<i2").tobytes())
    return data.getvalue()


def write(path: Path, seconds: float = 2.0) -> Path:
    """Write a sound in the format that the file's name asks for."""
    soundfile.write(str(path), samples(seconds), RATE)
    return path


def _atom(name: bytes, inside: bytes) -> bytes:
    return (len(inside) + 8).to_bytes(4, "big") + name + inside


def m4a(milliseconds: int = 2_000, *, sound: bool = True) -> bytes:
    """Give the head of an MPEG-4 file, with a track of sound or without one."""
    length = _atom(b"mvhd", bytes(12) + (1_000).to_bytes(4, "big") + milliseconds.to_bytes(4, "big") + bytes(80))
    coded = _atom(b"mp4a", bytes(16) + (2).to_bytes(2, "big") + bytes(4) + (44_100).to_bytes(4, "big") + bytes(80))
    described = _atom(b"stsd", bytes(8) + coded) if sound else b""
    track = _atom(b"trak", _atom(b"mdia", _atom(b"minf", _atom(b"stbl", described))))
    return _atom(b"ftyp", b"M4A \x00\x00\x00\x00M4A mp42") + _atom(b"moov", length + track) + _atom(b"mdat", bytes(64))
