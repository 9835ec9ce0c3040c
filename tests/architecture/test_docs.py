"""Docs cannot lie: reference pages come from the code, links lead somewhere, commands exist."""

import re
from pathlib import Path

import pytest
from rich.emoji import Emoji

from presence.cli import app
from presence.reference import PAGES

ROOT = Path(__file__).parents[2]
DOCS = sorted([*(ROOT / "docs").rglob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"])
OF_TESTS = {"PRESENCE_TEST_STORES", "PRESENCE_TEST_PROCESSES"}
"""What only our own tests read (`tests/stores.py`)."""
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


@pytest.mark.parametrize("name", PAGES)
def test_reference_pages_are_what_the_code_says(name: str) -> None:
    written = (ROOT / "docs" / "reference" / name).read_text(encoding="utf-8")
    assert written == PAGES[name](), "run: make reference"


@pytest.mark.parametrize("page", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_in_the_docs_exists(page: Path) -> None:
    import typer

    known = set(typer.main.get_group(app).commands)
    text = page.read_text(encoding="utf-8")
    assert set(re.findall(r"(?:^\$ |`)presence ([a-z]+)", text, re.MULTILINE)) <= known
    assert set(re.findall(r"(?:^|`| {4})make ([a-z-]+)", text, re.MULTILINE)) <= TARGETS


def test_no_word_of_a_help_is_shown_as_a_picture() -> None:
    """A terminal shows `:key:` in a help as one, even within the code that somebody has to type."""
    helps = PAGES["commands.md"]()
    assert Emoji.replace(helps) == helps


def test_the_docs_index_names_every_page() -> None:
    index = (ROOT / "mkdocs.yml").read_text()
    for page in (ROOT / "docs").rglob("*.md"):
        relative = page.relative_to(ROOT / "docs")
        if relative.parts[0] != "decisions" or relative.name == "README.md":
            assert str(relative) in index


def test_every_decision_is_listed() -> None:
    listed = (ROOT / "docs" / "decisions" / "README.md").read_text()
    for record in (ROOT / "docs" / "decisions").glob("0*.md"):
        assert record.name in listed


def test_every_setting_in_the_docs_is_one() -> None:
    from presence.settings import secret_file_names, setting_names

    known = {*setting_names(), *secret_file_names(), *OF_TESTS}
    for page in DOCS:
        assert set(re.findall(r"PRESENCE_[A-Z_]*[A-Z]", page.read_text(encoding="utf-8"))) <= known
