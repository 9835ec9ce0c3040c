"""The room in a real browser: at a desk, on a phone, by keyboard, without scripts."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect

from tests.processes import Serving

pytestmark = pytest.mark.browser

QUESTION = "Where was the bass of Low Tide Ledger recorded?"
QUOTE = "I recorded the bass line of Low Tide Ledger on a broken Korg in my aunt's kitchen."
NOTES_WHAT_IS_SAID = """
  window.said = [];
  new MutationObserver((changes) => {
    for (const { target, addedNodes } of changes) {
      if (target.className === "said") said.push(...[...addedNodes].map((line) => line.textContent));
    }
  }).observe(document, { childList: true, subtree: true });
"""


@pytest.fixture(params=["light", "dark"])
def page(request: pytest.FixtureRequest, browser: Browser, demo: Serving) -> Iterator[Page]:
    """A phone's page that reports every error of its scripts."""
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, color_scheme=request.param, base_url=demo.address
    )
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    yield opened
    context.close()
    assert errors == []


def ask_by_keyboard(page: Page, question: str = QUESTION) -> None:
    page.goto("/")
    page.keyboard.press("/")
    page.keyboard.type(question)
    page.keyboard.press("Enter")
    page.wait_for_selector("article.answer:not([aria-busy]) .chip", timeout=30_000)


def test_a_question_by_keyboard_is_answered_cited_and_opens_its_place(page: Page) -> None:
    ask_by_keyboard(page)
    expect(page.locator(".said q").first).to_have_text(QUOTE)
    expect(page.locator("#news")).to_contain_text(QUOTE)
    page.locator(".chip").first.click()
    card = page.locator(".card:popover-open")
    expect(card.locator("blockquote")).to_have_text(QUOTE)
    card.locator("a").click()
    expect(page.locator(".sentence:target")).to_have_text(QUOTE)


def test_nothing_is_wider_than_a_phone(page: Page) -> None:
    ask_by_keyboard(page)
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert page.evaluate(wide) is False
    page.goto(page.locator(".card a").first.get_attribute("href") or "/")
    assert page.evaluate(wide) is False


def test_axe_finds_nothing(page: Page) -> None:
    ask_by_keyboard(page)
    rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}
    for path in ("", "/operator", page.locator(".card a").first.get_attribute("href")):
        if path:
            page.goto(path)
        page.emulate_media(reduced_motion="reduce")  # what comes in is looked at as it stays
        found = Axe().run(page, options=rules)
        assert found.violations_count == 0, found.generate_report()


def test_the_label_says_ai_in_page_and_answer(page: Page) -> None:
    ask_by_keyboard(page)
    expect(page.locator(".ai-label")).to_contain_text("AI")
    expect(page.locator(".answer .from").first).to_contain_text("AI")


def test_who_signed_an_answer_is_told_on_a_phone(page: Page) -> None:
    ask_by_keyboard(page)
    page.locator(".signed a").first.click()
    expect(page.locator("main")).to_contain_text("word for word what was signed")
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth") is False
    assert Axe().run(page).violations_count == 0


def test_two_questions_one_after_the_other(page: Page) -> None:
    ask_by_keyboard(page)
    page.locator("#question").fill("Which football team do you support?")
    page.keyboard.press("Enter")
    expect(page.locator("article.answer").nth(1).locator(".nothing")).to_contain_text("not in my notes")
    expect(page.locator("article.answer").first.locator(".said q").first).to_have_text(QUOTE)


def test_everything_works_without_scripts(browser: Browser, demo: Serving) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=demo.address)
    page = context.new_page()
    page.goto("/")
    page.fill("#question", QUESTION)
    page.click("#asking button[type=submit]")
    expect(page.locator(".said q").first).to_have_text(QUOTE)
    page.locator(".chip").first.click()  # cards open without scripts too
    page.locator(".card:popover-open a").click()
    expect(page.locator(".sentence").first).to_be_visible()
    context.close()


def test_the_operator_looks_through_the_eyes_of_each_tier(browser: Browser, demo: Serving) -> None:
    context = browser.new_context(base_url=demo.address)
    page = context.new_page()
    page.goto(f"/operator?token={demo.token}")
    page.click("main button[type=submit]")
    page.wait_for_url("**/studio")
    page.goto("/")
    seen = []
    for tier in ("public", "follower", "supporter", "circle", "inner"):
        page.select_option("#tier", tier)
        page.click(".operator button >> nth=0")
        named = page.locator(f"#tier option[value={tier}]").text_content()
        expect(page.locator(".tier[data-my-tier]")).to_have_text(str(named))
        seen.append(int(page.locator(".counts b").first.inner_text()))
    assert seen == sorted(seen)
    assert seen[0] < seen[-1]
    context.close()


def test_an_answer_whose_line_breaks_is_taken_up_and_nothing_of_it_is_said_twice(page: Page) -> None:
    followed = []

    def broken(route: Route) -> None:
        response = route.fetch()
        whole = response.text()
        route.fulfill(response=response, body=whole[: whole.index("event: done") + 8])

    page.add_init_script(NOTES_WHAT_IS_SAID)
    page.route("**/api/questions", broken)
    page.on("request", lambda request: followed.append(request.url) if request.url.endswith("/events") else None)
    ask_by_keyboard(page)
    said = page.evaluate("said")
    assert len(said) == len(set(said))
    assert any(QUOTE in one for one in said)
    assert len([url for url in followed if "/api/questions/" in url]) == 1


def test_an_answer_comes_in_the_response_to_its_question(page: Page) -> None:
    followed = []
    page.on("request", lambda request: followed.append(request.url))
    ask_by_keyboard(page)
    assert not [url for url in followed if "/api/questions/" in url]
