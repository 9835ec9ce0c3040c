"""Recordings in a real browser: sought by picture and by keyboard, from a moment, and without scripts."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.sounding import LENGTH_S, SECOND_PIECE_S, Sounding, sounding
from tests.mailing import mailroom

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sounding]:
    with mailroom() as room, sounding(Path(tmp_path_factory.mktemp("sounding")), room) as opened:
        yield opened


def night(page: Page) -> None:
    page.goto("/sets?year=2015")
    page.locator(".shelf a").first.click()
    expect(page.locator(".player audio")).to_be_visible()


def second(page: Page) -> float:
    return float(page.evaluate("document.querySelector('.player audio').currentTime"))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_is_sought_by_keyboard_and_played_from_a_piece(browser: Browser, node: Sounding, theme: str) -> None:
    with browser.new_context(
        viewport={"width": 360, "height": 740},
        color_scheme=theme,  # type: ignore[arg-type]
        base_url=node.address,
    ) as context:
        page = context.new_page()
        night(page)
        place = page.get_by_role("slider", name="Where in From the desk")
        place.focus()
        page.keyboard.press("End")
        page.keyboard.press("ArrowLeft")
        assert second(page) == LENGTH_S - 1
        page.get_by_role("link", name="Play from 0:06:10").click()
        page.wait_for_function(
            "second => { const audio = document.querySelector('.player audio');"
            " return !audio.paused && audio.currentTime >= second; }",
            arg=SECOND_PIECE_S,
        )
        expect(page.locator(".timeline li.now")).to_contain_text("Low Tide")
        expect(place).to_have_attribute("aria-valuetext", re.compile(r"0:06:\d\d"))
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_it_plays_without_scripts(browser: Browser, node: Sounding) -> None:
    with browser.new_context(java_script_enabled=False, base_url=node.address) as context:
        page = context.new_page()
        night(page)
        expect(page.get_by_role("slider", name="Where in From the desk")).to_have_count(0)
        expect(page.locator(".player audio")).to_have_attribute("src", re.compile("^/audio/"))
        link = page.get_by_role("link", name="Play from 0:06:10").get_attribute("href") or ""
        assert link.endswith("#t=370")
        assert context.request.get(link.partition("#")[0], headers={"Range": "bytes=0-9"}).status == 206
