"""Draws what a recording looks like, as the path of a small picture in the page."""

from typing import NamedTuple

from knowledge import Recording

COLUMNS = 240
HEIGHT = 64


class Wave(NamedTuple):
    """The path of an SVG of `COLUMNS` by `HEIGHT`."""

    path: str
    width: int = COLUMNS
    height: int = HEIGHT


def wave_of(recording: Recording) -> Wave | None:
    """Draw a recording; None where it cannot be drawn, or is not yet."""
    if not recording.peaks:
        return None
    levels = [byte - 256 if byte > 127 else byte for byte in recording.peaks]
    pairs = list(zip(levels[::2], levels[1::2], strict=True))
    columns = min(COLUMNS, len(pairs))
    strokes = []
    for column in range(columns):
        here = pairs[column * len(pairs) // columns : (column + 1) * len(pairs) // columns]
        top, bottom = _at(max(high for _, high in here)), _at(min(low for low, _ in here))
        strokes.append(f"M{column * COLUMNS // columns}.5 {top}V{max(bottom, top + 1)}")
    return Wave("".join(strokes))


def _at(level: int) -> int:
    """Turn a level of -127 to 127 into a line of the picture; 127 is at the top."""
    return round((127 - level) * (HEIGHT - 1) / 254)
