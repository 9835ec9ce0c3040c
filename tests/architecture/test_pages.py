"""What fans read: the right words, nothing from elsewhere, colours that can be read."""

import re
from pathlib import Path

import pytest

WEB = Path(__file__).parents[2] / "presence" / "web"
TEMPLATES = sorted((WEB / "templates").glob("*.html"))
CSS = (WEB / "static" / "house.css").read_text()

# Words of the code that do not belong on a fan's page.
INSIDE_WORDS = ("did:", "epoch", "micros", "capture", "ticket", "embedding", "LLM", "token ", "hold ")


def visible(template: Path) -> str:
    text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", " ", template.read_text(), flags=re.DOTALL)
    return re.sub(r"<[^>]*>", " ", text)


@pytest.mark.parametrize("template", [t for t in TEMPLATES if t.name != "operator.html"], ids=lambda t: t.name)
def test_fan_pages_speak_no_inside_words(template: Path) -> None:
    words = visible(template).lower()
    assert [word for word in INSIDE_WORDS if word.lower() in words] == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda t: t.name)
def test_nothing_is_fetched_from_elsewhere(template: Path) -> None:
    text = template.read_text()
    assert not re.search(r"""(?:src|href|action)=["']?(?:https?:)?//""", text)
    assert not re.search(r"""\son\w+=|<script(?![^>]*(?:src=|type="application/ld\+json"))|style=""", text)


def test_the_script_asks_only_this_house() -> None:
    for script in (WEB / "static").glob("*.js"):
        assert "http:" not in script.read_text()
        assert "https:" not in script.read_text()
        assert "innerHTML" not in script.read_text()
        assert len(script.read_text().splitlines()) < 200


def tokens(theme: str) -> dict[str, str]:
    blocks = re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)
    light = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", blocks[0]))
    return light if theme == "light" else {**light, **dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", blocks[1]))}


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("text", "behind"),
    [
        ("ink", "paper"),
        ("ink", "sheet"),
        ("ink", "mark"),
        ("muted", "paper"),
        ("muted", "sheet"),
        ("accent", "paper"),
        ("accent", "sheet"),
        ("on-accent", "accent"),
    ],
)
def test_text_can_be_read_in_both_themes(theme: str, text: str, behind: str) -> None:
    colours = tokens(theme)
    assert contrast(colours[text], colours[behind]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("behind", ["paper", "sheet"])
def test_bars_and_edges_can_be_told_from_what_they_lie_on(theme: str, behind: str) -> None:
    colours = tokens(theme)
    assert min(contrast(colours[edge], colours[behind]) for edge in ("bar", "muted", "accent")) >= 3
