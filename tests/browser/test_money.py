"""Paying in a real browser, on a phone: practice credit, a price that is agreed to, a receipt that holds offline."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.keys import make_key
from tests.presence.processes.waiting import until
from tests.processes import Serving, command, serving, told

pytestmark = pytest.mark.browser

QUESTION = "Where was the bass of Low Tide Ledger recorded?"
WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(tmp_path_factory.mktemp("money")) / "home"


@pytest.fixture(scope="module")
def node(home: Path) -> Iterator[Serving]:
    many = {f"PRESENCE_LIMITS__{what}_PER_MINUTE": "10000" for what in ("SIGN_INS", "DOCUMENTS", "QUESTIONS")}
    with serving(home, verb="demo", PRESENCE_BILLING__PUBLISH_SECONDS="0.5", **many) as opened:
        yield opened


def opened(browser: Browser, node: Serving, **settings: Any) -> BrowserContext:
    chosen = {"viewport": {"width": 360, "height": 740}, "reduced_motion": "reduce"} | settings
    return browser.new_context(base_url=node.address.replace("127.0.0.1", "localhost"), **chosen)


@pytest.fixture(params=["light", "dark"])
def page(request: pytest.FixtureRequest, browser: Browser, node: Serving) -> Iterator[Page]:
    """A phone's page; 402 is an answer here, everything else that a script or the network says is an error."""
    context = opened(browser, node, color_scheme=request.param)
    made = context.new_page()
    errors: list[str] = []
    made.on("pageerror", lambda error: errors.append(str(error)))
    made.on(
        "console", lambda told: errors.append(told.text) if told.type == "error" and "402" not in told.text else None
    )
    yield made
    context.close()
    assert [error for error in errors if "402" not in error] == []


def ask(page: Page) -> None:
    before = page.locator("article.answer").count()
    page.fill("#question", QUESTION)
    with page.expect_response("**/pricing/mine"):
        page.click("#asking button[type=submit]")
        expect(page.locator("article.answer:not([aria-busy])")).to_have_count(before + 1, timeout=30_000)


def stands_in_the_log(page: Page) -> bool:
    """Look at a receipt again."""
    page.reload()
    return page.get_by_text("It stands in the public log").is_visible()


def looked_at(page: Page) -> None:
    assert page.evaluate(WIDE) is False
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()


def test_a_fan_practices_pays_and_keeps_her_receipt(page: Page, home: Path, tmp_path: Path) -> None:
    code = make_key(page)
    page.goto("/wallet")
    looked_at(page)
    page.get_by_role("button", name="Practice credit").click()
    expect(page.locator(".amounts dd").first).to_have_text("$5.00")
    page.goto("/")
    for _ in range(3):
        expect(page.locator("#price")).to_contain_text("Free")
        ask(page)
    expect(page.locator("#price")).to_contain_text("$0.02")
    ask(page)
    paid = page.locator("article.answer").last.locator(".paid")
    expect(paid).to_contain_text("all of it had been given to you")
    looked_at(page)
    paid.locator("a").click()
    expect(page.locator("h1")).to_have_text("Paid $0.02")
    until(lambda: stands_in_the_log(page), seconds_max=30)
    page.locator("summary").click()
    looked_at(page)
    with page.expect_download() as kept:
        page.get_by_role("link", name="Keep my copy").click()
    kept.value.save_as(tmp_path / "receipt.json")
    key = page.locator("details code").inner_text().split("--key ")[1].strip()
    done = command(home, "receipt", "verify", str(tmp_path / "receipt.json"), "--key", key, "--json")
    assert told(done)[0]["micros"] == 20_000
    page.goto("/wallet")
    expect(page.locator(".amounts dd").first).to_have_text("$4.98")
    looked_at(page)
    page.goto("/pricing")
    looked_at(page)
    assert code in command(home, "receipt", "list").stdout
    assert command(home, "ledger", "verify").returncode == 0


def test_who_has_nothing_is_led_to_the_wallet(page: Page) -> None:
    make_key(page)
    page.goto("/")
    for _ in range(4):
        ask(page)
    refused = page.locator("article.answer").last
    expect(refused).to_contain_text("nothing in your wallet yet")
    expect(page.locator("#question")).to_have_value(QUESTION)
    looked_at(page)
    refused.get_by_role("link", name="My wallet").click()
    expect(page.locator("h1")).to_have_text("My wallet")


def test_her_own_limit_is_kept_and_holds(page: Page) -> None:
    make_key(page)
    page.goto("/wallet")
    page.fill("#day", "0.50")
    with page.expect_navigation():
        page.get_by_role("button", name="Keep these limits").click()
    expect(page.locator("#day")).to_have_value("0.50")


def ask_plainly(page: Page, question: str) -> None:
    page.goto("/")
    page.fill("#question", question)
    page.click("#asking button[type=submit]")


def test_prices_and_a_collaborators_link_are_pages_without_scripts(browser: Browser, node: Serving, home: Path) -> None:
    (made,) = told(command(home, "split", "add", "Zeno Obuya", "--json"))
    command(home, "split", "propose", "node", "artist=75", "Zeno Obuya=25")
    context = opened(browser, node, java_script_enabled=False)
    page = context.new_page()
    page.goto("/pricing")
    expect(page.locator("main")).to_contain_text("The first 3 answers of whoever is new")
    page.goto(made["link"].replace("127.0.0.1", "localhost"))
    page.get_by_role("button", name="I agree").click()
    expect(page.locator("main")).to_contain_text("This is how it is divided now")
    command(home, "split", "end", "node")
    for again in ("", "Please: ", "Once more: "):  # the very same words would be free
        ask_plainly(page, f"{again}{QUESTION}")
        expect(page.locator("article.answer")).to_be_visible()
    ask_plainly(page, f"Now: {QUESTION}")
    expect(page.locator("main")).to_contain_text("nothing in your wallet yet")
    expect(page.locator("main")).to_contain_text("It may cost")
    context.close()
