"""Draws the picture that stands beside a link: 1200 by 630 points, a few lines of text, the same bytes each time.

The font comes with us and knows Latin, Greek and Cyrillic. A line in another script is left out rather than drawn
as boxes: whoever sends the link has the words beside the picture.
"""

import io
import threading
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 1200, 630
KEPT = 64
"""So many pictures are kept once they are drawn."""
_FONT = Path(__file__).parent / "fonts" / "DejaVuSerif.ttf"
_PAPER, _INK, _MUTED, _ACCENT = "#f6f1e7", "#1d1a16", "#5f574a", "#8a3b12"
_MARGIN = 80
_COLOURS = 32
_MISSING = "\U0010fffd"
# Who asks for a thousand pictures at once takes one core at most.
_one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True)
class Picture:
    """What is drawn: whose presence it is, the words in the middle, and what stands below them."""

    artist: str
    words: str
    below: str
    label: str


@lru_cache(maxsize=KEPT)
def drawn(picture: Picture) -> bytes:
    """Give it as PNG."""
    with _one_at_a_time:
        image = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
        draw = ImageDraw.Draw(image)
        draw.rectangle((0, 0, WIDTH, 16), fill=_ACCENT)
        _record(draw)
        _text(draw, picture.artist, 40, (_MARGIN, 70), _ACCENT, lines=1, width=WIDTH - 2 * _MARGIN - 150)
        _middle(draw, picture.words)
        _text(draw, picture.below, 30, (_MARGIN, 490), _MUTED, lines=1)
        _text(draw, picture.label, 26, (_MARGIN, 545), _MUTED, lines=1)
        return _written(image)


def can_draw(text: str) -> bool:
    """Whether the font has every letter of a text; marks that it lacks are left out of the line."""
    font = _font(40)
    return not any(char.isalnum() and _is_missing(font, char) for char in text)


def _record(draw: ImageDraw.ImageDraw) -> None:
    """Draw the sign of the house in the corner."""
    x, y = WIDTH - _MARGIN - 50, 105
    for radius, colour in ((50, _INK), (20, _ACCENT), (4, _PAPER)):
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)


def _middle(draw: ImageDraw.ImageDraw, words: str) -> None:
    """Write the words as large as they fit."""
    for size, lines in ((64, 4), (52, 5), (42, 6)):
        if len(_broken(_font(size), _plain(words), WIDTH - 2 * _MARGIN)) <= lines or size == 42:
            _text(draw, words, size, (_MARGIN, 165), _INK, lines=lines)
            return


def _text(
    draw: ImageDraw.ImageDraw,
    text: str,
    size: int,
    at: tuple[int, int],
    colour: str,
    *,
    lines: int,
    width: int = WIDTH - 2 * _MARGIN,
) -> None:
    if not can_draw(text):
        return
    font = _font(size)
    broken = _broken(font, _plain(text), width)
    if len(broken) > lines:
        broken = [*broken[: lines - 1], _cut(font, broken[lines - 1], width)]
    for number, line in enumerate(broken):
        draw.text((at[0], at[1] + round(number * size * 1.25)), line, fill=colour, font=font)


def _broken(font: ImageFont.FreeTypeFont, text: str, width: int) -> list[str]:
    """Break a text into lines that fit; a word that is wider than a line is broken too."""
    found = [""]
    for word in text.split():
        longer = f"{found[-1]} {word}".strip()
        if font.getlength(longer) <= width:
            found[-1] = longer
            continue
        if found[-1]:
            found.append("")
        for char in word:
            if font.getlength(found[-1] + char) > width:
                found.append("")
            found[-1] += char
    return found


def _cut(font: ImageFont.FreeTypeFont, line: str, width: int) -> str:
    while line and font.getlength(f"{line}…") > width:
        line = line[:-1]
    return f"{line.rstrip()}…"


def _plain(text: str) -> str:
    font = _font(40)
    return "".join(char for char in text if char.isspace() or not _is_missing(font, char))


def _is_missing(font: ImageFont.FreeTypeFont, char: str) -> bool:
    return not char.isspace() and (not char.isprintable() or _shape(font, char) == _shape(font, _MISSING))


def _shape(font: ImageFont.FreeTypeFont, char: str) -> tuple[tuple[int, int], bytes]:
    mask = font.getmask(char)
    return mask.size, bytes(mask)


@lru_cache(maxsize=8)
def _font(size: int) -> ImageFont.FreeTypeFont:
    # The plain layout is the same wherever the picture is drawn.
    return ImageFont.truetype(str(_FONT), size, layout_engine=ImageFont.Layout.BASIC)


def _written(image: Image.Image) -> bytes:
    out = io.BytesIO()
    few = image.quantize(_COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(out, "PNG", optimize=True)
    return out.getvalue()
