"""A fan's first minute on her phone: a teaser, a price, one press for a key, one payment, and the same question opens.

What it costs stands there before she asks, who got it is told after, and leaving takes two presses.
"""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.journeys.test_paid_questions import PHRASE
from tests.nodes import write_notes
from tests.presence.web.paying import NOTE
from tests.processes import Serving, command, serving
from tests.strict_stripe import StrictStripe
from tests.strict_stripe.webhooks import over_http

pytestmark = pytest.mark.browser

PRICES = '[acts.ask]\nprice = "0.02"\n[supporter]\nmonth = "5.00"\nyear = "48.00"\ngift = "1.00"\n[free]\nfirst = 1\n'
CHAPEL = "---\ntitle: The chapel\ntier: supporter\n---\nHeronshaw was recorded in a chapel in Rye, by candle light.\n"
QUESTION = "Where was Heronshaw recorded?"
QUOTE = "Heronshaw was recorded in a chapel in Rye, by candle light."
TEASER = "Whoever carries this gets the diaries of the recordings."
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}
WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
SMALL = """() => [...document.querySelectorAll("main button, main input:not([type=hidden]), main a.button")]
  .filter((one) => one.offsetParent && one.getBoundingClientRect().height < 43.5).map((one) => one.outerHTML)"""
SIZES = ((1280, "dark"), (360, "light"))


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Serving]:
    """A node with a price, cards, a note for all, one for supporters, and what the artist says of it."""
    home, nodes = tmp_path / "home", list[Serving]()

    def receive(payload: bytes, signature: str) -> int:
        return over_http(f"{nodes[0].address}/stripe/webhook")(payload, signature)

    with StrictStripe(receive=receive) as stripe:
        cards = {
            "PRESENCE_BILLING__STRIPE_KEY": stripe.api_key,
            "PRESENCE_BILLING__STRIPE_WEBHOOK_SECRET": stripe.webhook_secret,
            "PRESENCE_BILLING__STRIPE_URL": stripe.base_address,
        }
        (tmp_path / "prices.toml").write_text(PRICES)
        notes = write_notes(tmp_path / "notes", {"piano.md": NOTE, "chapel.md": CHAPEL})
        assert command(home, "init", "--name", "Ada Marsh", **PHRASE).returncode == 0
        with serving(home, **cards) as node:
            nodes.append(node)
            assert command(home, "import", str(notes), "--yes").returncode == 0
            assert command(home, "prices", "set", str(tmp_path / "prices.toml")).returncode == 0
            assert command(home, "tier", "terms", "supporter", "--teaser", TEASER).returncode == 0
            yield node


def looked_at(page: Page) -> None:
    """Look at a page on a desk by night, and on a phone by day."""
    for width, scheme in SIZES:
        page.set_viewport_size({"width": width, "height": 740})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        assert page.evaluate(WIDE) is False, (page.url, width)
        found = Axe().run(page, options=RULES)
        assert found.violations_count == 0, found.generate_report()
    assert page.evaluate(SMALL) == []


def ask(page: Page) -> None:
    before = page.locator("article.answer").count()
    page.fill("#question", QUESTION)
    page.click("#asking button[type=submit]")
    expect(page.locator("article.answer:not([aria-busy])")).to_have_count(before + 1, timeout=30_000)


def test_a_fans_first_minute(browser: Browser, shop: Serving) -> None:
    address = shop.address.replace("127.0.0.1", "localhost")
    context = browser.new_context(base_url=address, viewport={"width": 360, "height": 740})
    page, main = (made := context.new_page()), made.locator("main")
    begun = time.monotonic()
    page.goto("/")
    ask(page)
    expect(page.locator("article.answer").last).to_contain_text("not in my notes")

    expect(page.get_by_text(TEASER)).to_be_visible()  # the artist's own words lead to what it costs
    page.get_by_role("link", name="What opens to supporters").click()
    expect(main).to_contain_text("$5.00 a month")
    expect(main).to_contain_text("That is $4.00 a month. By card, about $1.69 of it stays")
    expect(main).to_contain_text("you stay a follower")
    assert page.get_by_role("button", name="by card").count() == 0
    expect(page.get_by_role("button", name="Make my key and go on")).to_be_visible()
    looked_at(page)

    page.get_by_role("button", name="Make my key and go on").click()  # one press, and she is known
    page.get_by_role("button", name="$5.00 a month, by card").click()
    page.wait_for_url("**/pay/**")
    pressed = time.monotonic()
    page.get_by_role("button", name="Pay 5.00 USD").click()
    page.wait_for_url("**/tiers")
    expect(main).to_contain_text("You are a supporter: $5.00 a month, renewed on")
    took, came = time.monotonic() - pressed, pressed - begun
    print(f"\nlet in {took:.2f} s after paying, which she did {came:.1f} s after coming")  # noqa: T201  # for a person
    expect(page.locator(".tiers .here")).to_contain_text("supporters")
    expect(page.locator("#offer-saving")).to_have_count(1)
    looked_at(page)

    page.get_by_role("link", name="Ask something").click()  # the price is there first; the same question opens
    expect(page.locator("#price")).to_contain_text("Free")
    page.wait_for_load_state()
    ask(page)
    expect(page.locator("article.answer").last).to_contain_text(QUOTE)
    expect(page.locator("#price")).to_contain_text("$0.02")
    page.fill("#question", "By which light was Heronshaw recorded?")
    page.click("#asking button[type=submit]")
    paid = page.locator("article.answer").last.locator(".paid")
    expect(paid).to_contain_text("Paid $0.02", timeout=30_000)

    paid.locator("a").click()  # who got what
    expect(page.locator("h1")).to_have_text("Paid $0.02")
    expect(page.locator("table.sums tr", has_text="Ada Marsh")).to_contain_text("$0.02")
    looked_at(page)
    for path in ("/wallet", "/pricing", "/tip"):
        page.goto(path)
        looked_at(page)

    page.get_by_role("link", name="What opens to whom").click()  # and out again, in two presses
    page.get_by_role("button", name="End it on").click()
    expect(main).to_contain_text("Your subscription ends on")
    looked_at(page)
    context.close()
