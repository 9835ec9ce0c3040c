"""One demo node and one browser for all page tests."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.processes import Serving, serving

FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--no-first-run"]

# Other tests have the machine, too: what is there in the end is there, however long a page took.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """The demo artist, with the real embedder, as `make run` starts it."""
    home = Path(tmp_path_factory.mktemp("demo")) / "home"
    many = {"PRESENCE_LIMITS__QUESTIONS_PER_MINUTE": "10000"}
    with serving(home, verb="demo", PRESENCE_KNOWLEDGE__EMBEDDER="minilm", **many) as node:
        yield node


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    path = shutil.which("chromium")
    if path is None:
        pytest.fail("Chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield opened
        opened.close()
