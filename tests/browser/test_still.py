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
WATCHED = """() => { window.shifts = []; window.asked = [];
    const named = ({ node }) => `${node?.nodeName}.${node?.className}`;
    const told = (one) => ({ by: one.value, at: one.startTime, what: one.sources.map(named) });
    new PerformanceObserver((list) => window.shifts.push(...list.getEntries().map(told)))
      .observe({ type: "layout-shift", buffered: true });
    new MutationObserver(() => { const from = performance.now();
      requestAnimationFrame(() => requestAnimationFrame(() => window.asked.push([from, performance.now()]))); })
      .observe(document.getElementById("answers"), { childList: true }); }"""
# That the question takes its place is what was pressed for: all counts but the one frame that first shows it, however
# late that comes. Chromium's own `hadRecentInput` says so by a clock, which is over before the frame on a slow machine.
SHIFTS = "shifts.filter(({ at }) => !asked.some(([from, to]) => from <= at && at < to))"


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
        assert len(page.evaluate("asked")) == len(QUESTIONS)
        shifts = page.evaluate(SHIFTS)
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
    # As on a slow line: the question stands there before anything comes of it.
    page.route("**/api/questions", _late)
    page.fill("#question", question)
    page.keyboard.press("Enter")
    expect(page.locator("article.answer").nth(number).locator(".report")).to_be_visible(timeout=30_000)


def _late(route: Route) -> None:
    time.sleep(0.7)
    route.continue_()
