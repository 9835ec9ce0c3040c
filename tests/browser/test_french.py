"""The room in French: it fits a phone, axe finds nothing, and what scripts write is French, too."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser.sounding import Sounding, sounding
from tests.browser.test_accessible import PHONE, RULES, WIDE
from tests.mailing import mailroom

pytestmark = pytest.mark.browser

PAGES = ("/", "/tiers", "/wallet", "/key")


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sounding]:
    with mailroom() as room, sounding(Path(tmp_path_factory.mktemp("french")), room) as opened:
        yield opened


@pytest.fixture
def reader(browser: Browser, node: Sounding) -> Iterator[BrowserContext]:
    how = {"viewport": PHONE, "base_url": node.address, "reduced_motion": "reduce", "locale": "fr-FR"}
    with browser.new_context(**how) as context:  # type: ignore[arg-type]
        yield context


@pytest.mark.parametrize("path", PAGES)
def test_a_page_in_french_fits_a_phone_and_can_be_read_by_everybody(reader: BrowserContext, path: str) -> None:
    page = reader.new_page()
    page.goto(path)
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    assert not page.evaluate(WIDE)
    found = Axe().run(page, options=RULES).response["violations"]
    assert not [(one["id"], one["nodes"][0]["html"]) for one in found]
    page.close()


def test_what_scripts_write_is_in_the_language_of_the_page(reader: BrowserContext) -> None:
    page = reader.new_page()
    page.goto("/key")
    page.get_by_role("button", name="créer ma clé").click()
    expect(page.locator("#saved")).to_contain_text("Elle n’est que sur cet appareil.")
    expect(page.locator("#open-tier")).to_contain_text("ouvert à tous")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#saved")).to_contain_text("It is on this device only.")
    page.close()
