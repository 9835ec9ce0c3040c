"""What was earned over time as a picture: SVG bars, without a script. A table beside it says the same."""

from collections.abc import Callable, Sequence
from xml.etree import ElementTree

from presence.languages import later, say
from presence.paying.earnings import Bar

WIDTH, HEIGHT, GAP = 20, 120, 4
SLOTS_MIN = 12
"""No bar is wider than one of so many: the only month there is would be a wall."""
LEAST = 2
"""A bar of anything at all can be seen."""


def drawn(bars: Sequence[Bar], shown: Callable[[int], str], *, title: str) -> str:
    """Draw bars as one SVG element that stretches with its frame; `shown` writes an amount of micros."""
    highest = max((bar.micros for bar in bars), default=0)
    whole = max(len(bars), SLOTS_MIN) * WIDTH
    slot = whole // max(1, len(bars))
    svg = ElementTree.Element(
        "svg",
        {
            "class": "bars",
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {whole} {HEIGHT}",
            "preserveAspectRatio": "none",
            "role": "img",
            "aria-label": f"{title}: {described(bars, shown)}",
        },
    )
    for n, bar in enumerate(bars):
        # Whole numbers all the way: amounts are never floats, not even in a picture.
        height = max(LEAST, bar.micros * HEIGHT // highest) if bar.micros > 0 else 0
        x, y = n * slot + (slot - WIDTH + GAP) // 2, HEIGHT - height
        place = {"x": str(x), "y": str(y), "width": str(WIDTH - GAP), "height": str(height), "class": "bar"}
        rect = ElementTree.SubElement(svg, "rect", place)
        ElementTree.SubElement(rect, "title").text = f"{bar.name}: {shown(bar.micros)}"
    return ElementTree.tostring(svg, encoding="unicode")


def described(bars: Sequence[Bar], shown: Callable[[int], str]) -> str:
    """Say in one sentence what the bars show."""
    earning = [bar for bar in bars if bar.micros]
    if not earning:
        return say("nothing was earned")
    most = max(earning, key=lambda bar: bar.micros)
    form = later("{whole} in all, the most, {most}, at {when}")
    return say(form, whole=shown(sum(bar.micros for bar in bars)), most=shown(most.micros), when=most.name)
