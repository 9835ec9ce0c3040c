"""The studio's pages on money and house, in a real browser on a phone: without scripts, and at night."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.processes import Serving, command, serving

pytestmark = pytest.mark.browser

WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
# Links within a sentence are as high as its line.
SMALL = """() => [...document.querySelectorAll(".desk :is(button, select, input:not([type=hidden]), summary)")]
    .filter((one) => one.type !== "checkbox" && one.getBoundingClientRect().height < 43.5)
    .map((one) => one.outerHTML)"""
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}
PAGES = (
    "", "/earnings", "/prices", "/prices/record", "/splits", "/payouts", "/refunds", "/subscribers", "/elsewhere",
    "/health",
)  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(tmp_path_factory.mktemp("studio")) / "home"


@pytest.fixture(scope="module")
def node(home: Path) -> Iterator[Serving]:
    with serving(home, verb="demo") as opened:
        yield opened


@pytest.fixture(scope="module")
def seat(browser: Browser, node: Serving) -> Iterator[dict[str, Any]]:
    """What a browser has of the artist once she came in by the link that the node printed."""
    context = browser.new_context(base_url=node.address.replace("127.0.0.1", "localhost"))
    page = context.new_page()
    page.goto(f"/operator?token={node.token}")
    page.click("main button[type=submit]")
    expect(page.get_by_role("link", name="Your studio")).to_be_visible()
    yield {"storage_state": context.storage_state()}
    context.close()


@contextmanager
def opened(browser: Browser, node: Serving, **settings: Any) -> Iterator[Page]:
    """The artist's phone; a refusal, 422, is an answer here, whatever else a script or the network says is an error."""
    chosen = {"viewport": {"width": 360, "height": 740}} | settings
    context = browser.new_context(base_url=node.address.replace("127.0.0.1", "localhost"), **chosen)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda told: errors.append(told.text) if told.type == "error" else None)
    yield page
    context.close()
    assert [error for error in errors if "422" not in error] == []


@pytest.fixture
def plain(browser: Browser, node: Serving, seat: dict[str, Any]) -> Iterator[Page]:
    """A phone without scripts."""
    with opened(browser, node, java_script_enabled=False, **seat) as page:
        yield page


@pytest.fixture
def dark(browser: Browser, node: Serving, seat: dict[str, Any]) -> Iterator[Page]:
    """A phone at night."""
    with opened(browser, node, color_scheme="dark", **seat) as page:
        yield page


def test_prices_are_set_and_shared_on_a_phone_without_scripts(plain: Page) -> None:
    studio, zeno = plain, "Zeno Obuya"
    studio.goto("/studio/prices/ask")
    studio.locator("#price-1").fill("2.5")
    studio.get_by_role("button", name="Let this hold from now on").click()
    expect(studio.get_by_role("status")).to_contain_text("Kept. It holds from now on")
    expect(studio.locator("section", has=studio.locator("#act-ask"))).to_contain_text("$0.025")
    studio.goto("/studio/splits")
    studio.get_by_label("Her name, as it stands on receipts").fill(zeno)
    studio.get_by_role("button", name="Add her, and show her link").click()
    link = studio.locator(".code-to-copy").inner_text().strip()
    studio.goto("/studio/splits")
    studio.get_by_label("(you), %").fill("70")
    hers = studio.get_by_label(f"{zeno}, %", exact=True)
    hers.fill("20")
    studio.get_by_role("button", name="Write it down").click()
    expect(studio.get_by_role("alert")).to_contain_text("The shares come to 90.00 %")
    hers.fill("30")
    studio.get_by_role("button", name="Write it down").click()
    expect(studio.get_by_role("status")).to_contain_text("It holds as soon as everybody who is named has agreed.")
    studio.goto(link.replace("127.0.0.1", "localhost"))
    studio.get_by_role("button", name="I agree").last.click()
    expect(studio.get_by_role("status").last).to_contain_text("You have agreed.")
    studio.goto("/studio/splits")
    expect(studio.locator("#holds-title ~ article").first).to_contain_text(f"{zeno}: 30 %")
    studio.locator("summary", has_text="End this").first.click()
    studio.get_by_role("button", name="End it now").first.click()
    expect(studio.get_by_role("status")).to_contain_text("Ended.")


def test_every_page_fits_a_phone_and_reads_for_everybody(dark: Page) -> None:
    dark.goto("/studio/health")
    dark.get_by_role("button", name="Look at everything now").click()
    expect(dark.get_by_role("status")).to_be_visible(timeout=30_000)
    for name in PAGES:
        dark.goto(f"/studio{name}")
        expect(dark.locator("h1")).to_be_visible()
        assert dark.evaluate(WIDE) is False, name
        assert dark.evaluate(SMALL) == [], name
        found = Axe().run(dark, options=RULES)
        assert found.violations_count == 0, found.generate_report()


def test_parts_are_added_up_while_they_are_typed(dark: Page, home: Path) -> None:
    command(home, "split", "add", "Ida Lund")
    dark.goto("/studio/splits")
    dark.get_by_label("(you), %").fill("66.67")
    dark.get_by_label("Ida Lund, %", exact=True).fill("33.3")
    expect(dark.locator("#together")).to_have_text("Now they come to 99.97 %.")
    dark.get_by_label("Ida Lund, %", exact=True).fill("a third")
    expect(dark.locator("#together")).to_have_text("One of them is no percentage.")
