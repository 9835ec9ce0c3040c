"""Nothing moves under a reader's eyes: Chromium's layout shift from the question to the whole answer."""

import time

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.processes import Serving

pytestmark = pytest.mark.browser

SHIFT_MAX = 0.1
"""Above this, a page is no longer called good."""
QUESTIONS = (
    "Where was Low Tide Ledger recorded?",
    "Which football team do you support?",
    "How was A Window on the Wrong Sea made?",
)
WATCHED = """() => { window.shifts = [];
    const named = ({ node }) => `${node?.nodeName}.${node?.className}`;
    const told = (one) => ({ by: one.value, what: one.sources.map(named) });
    const own = (one) => !one.hadRecentInput;
    new PerformanceObserver((list) => window.shifts.push(...list.getEntries().filter(own).map(told)))
      .observe({ type: "layout-shift", buffered: true }); }"""


@pytest.mark.parametrize(("width", "height"), [(360, 740), (900, 640), (1280, 900), (320, 256)])
def test_nothing_moves_from_the_question_to_the_answer(
    browser: Browser, demo: Serving, width: int, height: int
) -> None:
    with browser.new_context(viewport={"width": width, "height": height}, base_url=demo.address) as context:
        page = context.new_page()
        page.goto("/")
        page.evaluate(WATCHED)
        for number, question in enumerate(QUESTIONS):
            _ask(page, question, number)
            page.wait_for_timeout(300)  # an observer is told after the frame
        shifts = page.evaluate("window.shifts")
        assert sum(one["by"] for one in shifts) < SHIFT_MAX, shifts


def test_the_question_stays_in_sight_below_the_answer(browser: Browser, demo: Serving) -> None:
    with browser.new_context(viewport={"width": 360, "height": 740}, base_url=demo.address) as context:
        page = context.new_page()
        page.goto("/")
        for number, question in enumerate(QUESTIONS):
            _ask(page, question, number)
            expect(page.locator("#question")).to_be_in_viewport(ratio=1)
            expect(page.locator("article.answer .asked").last).to_be_in_viewport(ratio=1)


def _ask(page: Page, question: str, number: int) -> None:
    # As far from the press of a key as on a slow line: what moves shortly after one is not counted.
    page.route("**/api/questions", _late)
    page.fill("#question", question)
    page.keyboard.press("Enter")
    expect(page.locator("article.answer").nth(number).locator(".report")).to_be_visible(timeout=30_000)


def _late(route: Route) -> None:
    time.sleep(0.7)
    route.continue_()
