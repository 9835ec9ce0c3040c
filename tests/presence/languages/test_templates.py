"""Tests that no template says anything past the catalogue: its text and its labels come from `_()` or `{% trans %}`."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from jinja2 import Environment, nodes

from presence.languages.catalogue import FOLDER

TEMPLATES = FOLDER.parent / "web" / "templates"
PAGES = sorted(TEMPLATES.rglob("*.html"))
LABELS = ("aria-label", "aria-valuetext", "placeholder", "title", "alt", "data-label")
COMMANDS = ("presence check answer.json", "--artist", "presence receipt verify receipt-.json --key",
            "presence receipt cosign --key my-key.txt")  # fmt: skip
"""What is no sentence: commands that are typed as they stand."""

JINJA = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
TRANSLATED = re.compile(r"\{%[+-]?\s*trans\b.*?endtrans\s*[+-]?%\}", re.DOTALL)
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
IN_A_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
LETTERS = re.compile(r"[A-Za-z]{2}")
ATTRIBUTES = re.compile(r"([a-z-]+=\"[^\"]*\" ?|autofocus)+")
"""What a block or a macro puts into a tag."""


def bare(page: Path) -> str:
    """Give what a template says by itself; what Jinja puts there becomes nothing."""
    return IN_A_TAG.sub("", TRANSLATED.sub("", COMMENT.sub("", page.read_text(encoding="utf-8"))))


def texts(page: Path) -> Iterator[str]:
    soup = BeautifulSoup(bare(page), "html.parser")
    for text in soup.find_all(string=True):
        if text.parent and text.parent.name not in ("script", "style") and LETTERS.search(text):
            yield " ".join(text.split())
    for element in soup.find_all(True):
        yield from (label for name in LABELS if LETTERS.search(label := str(element.get(name, ""))))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_template_says_comes_from_the_catalogue(page: Path) -> None:
    assert not [text for text in texts(page) if text not in (*COMMANDS, "html") and not ATTRIBUTES.fullmatch(text)]


@pytest.mark.parametrize("page", sorted(TEMPLATES.rglob("*.html")), ids=lambda page: page.name)
def test_only_constants_are_looked_up_as_markup(page: Path) -> None:
    """What comes from people or from code goes through `wording`, which is escaped."""
    for call in JINJA.parse(page.read_text(encoding="utf-8")).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in ("_", "gettext", "ngettext"):
            assert isinstance(call.args[0], nodes.Const), f"{page.name}:{call.lineno}"
