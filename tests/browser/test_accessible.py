"""Every page of the room for everybody: axe-core, both themes, keyboard, one announcement, 360 px and 400 %."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.sounding import AFTER_THE_FIRST, Sounding, sounding
from tests.mailing import mailroom

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 740}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}
WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
PAGES = (
    "/", "/?q=Who%20played%3F", "/sets", "/releases", "/search", "/search?q=kitchen", "/tiers", "/pricing", "/wallet",
    "/key", "/programs", "/memory", "/history", "/telling", "/people", "/follow", "/sign-in", "/nothing-here",
)  # fmt: skip
FIRST_STOPS = (
    "Skip to the content", "Ada Marsh", "Ask", "Sets", "Records", "Search", "1 set", "1 record", "Your question",
    "Ask",
)  # fmt: skip
STOP = """() => { const at = document.activeElement;
  return at.labels?.[0]?.textContent.trim() || at.getAttribute('aria-label') || at.textContent.trim(); }"""


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sounding]:
    with mailroom() as room, sounding(Path(tmp_path_factory.mktemp("accessible")), room) as opened:
        yield opened


def visiting(browser: Browser, node: Sounding, **how: Any) -> BrowserContext:
    # While a sentence arrives, its colours are on their way.
    still = {"reduced_motion": "reduce"}
    return browser.new_context(**{"viewport": PHONE, "base_url": node.address, **still, **how})


def asked(page: Page, question: str = AFTER_THE_FIRST) -> None:
    page.goto("/")
    page.fill("#question", question)
    page.keyboard.press("Enter")
    page.wait_for_selector("article.answer:not([aria-busy]) .from")


def addresses(page: Page) -> list[str]:
    """Give the pages that need no more than their address, and one of each kind that an answer or a list names."""
    asked(page)
    cited = page.locator(".card a").first.get_attribute("href") or ""
    reported = page.locator(".report form").first.get_attribute("action") or ""
    found = [cited, reported.removesuffix("/report")]
    page.goto("/sets?year=2015")
    night = page.locator(".shelf a").first.get_attribute("href") or ""
    page.goto(night)
    found += [night, page.locator(".timeline .what a").first.get_attribute("href") or ""]
    found.append(page.locator(".nearest a").first.get_attribute("href") or "")
    page.goto("/releases")
    found.append(page.locator(".shelf a").first.get_attribute("href") or "")
    assert all(found)
    return [*PAGES, *found]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_is_wider_than_a_phone(browser: Browser, node: Sounding, theme: str) -> None:
    with visiting(browser, node, color_scheme=theme) as context:
        page = context.new_page()
        for path in addresses(page):
            page.goto(path)
            found = Axe().run(page, options=RULES)
            assert found.violations_count == 0, f"{path}\n{found.generate_report()}"
            assert page.evaluate(WIDE) is False, path


def test_the_operator_finds_nothing_in_her_way_either(browser: Browser, node: Sounding) -> None:
    with visiting(browser, node) as context:
        page = context.new_page()
        page.goto(f"/operator?token={node.services.operator.new_token()}")
        page.locator("main button[type=submit]").first.click()
        page.wait_for_url("**/studio")
        paths = {link.get_attribute("href") or "" for link in page.locator(".sections a").all()}
        assert paths
        for path in ["/", *sorted(paths)]:
            page.goto(path)
            found = Axe().run(page, options=RULES)
            assert found.violations_count == 0, f"{path}\n{found.generate_report()}"
            assert page.evaluate(WIDE) is False, path


def test_at_four_hundred_per_cent_everything_is_in_one_column(browser: Browser, node: Sounding) -> None:
    with visiting(
        browser, node, viewport={"width": 320, "height": 256}
    ) as context:  # 1280 by 1024, four times as large
        page = context.new_page()
        for path in addresses(page):
            page.goto(path)
            assert page.evaluate(WIDE) is False, path


def test_the_way_through_the_room_by_keyboard(browser: Browser, node: Sounding) -> None:
    with visiting(browser, node) as context:
        page = context.new_page()
        page.goto("/")
        stops = []
        for _ in FIRST_STOPS:
            page.keyboard.press("Tab")
            stops.append(page.evaluate(STOP))
        assert tuple(" ".join(stop.split()) for stop in stops) == FIRST_STOPS


def test_an_answer_is_announced_once_and_the_focus_stays(browser: Browser, node: Sounding) -> None:
    with visiting(browser, node) as context:
        page = context.new_page()
        page.goto("/")
        page.evaluate(
            """() => { window.said = []; const news = document.getElementById('news');
            new MutationObserver(() => window.said.push(news.textContent)).observe(news, {childList: true}); }"""
        )
        page.fill("#question", AFTER_THE_FIRST)
        page.keyboard.press("Enter")
        page.wait_for_selector("article.answer:not([aria-busy]) .from")
        said = page.evaluate("window.said")
        assert len(said) == 1
        assert said[0].startswith("Answer: ")
        assert "Low Tide" in said[0]
        expect(page.locator("#question")).to_be_focused()


def test_nothing_moves_for_who_wants_no_motion(browser: Browser, node: Sounding) -> None:
    moving = "getComputedStyle(document.querySelector('.said p')).animationName"
    for wish, name in (("reduce", "none"), ("no-preference", "arrive")):
        with visiting(browser, node, reduced_motion=wish) as context:
            page = context.new_page()
            asked(page)
            assert page.evaluate(moving) == name


def test_asking_handing_on_and_searching_work_without_scripts(browser: Browser, node: Sounding) -> None:
    with visiting(browser, node, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto("/")
        page.locator(".examples button").first.click()
        expect(page.locator(".said q").first).to_be_visible()
        page.get_by_label("Go on, or ask something else").fill("Which football team do you support?")
        page.get_by_role("button", name="Ask", exact=True).click()
        page.get_by_role("button", name="Ask her").click()
        expect(page.get_by_label("Your e-mail address, to hear back")).to_be_visible()
        page.goto("/search")
        page.get_by_label("Words, a name, a date").fill("kettle")
        page.get_by_role("button", name="Search").click()
        expect(page.locator(".found a").first).to_be_visible()
