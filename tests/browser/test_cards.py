"""Cards in a real browser, on a phone, with and without scripts: out to the payment page, and back with the money."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.journeys.test_paid_questions import PHRASE, signed_in
from tests.presence.web.paying import ANN
from tests.processes import Serving, command, serving
from tests.strict_stripe import Manners, StrictStripe

pytestmark = pytest.mark.browser

PRICES = '[acts.ask]\nprice = "0.02"\n[supporter]\nmonth = "5.00"\nyear = "48.00"\ngift = "1.00"\n'
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}
WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Serving]:
    home = tmp_path / "home"
    with StrictStripe(manners=Manners(held=True)) as server:
        stripe = {
            "PRESENCE_BILLING__STRIPE_KEY": server.api_key,
            "PRESENCE_BILLING__STRIPE_WEBHOOK_SECRET": server.webhook_secret,
            "PRESENCE_BILLING__STRIPE_URL": server.base_address,
        }
        assert command(home, "init", "--name", "Ada Marsh", **PHRASE).returncode == 0
        prices = tmp_path / "prices.toml"
        prices.write_text(PRICES)
        with serving(home, **stripe) as node:
            assert command(home, "prices", "set", str(prices)).returncode == 0
            yield node


@pytest.mark.parametrize("scripts", [True, False])
def test_paying_in_and_becoming_a_supporter(browser: Browser, shop: Serving, scripts: bool) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=scripts)
    with contextlib.closing(signed_in(shop, ANN)) as client:
        cookies = [{"name": name, "value": value, "url": shop.address} for name, value in client.cookies.items()]
    context.add_cookies(cookies)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{shop.address}/wallet")
    page.get_by_label("How much").fill("10.00")
    page.get_by_role("button", name="Pay in", exact=True).click()
    page.wait_for_url("**/pay/**")
    page.get_by_role("button", name="Pay 10.00 USD").click()
    page.wait_for_url(f"{shop.address}/wallet")
    expect(page.get_by_text("Of $10.00 the card processor took $0.59.")).to_be_visible()
    expect(page.get_by_text("+$10.00")).to_be_visible()
    looks_right(page, scripts=scripts)
    page.goto(f"{shop.address}/tiers")
    page.get_by_role("button", name="… from my wallet").first.click()
    expect(page.get_by_text("You are a supporter: $5.00 a month")).to_be_visible()
    expect(page.get_by_text("you are here")).to_be_visible()
    page.get_by_role("button", name="End it on").click()
    expect(page.get_by_text("Your subscription ends on")).to_be_visible()
    looks_right(page, scripts=scripts)
    context.close()


def looks_right(page: Page, *, scripts: bool) -> None:
    if scripts:
        assert Axe().run(page, options=RULES).violations_count == 0
        assert not page.evaluate(WIDE)
